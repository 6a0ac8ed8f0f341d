internal import SpatzGenerated

/// A conversation with any chat model of the Llama family.
///
/// It gives one answer at a time: asking while it ``isResponding`` throws ``SpatzError/sessionBusy(_:)``.
///
/// ```swift
/// let session = try await Session(model: model, instructions: "Answer in one sentence.")
/// for try await snapshot in session.streamResponse(to: "Why is the sky blue?") {
///     label.text = snapshot.content
/// }
/// ```
public final class Session: Sendable {
    private let lane = Lane("session")
    private let ffi: RustSession
    private let answering = Locked(false)

    /// A conversation on `model`; `instructions` is its system message.
    public init(model: Model, instructions: String? = nil) async throws {
        ffi = try await lane.call { [ffi = model.ffi] _ in try RustSession(model: ffi, instructions: instructions) }
    }

    /// Whether an answer is being generated.
    public var isResponding: Bool {
        answering.get()
    }

    /// Answers `prompt` as the next turn of the conversation.
    ///
    /// - Throws: ``SpatzError/modelUnsupported(_:)`` if the model is not made for chat,
    ///   ``SpatzError/contextTooLong(_:)``, ``SpatzError/sessionBusy(_:)``.
    public func respond(to prompt: String, options: GenerateOptions = GenerateOptions()) async throws -> Response {
        try await streamResponse(to: prompt, options: options).collect()
    }

    /// The answer to `prompt` as it grows. It starts when it is first asked for a snapshot and stops when nobody asks
    /// any more; what was seen by then is what the conversation remembers.
    public func streamResponse(to prompt: String, options: GenerateOptions = GenerateOptions()) -> ResponseStream {
        stream { [ffi] in try ffi.respond(prompt: prompt, options: options.ffi) }
    }

    /// Continues `text` as it stands, outside the conversation.
    public func complete(_ text: String, options: GenerateOptions = GenerateOptions()) async throws -> Response {
        try await streamCompletion(of: text, options: options).collect()
    }

    /// The continuation of `text` as it grows; see ``streamResponse(to:options:)``.
    public func streamCompletion(of text: String, options: GenerateOptions = GenerateOptions()) -> ResponseStream {
        stream { [ffi] in try ffi.complete(text: text, options: options.ffi) }
    }

    /// Ends a running answer with ``SpatzError/closed(_:)`` and frees the memory. Returns at once; again does nothing.
    public func close() {
        try? ffi.release()
    }

    private func stream(_ start: @escaping @Sendable () throws -> RustGeneration) -> ResponseStream {
        ResponseStream(answer: { Answer(on: self.lane, answering: self.answering, start: start) })
    }
}

/// An answer as it grows: a sequence of snapshots, each holding all the text so far.
public struct ResponseStream: AsyncSequence, Sendable {
    /// The text so far.
    public struct Snapshot: Equatable, Sendable {
        /// All of it.
        public let content: String
        /// What has come since the last snapshot.
        public let delta: String
    }

    let answer: @Sendable () -> Answer

    public func makeAsyncIterator() -> Iterator {
        Iterator(answer: answer())
    }

    /// The whole answer.
    public func collect() async throws -> Response {
        let iterator = makeAsyncIterator()
        var content = ""
        while let snapshot = try await iterator.next() {
            content = snapshot.content
        }
        return Response(content: content, finishReason: iterator.answer.finishReason.get())
    }

    /// Pulls the answer piece by piece; letting go of it stops the answer.
    public struct Iterator: AsyncIteratorProtocol {
        let answer: Answer

        public func next() async throws -> Snapshot? {
            try await answer.next()
        }
    }
}

/// A finished answer.
public struct Response: Equatable, Sendable {
    /// The text.
    public let content: String
    /// Why it ended.
    public let finishReason: FinishReason?
}

/// Why an answer ended.
public enum FinishReason: Equatable, Sendable {
    /// The model ended its turn.
    case endOfTurn
    /// A stop string was reached.
    case stopString
    /// `maxTokens` were generated.
    case maxTokens
    /// The context is full.
    case contextFull
}

/// An answer being pulled. Its `deinit` frees the session for the next question, however the pulling ended.
final class Answer: Sendable {
    private enum State {
        case idle
        case running(RustGeneration, content: String)
        case ended
    }

    let finishReason = Locked<FinishReason?>(nil)
    private let lane: Lane
    private let answering: Locked<Bool>
    private let start: @Sendable () throws -> RustGeneration
    private let state = Locked(State.idle)

    init(on lane: Lane, answering: Locked<Bool>, start: @escaping @Sendable () throws -> RustGeneration) {
        self.lane = lane
        self.answering = answering
        self.start = start
    }

    deinit {
        end()
    }

    func next() async throws -> ResponseStream.Snapshot? {
        do {
            guard let (generation, before) = try await running() else { return nil }
            guard let delta = try await lane.call({ try generation.next(cancel: $0) }) else {
                finishReason.exchange(try generation.finishReason().map(FinishReason.init))
                end()
                return nil
            }
            let content = before + delta
            state.exchange(.running(generation, content: content))
            return ResponseStream.Snapshot(content: content, delta: delta)
        } catch {
            end()
            throw error
        }
    }

    /// The generation, begun if need be, and what it has said; `nil` once it has ended.
    private func running() async throws -> (RustGeneration, String)? {
        switch state.get() {
        case .ended: return nil
        case .running(let generation, let content): return (generation, content)
        case .idle:
            let generation = try await lane.call { [start] _ in try start() }
            state.exchange(.running(generation, content: ""))
            answering.exchange(true)
            return (generation, "")
        }
    }

    private func end() {
        guard case .running(let generation, _) = state.exchange(.ended) else { return }
        try? generation.release()
        answering.exchange(false)
    }
}

/// How tokens are drawn and when to stop.
public struct GenerateOptions: Equatable, Sendable {
    /// 0 always takes the likeliest token.
    public var temperature: Float
    /// Keep the k likeliest tokens; 0 keeps all.
    public var topK: Int
    /// Keep the likeliest tokens that together reach this probability; 1 keeps all.
    public var topP: Float
    /// Keep tokens at least this many times as likely as the likeliest; 0 keeps all.
    public var minP: Float
    /// How much a token that was just used loses; 1 is off.
    public var repetitionPenalty: Float
    /// How many tokens "just used" means.
    public var repetitionWindow: Int
    /// Same seed, same text.
    public var seed: UInt64
    /// The text ends before one of these would appear.
    public var stop: [String]
    /// Tokens to generate at most.
    public var maxTokens: Int

    /// Options with every value at its default unless given.
    public init(
        temperature: Float = 0.7, topK: Int = 40, topP: Float = 0.95, minP: Float = 0.05,
        repetitionPenalty: Float = 1, repetitionWindow: Int = 64, seed: UInt64 = 0, stop: [String] = [],
        maxTokens: Int = 512
    ) {
        (self.temperature, self.topK, self.topP, self.minP) = (temperature, topK, topP, minP)
        (self.repetitionPenalty, self.repetitionWindow) = (repetitionPenalty, repetitionWindow)
        (self.seed, self.stop, self.maxTokens) = (seed, stop, maxTokens)
    }
}
