import Foundation
internal import SpatzGenerated

/// Suggests words to a keyboard: the next one, or the rest of the one being typed; and mends typing errors. One per
/// keyboard.
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
    /// - Parameter deadline: How long to wait for the model. If it takes longer, the answer comes from word list, n-gram and
    ///   personal words alone, and ``Suggestions/isEarly`` says so: ask again without a deadline for the whole answer. With
    ///   zero the model is not asked; without a deadline it is waited for.
    /// - Throws: ``SpatzError/closed(_:)`` after ``close()``.
    public func suggest(_ input: TextInput, deadline: Duration? = nil) async throws -> Suggestions {
        let late = deadline.map { _ in RustCancelToken() }
        if let deadline, deadline <= .zero { late?.cancel() }
        let timer = deadline.map { time in Task { try await Task.sleep(for: time); late?.cancel() } }
        defer { timer?.cancel() }
        return try await lane.callNewest { [ffi] token in
            Suggestions(try ffi.suggest(input: input.ffi, deadline: late, cancel: token))
        }
    }

    /// How the text probably goes on, to show as grey text behind the cursor: one to five words; `nil` if nothing is sure
    /// enough. Ask for it when ``suggest(_:deadline:)`` has answered, with the same input: it supersedes as that does, and
    /// what was found there is not computed again. The input's limit and touches are not looked at.
    ///
    /// - Throws: ``SpatzError/closed(_:)`` after ``close()``.
    public func phrase(_ input: TextInput) async throws -> Phrase? {
        try await lane.callNewest { [ffi] token in try ffi.phrase(input: input.ffi, cancel: token).map(Phrase.init) }
    }

    /// What the composing text may have been meant to be, as a word that ends here: for the word under the cursor, or one
    /// that a spell checker underlines. Candidates are replacements only; the letters as typed are not among them.
    ///
    /// - Throws: ``SpatzError/closed(_:)`` after ``close()``.
    public func correct(_ input: TextInput) async throws -> Suggestions {
        try await lane.call { [ffi] token in Suggestions(try ffi.correct(input: input.ffi, cancel: token)) }
    }

    /// The person took a ``Suggestions/autocorrection`` of `typed` back: it is kept as a word of theirs and not replaced
    /// again. Returns at once, and later calls know it; saved, if a folder is attached, soon after.
    public func reject(_ typed: String, at time: Date = Date()) {
        // On the keystrokes' lane, so that the next one knows it; the disk is waited for on the other.
        lane.post { [ffi, learned] in
            try? ffi.reject(typed: typed, at: time.seconds)
            learned.save()
        }
    }

    /// Where the keys are, from now on; again whenever the layout changes. Without, or with none, the usual keys of the
    /// languages count as neighbours.
    ///
    /// - Throws: ``SpatzError/invalidInput(_:)`` if a place or size is no number, or a key has no size.
    public func setKeys(_ keys: [Key]) async throws {
        try await lane.call { [ffi] _ in try ffi.setKeys(keys: keys.map(\.ffi)) }
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
    /// How many emoji to offer at most, behind the words and beyond the input's limit.
    public var emoji: Int

    /// Options with every value at its default unless given.
    public init(languages: [String] = ["en", "de"], contextTokens: Int = 64, emoji: Int = 0) {
        (self.languages, self.contextTokens, self.emoji) = (languages, contextTokens, emoji)
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
    /// Where each letter of `composing` was tapped, in the unit of the keys; of any other length they are not looked at.
    public var touches: [Touch]

    /// An input; `limit` is three, the width of a suggestion strip, unless given.
    public init(context: String, composing: String = "", limit: Int = 3, touches: [Touch] = []) {
        (self.context, self.composing, self.limit, self.touches) = (context, composing, limit, touches)
    }
}

/// Where a key was tapped, in the unit of the keys' places.
public struct Touch: Equatable, Sendable {
    /// To the right.
    public var x: Float
    /// Down.
    public var y: Float

    /// A tap.
    public init(x: Float, y: Float) {
        (self.x, self.y) = (x, y)
    }
}

/// A key of the layout, in any unit.
public struct Key: Equatable, Sendable {
    /// What it types.
    public var letters: String
    /// Its centre, to the right.
    public var x: Float
    /// Its centre, down.
    public var y: Float
    /// From its left neighbour's centre to its own, or as wide as it looks.
    public var width: Float
    /// From one row to the next.
    public var height: Float

    /// A key.
    public init(letters: String, x: Float, y: Float, width: Float, height: Float) {
        (self.letters, self.x, self.y, self.width, self.height) = (letters, x, y, width, height)
    }
}

/// What to show in the suggestion strip.
public struct Suggestions: Equatable, Sendable {
    /// Best first, no duplicates.
    public let candidates: [Candidate]
    /// Whether the composing text is a word as it stands.
    public let typedIsKnown: Bool
    /// What to put in place of the composing text if the word ends here and nobody chose; `nil` where that is not safe. The
    /// strip should show it, and the letters as typed beside it.
    public let autocorrection: Candidate?
    /// Whether the deadline came before the model had its say.
    public let isEarly: Bool
}

/// How the text probably goes on.
public struct Phrase: Equatable, Sendable {
    /// Whole words, without a trailing space; the first takes the place of the composing text.
    public let text: String
    /// What of `text` comes after the letters typed: to show behind the cursor.
    public let rest: String
    /// Natural logarithm of the probability of the first word, of the first two, and so on.
    public let scores: [Float]
}

/// A suggested word.
public struct Candidate: Equatable, Sendable {
    /// The whole word, without a trailing space.
    public let text: String
    /// Natural logarithm of its probability; 0 for what was not weighed: expansions and emoji.
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
    /// What the letters typed were meant to be: they have an error.
    case correction
    /// The next word; nothing of it is typed yet.
    case prediction
    /// What the letters typed stand for: a shortcut, see ``TextPredictor/setSupplementary(_:)``.
    case expansion
    /// An emoji for the word typed, in its place; or for the one before the cursor, behind it.
    case emoji
}
