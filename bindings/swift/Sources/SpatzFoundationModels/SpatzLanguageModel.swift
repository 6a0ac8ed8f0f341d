// A module of version 1 (iOS 26) has no protocols for models of others: `@available` cannot tell, `_version` can.
#if canImport(FoundationModels, _version: 2)
    import Foundation
    import FoundationModels
    import Spatz

    /// A chat model in Spatz's package behind Apple's own `LanguageModelSession`.
    ///
    /// ```swift
    /// let session = LanguageModelSession(model: SpatzLanguageModel(package: url))
    /// let answer = try await session.respond(to: "Why is the sky blue?")
    /// ```
    ///
    /// It answers in text. It declares no capability, so that the framework refuses tools, guided generation and images before
    /// they come here.
    ///
    /// - Important: Written after the published protocols of iOS 27 (WWDC26, session 339) on a machine without Apple's SDK. It
    ///   has been type-checked against stand-ins for them, but **never compiled against the SDK nor run**. Please report
    ///   what your Xcode says.
    @available(iOS 27.0, macOS 27.0, visionOS 27.0, *)
    public struct SpatzLanguageModel: FoundationModels.LanguageModel {
        /// The package's file.
        public let package: URL

        /// A model from the chat model at `package`, which is opened with the first question.
        public init(package: URL) {
            self.package = package
        }

        public var capabilities: LanguageModelCapabilities {
            LanguageModelCapabilities([])
        }

        /// The framework keeps one executor for each configuration and session.
        public var executorConfiguration: Executor.Configuration {
            Executor.Configuration(package: package)
        }

        /// Answers with Spatz's `Session`.
        public struct Executor: LanguageModelExecutor {
            public typealias Model = SpatzLanguageModel

            /// What executors are told apart by.
            public struct Configuration: Hashable, Sendable {
                let package: URL
            }

            private let conversation: RunningConversation

            public init(configuration: Configuration) throws {
                conversation = RunningConversation(package: configuration.package)
            }

            public func respond(
                to request: LanguageModelExecutorGenerationRequest,
                model: SpatzLanguageModel,
                streamingInto channel: LanguageModelExecutorGenerationChannel
            ) async throws {
                let (before, prompt) = try Turns.of(request.transcript)
                let session = try await conversation.session(after: before)
                var options = GenerateOptions()
                options.temperature = request.generationOptions.temperature.map { Float($0) } ?? options.temperature
                options.maxTokens = request.generationOptions.maximumResponseTokens ?? options.maxTokens
                if request.generationOptions.samplingMode == .greedy { options.temperature = 0 }

                let entryID = UUID().uuidString
                var content = ""
                for try await snapshot in session.streamResponse(to: prompt, options: options) {
                    content = snapshot.content
                    await channel.send(
                        .response(entryID: entryID, action: .appendText(snapshot.delta, tokenCount: 1)))
                }
                await conversation.said(prompt, answer: content, after: before)
            }
        }
    }

    /// A transcript as far as a text model can follow it.
    @available(iOS 27.0, macOS 27.0, visionOS 27.0, *)
    private struct Turns: Equatable, Sendable {
        var instructions: String?
        var said: [String] = []

        /// What was said before the last prompt, and that prompt.
        static func of(_ transcript: Transcript) throws -> (before: Turns, prompt: String) {
            var turns = Turns()
            for entry in transcript {
                switch entry {
                case .instructions(let instructions): turns.instructions = try text(instructions.segments, of: entry)
                case .prompt(let prompt): turns.said.append(try text(prompt.segments, of: entry))
                case .response(let response): turns.said.append(try text(response.segments, of: entry))
                default: throw unsupported(entry, "It holds what is not text.")
                }
            }
            let prompt = turns.said.popLast() ?? ""
            return (turns, prompt)
        }

        private static func text(_ segments: [Transcript.Segment], of entry: Transcript.Entry) throws -> String {
            try segments.map {
                guard case .text(let segment) = $0 else { throw unsupported(entry, "A segment is not text.") }
                return segment.content
            }.joined(separator: "\n")
        }

        static func unsupported(_ entry: Transcript.Entry?, _ reason: String) -> LanguageModelError {
            .unsupportedTranscriptContent(
                .init(unsupportedContent: entry.map { [$0] } ?? [], debugDescription: reason))
        }
    }

    /// Spatz's session and what was said in it. The engine keeps a conversation in its cache, so that a turn costs only what
    /// is new; a transcript that begins otherwise cannot be given to it.
    @available(iOS 27.0, macOS 27.0, visionOS 27.0, *)
    private actor RunningConversation {
        private let package: URL
        private var session: Session?
        private var turns = Turns()

        init(package: URL) {
            self.package = package
        }

        /// The session in which `before` was said, or a new one.
        func session(after before: Turns) async throws -> Session {
            if let session, before == turns { return session }
            guard before.said.isEmpty else {
                throw Turns.unsupported(nil, "This model continues only conversations that it has held itself.")
            }
            session?.close()
            let model = try await Model.open(package)
            defer { model.close() }
            let new = try await Session(model: model, instructions: before.instructions)
            session = new
            turns = before
            return new
        }

        func said(_ prompt: String, answer: String, after before: Turns) {
            turns = before
            turns.said += [prompt, answer]
        }
    }
#endif
