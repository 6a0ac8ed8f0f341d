package dev.spatz

import dev.spatz.ffi.RustCandidateKind
import dev.spatz.ffi.RustFinishReason
import dev.spatz.ffi.RustGenerateOptions
import dev.spatz.ffi.RustModelInfo
import dev.spatz.ffi.RustPredictorOptions
import dev.spatz.ffi.RustSuggestions
import dev.spatz.ffi.RustTextInput

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
        RustCandidateKind.EXPANSION -> CandidateKind.EXPANSION
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
