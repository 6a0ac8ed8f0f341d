internal import SpatzGenerated

extension ModelInfo {
    init(_ info: RustModelInfo) {
        name = info.name
        architecture = info.architecture
        license = info.license
        languages = info.languages
        parameters = Int(clamping: info.parameters)
        fileBytes = Int(clamping: info.fileBytes)
        formatVersion = info.formatVersion.map(Int.init)
        sections = info.sections
    }
}

extension PredictorOptions {
    var ffi: RustPredictorOptions {
        RustPredictorOptions(
            languages: languages, contextTokens: UInt32(clamping: contextTokens), emoji: UInt32(clamping: emoji))
    }
}

extension TextInput {
    var ffi: RustTextInput {
        RustTextInput(
            context: context, composing: composing, limit: UInt32(clamping: limit),
            touches: touches.map { RustTouch(x: $0.x, y: $0.y) })
    }
}

extension Key {
    var ffi: RustKey {
        RustKey(letters: letters, x: x, y: y, width: width, height: height)
    }
}

extension Suggestions {
    init(_ suggestions: RustSuggestions) {
        candidates = suggestions.candidates.map(Candidate.init)
        typedIsKnown = suggestions.typedIsKnown
        autocorrection = suggestions.autocorrection.map(Candidate.init)
        isEarly = suggestions.isEarly
    }
}

extension Phrase {
    init(_ phrase: RustPhrase) {
        (text, rest, scores) = (phrase.text, phrase.rest, phrase.scores)
    }
}

extension Candidate {
    init(_ candidate: RustCandidate) {
        (text, score, kind) = (candidate.text, candidate.score, CandidateKind(candidate.kind))
    }
}

extension CandidateKind {
    init(_ kind: RustCandidateKind) {
        self =
            switch kind {
            case .typed: .typed
            case .completion: .completion
            case .correction: .correction
            case .prediction: .prediction
            case .expansion: .expansion
            case .emoji: .emoji
            }
    }
}

extension GenerateOptions {
    var ffi: RustGenerateOptions {
        RustGenerateOptions(
            temperature: temperature, topK: UInt32(clamping: topK), topP: topP, minP: minP,
            repetitionPenalty: repetitionPenalty, repetitionWindow: UInt32(clamping: repetitionWindow), seed: seed,
            stop: stop, maxTokens: UInt32(clamping: maxTokens))
    }
}

extension FinishReason {
    init(_ reason: RustFinishReason) {
        self =
            switch reason {
            case .endOfTurn: .endOfTurn
            case .stopString: .stopString
            case .maxTokens: .maxTokens
            case .contextFull: .contextFull
            }
    }
}
