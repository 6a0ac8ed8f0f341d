import Foundation
internal import SpatzGenerated

/// Suggests words to a keyboard: the next one, or the rest of the one being typed. One per keyboard.
///
/// ```swift
/// let keyboard = try await TextPredictor(model: model)
/// let strip = try await keyboard.suggest(TextInput(context: "Wir sehen uns ", composing: "mor"))
/// print(strip.candidates.map(\.text))
/// ```
public final class TextPredictor: Sendable {
    /// What was learned: attach a folder to keep it in, list, forget, export, erase.
    public let learned: LearnedWords
    private let lane = Lane("predict")
    private let ffi: RustTextPredictor

    /// A predictor on `model`.
    ///
    /// - Throws: ``SpatzError/modelUnsupported(_:)`` if the package is not made for prediction.
    public init(model: Model, options: PredictorOptions = PredictorOptions()) async throws {
        ffi = try await lane.call { [ffi = model.ffi] _ in try RustTextPredictor(model: ffi, options: options.ffi) }
        learned = LearnedWords(ffi)
    }

    /// Candidates for the suggestion strip. The newest keystroke wins: a call that is still waiting or running when the
    /// next one comes throws `CancellationError`.
    ///
    /// - Throws: ``SpatzError/closed(_:)`` after ``close()``.
    public func suggest(_ input: TextInput) async throws -> Suggestions {
        try await lane.callNewest { [ffi] token in Suggestions(try ffi.suggest(input: input.ffi, cancel: token)) }
    }

    /// Suggestions for each of `inputs`, leaving out those that a newer input overtakes.
    public func suggestions<Inputs: AsyncSequence & Sendable>(
        for inputs: Inputs
    ) -> AsyncThrowingStream<Suggestions, any Error> where Inputs.Element == TextInput {
        AsyncThrowingStream { continuation in
            let current = Locked<Task<Void, Never>?>(nil)
            let reader = Task {
                do {
                    for try await input in inputs {
                        // Waiting for the overtaken call, which stops within a layer, keeps the order.
                        let overtaken = current.exchange(nil)
                        overtaken?.cancel()
                        await overtaken?.value
                        current.exchange(
                            Task {
                                do {
                                    continuation.yield(try await self.suggest(input))
                                } catch is CancellationError {
                                    return
                                } catch {
                                    continuation.finish(throwing: error)
                                }
                            })
                    }
                    await current.get()?.value
                    continuation.finish()
                } catch {
                    continuation.finish(throwing: error)
                }
            }
            continuation.onTermination = { _ in
                reader.cancel()
                current.get()?.cancel()
            }
        }
    }

    /// Learns from a message that was sent; from a field other than ``Field/message``, nothing. Its words and which
    /// followed which are counted; its text is kept nowhere. It is on the disk when this returns, if a folder is
    /// attached (``LearnedWords/attach(_:)``).
    ///
    /// - Throws: ``SpatzError/storage(_:)`` if it cannot be saved: then it is learned, and saved with the next change.
    public func learn(_ message: String, field: Field = .message, at time: Date = Date()) async throws {
        try await learned.learn(message, field: field, at: time)
    }

    /// Puts `words` in the place of the words of the address book and the shortcuts, which are never saved.
    public func setSupplementary(_ words: [SupplementaryWord]) async throws {
        try await lane.call { [ffi] _ in try ffi.setSupplementary(words: words.map(\.ffi)) }
    }

    /// Gives memory back that can be rebuilt. Returns at once. Call it when the keyboard disappears: iOS ends
    /// extensions that were suspended with much memory.
    public func trim() {
        lane.post { [ffi] in try? ffi.trim() }
    }

    /// Bytes of memory held at the moment, the mapped package not counted.
    public func residentBytes() async throws -> Int {
        try await lane.call { [ffi] _ in Int(try ffi.residentBytes()) }
    }

    /// Ends running calls with ``SpatzError/closed(_:)`` and frees the memory. Returns at once; again does nothing.
    public func close() {
        try? ffi.release()
    }
}

/// How a ``TextPredictor`` works.
public struct PredictorOptions: Equatable, Sendable {
    /// Languages to suggest words of (ISO 639-1), a subset of the package's.
    public var languages: [String]
    /// How much context the model looks at, in tokens (about 4 letters each).
    public var contextTokens: Int

    /// Options with every value at its default unless given.
    public init(languages: [String] = ["en", "de"], contextTokens: Int = 64) {
        self.languages = languages
        self.contextTokens = contextTokens
    }
}

/// What a keyboard knows at a keystroke.
public struct TextInput: Equatable, Sendable {
    /// The text before the word being typed, as it stands; ends with the separator.
    public var context: String
    /// The letters of the word being typed; empty between words.
    public var composing: String
    /// How many candidates to return at most.
    public var limit: Int

    /// An input; `limit` is three, the width of a suggestion strip, unless given.
    public init(context: String, composing: String = "", limit: Int = 3) {
        self.context = context
        self.composing = composing
        self.limit = limit
    }
}

/// What to show in the suggestion strip.
public struct Suggestions: Equatable, Sendable {
    /// Best first, no duplicates.
    public let candidates: [Candidate]
    /// Whether the composing text is a word as it stands.
    public let typedIsKnown: Bool
}

/// A suggested word.
public struct Candidate: Equatable, Sendable {
    /// The whole word, without a trailing space.
    public let text: String
    /// Natural logarithm of its probability.
    public let score: Float
    /// How it came about.
    public let kind: CandidateKind
}

/// How a ``Candidate`` came about.
public enum CandidateKind: Equatable, Sendable {
    /// The letters as typed.
    case typed
    /// A word that begins with the letters typed.
    case completion
    /// The next word; nothing of it is typed yet.
    case prediction
    /// What the letters typed stand for: a shortcut, see ``TextPredictor/setSupplementary(_:)``.
    case expansion
}
