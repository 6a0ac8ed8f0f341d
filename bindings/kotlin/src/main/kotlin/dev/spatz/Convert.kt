package dev.spatz

import dev.spatz.ffi.RustCandidate
import dev.spatz.ffi.RustCandidateKind
import dev.spatz.ffi.RustFinishReason
import dev.spatz.ffi.RustGenerateOptions
import dev.spatz.ffi.RustKey
import dev.spatz.ffi.RustModelInfo
import dev.spatz.ffi.RustPhrase
import dev.spatz.ffi.RustPredictorOptions
import dev.spatz.ffi.RustSuggestions
import dev.spatz.ffi.RustTextInput
import dev.spatz.ffi.RustTouch

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

internal fun PredictorOptions.toFfi() = RustPredictorOptions(languages, contextTokens.toUInt(), emoji.toUInt())

internal fun TextInput.toFfi() =
    RustTextInput(context, composing, limit.toUInt(), touches.map { RustTouch(it.x, it.y) })

internal fun Key.toFfi() = RustKey(letters, x, y, width, height)

internal fun RustSuggestions.toPublic() =
    Suggestions(candidates.map { it.toPublic() }, typedIsKnown, autocorrection?.toPublic(), isEarly)

internal fun RustPhrase.toPublic() = Phrase(text, rest, scores)

private fun RustCandidate.toPublic() = Candidate(text, score, kind.toPublic())

private fun RustCandidateKind.toPublic() =
    when (this) {
        RustCandidateKind.TYPED -> CandidateKind.TYPED
        RustCandidateKind.COMPLETION -> CandidateKind.COMPLETION
        RustCandidateKind.CORRECTION -> CandidateKind.CORRECTION
        RustCandidateKind.PREDICTION -> CandidateKind.PREDICTION
        RustCandidateKind.EXPANSION -> CandidateKind.EXPANSION
        RustCandidateKind.EMOJI -> CandidateKind.EMOJI
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
