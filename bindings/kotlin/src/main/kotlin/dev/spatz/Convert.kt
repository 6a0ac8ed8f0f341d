package dev.spatz

import dev.spatz.ffi.RustCandidateKind
import dev.spatz.ffi.RustFinishReason
import dev.spatz.ffi.RustGenerateOptions
import dev.spatz.ffi.RustModelInfo
import dev.spatz.ffi.RustParse
import dev.spatz.ffi.RustParseContext
import dev.spatz.ffi.RustPredictorOptions
import dev.spatz.ffi.RustSlot
import dev.spatz.ffi.RustSlotValue
import dev.spatz.ffi.RustSpan
import dev.spatz.ffi.RustSuggestions
import dev.spatz.ffi.RustTextInput
import kotlin.time.Duration.Companion.seconds

internal fun RustModelInfo.toPublic() =
    ModelInfo(
        name = name,
        architecture = architecture,
        license = license,
        languages = languages,
        parameters = parameters.toLong(),
        fileBytes = fileBytes.toLong(),
        formatVersion = formatVersion?.toInt(),
        sections = sections,
    )

internal fun PredictorOptions.toFfi() = RustPredictorOptions(languages, contextTokens.toUInt())

internal fun TextInput.toFfi() = RustTextInput(context, composing, limit.toUInt())

internal fun RustSuggestions.toPublic() =
    Suggestions(candidates.map { Candidate(it.text, it.score, it.kind.toPublic()) }, typedIsKnown)

private fun RustCandidateKind.toPublic() =
    when (this) {
        RustCandidateKind.TYPED -> CandidateKind.TYPED
        RustCandidateKind.COMPLETION -> CandidateKind.COMPLETION
        RustCandidateKind.PREDICTION -> CandidateKind.PREDICTION
    }

internal fun RustParse.toPublic(utterance: String): Parse =
    when (this) {
        is RustParse.Command ->
            Parse.Command(command.intent, command.confidence, command.slots.map { it.toPublic(utterance) })
        is RustParse.NeedsValue -> {
            val slots = command.slots.map { it.toPublic(utterance) }
            Parse.NeedsValue(command.intent, command.confidence, slots, slot, prompt)
        }
        is RustParse.OutOfScope -> Parse.OutOfScope(confidence)
    }

private fun RustSlot.toPublic(utterance: String) = Slot(name, value.toPublic(), text, span?.rangeIn(utterance))

/** Rust counts code points, Kotlin UTF-16 units. */
private fun RustSpan.rangeIn(utterance: String): IntRange {
    val first = utterance.offsetByCodePoints(0, start.toInt())
    return first..<utterance.offsetByCodePoints(first, (end - start).toInt())
}

private fun RustSlotValue.toPublic(): SlotValue =
    when (this) {
        is RustSlotValue.Text -> SlotValue.Text(text)
        is RustSlotValue.Integer -> SlotValue.Integer(number)
        is RustSlotValue.Number -> SlotValue.Number(number)
        is RustSlotValue.Boolean -> SlotValue.Flag(boolean)
        is RustSlotValue.Duration -> SlotValue.Length(seconds.seconds)
    }

internal fun ParseContext.toFfi() = RustParseContext(language, facts.mapValues { it.value.toFfi() }, preferredSlot)

private fun SlotValue.toFfi(): RustSlotValue =
    when (this) {
        is SlotValue.Text -> RustSlotValue.Text(value)
        is SlotValue.Integer -> RustSlotValue.Integer(value)
        is SlotValue.Number -> RustSlotValue.Number(value)
        is SlotValue.Flag -> RustSlotValue.Boolean(value)
        is SlotValue.Length -> RustSlotValue.Duration(value.inWholeSeconds)
    }

internal fun GenerateOptions.toFfi() =
    RustGenerateOptions(
        temperature = temperature,
        topK = topK.toUInt(),
        topP = topP,
        minP = minP,
        repetitionPenalty = repetitionPenalty,
        repetitionWindow = repetitionWindow.toUInt(),
        seed = seed.toULong(),
        stop = stop,
        maxTokens = maxTokens.toUInt(),
    )

internal fun RustFinishReason.toPublic() =
    when (this) {
        RustFinishReason.END_OF_TURN -> FinishReason.END_OF_TURN
        RustFinishReason.STOP_STRING -> FinishReason.STOP_STRING
        RustFinishReason.MAX_TOKENS -> FinishReason.MAX_TOKENS
        RustFinishReason.CONTEXT_FULL -> FinishReason.CONTEXT_FULL
    }
