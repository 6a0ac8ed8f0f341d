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
        RustPredictorOptions(languages: languages, contextTokens: UInt32(clamping: contextTokens))
    }
}

extension TextInput {
    var ffi: RustTextInput {
        RustTextInput(context: context, composing: composing, limit: UInt32(clamping: limit))
    }
}

extension Suggestions {
    init(_ suggestions: RustSuggestions) {
        candidates = suggestions.candidates.map(Candidate.init)
        typedIsKnown = suggestions.typedIsKnown
    }
}

extension Candidate {
    init(_ candidate: RustCandidate) {
        text = candidate.text
        score = candidate.score
        kind = CandidateKind(candidate.kind)
    }
}

extension CandidateKind {
    init(_ kind: RustCandidateKind) {
        self =
            switch kind {
            case .typed: .typed
            case .completion: .completion
            case .prediction: .prediction
            }
    }
}

extension Parse {
    init(_ parse: RustParse, of utterance: String) {
        self =
            switch parse {
            case .command(let command): .command(Command(command, of: utterance))
            case .needsValue(let command, let slot, let prompt):
                .needsValue(Command(command, of: utterance), slot: slot, prompt: prompt)
            case .outOfScope(let confidence): .outOfScope(confidence: confidence)
            }
    }
}

extension Command {
    init(_ command: RustCommand, of utterance: String) {
        intent = command.intent
        confidence = command.confidence
        slots = command.slots.map { Slot($0, of: utterance) }
    }
}

extension Slot {
    init(_ slot: RustSlot, of utterance: String) {
        name = slot.name
        value = SlotValue(slot.value)
        text = slot.text
        range = slot.span.map { span in
            let scalars = utterance.unicodeScalars
            let start = scalars.index(scalars.startIndex, offsetBy: Int(span.start))
            return start..<scalars.index(start, offsetBy: Int(span.end - span.start))
        }
    }
}

extension SlotValue {
    init(_ value: RustSlotValue) {
        self =
            switch value {
            case .text(let text): .text(text)
            case .integer(let number): .integer(Int(clamping: number))
            case .number(let number): .number(number)
            case .boolean(let boolean): .boolean(boolean)
            case .duration(let seconds): .duration(.seconds(seconds))
            }
    }
}

extension ParseContext {
    var ffi: RustParseContext {
        RustParseContext(language: language, context: facts.mapValues(\.ffi), preferredSlot: preferredSlot)
    }
}

extension SlotValue {
    var ffi: RustSlotValue {
        switch self {
        case .text(let text): .text(text: text)
        case .integer(let number): .integer(number: Int64(number))
        case .number(let number): .number(number: number)
        case .boolean(let boolean): .boolean(boolean: boolean)
        case .duration(let duration): .duration(seconds: duration.components.seconds)
        }
    }
}

extension GenerateOptions {
    var ffi: RustGenerateOptions {
        RustGenerateOptions(
            temperature: temperature,
            topK: UInt32(clamping: topK),
            topP: topP,
            minP: minP,
            repetitionPenalty: repetitionPenalty,
            repetitionWindow: UInt32(clamping: repetitionWindow),
            seed: seed,
            stop: stop,
            maxTokens: UInt32(clamping: maxTokens)
        )
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
