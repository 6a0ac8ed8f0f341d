import Foundation
internal import SpatzGenerated

/// What a ``TextPredictor`` learned of the person who types: see it, keep and forget words, carry it to another phone.
///
/// **Learned** are words and which followed which, up to three in a row, as counts in which older messages weigh less.
/// A word that no list knows is offered once it was sent in two messages. **Not learned** are texts, numbers,
/// addresses, words with digits in them, and anything from a field other than ``Field/message``.
///
/// It lies in the folder given to ``attach(_:)`` and nowhere else. Spatz does not encrypt it; iOS does: give the folder
/// `FileProtectionType.completeUntilFirstUserAuthentication` before attaching it, and files made in it inherit that.
/// `.complete` would make the folder unreadable while the phone is locked. Use the extension's own container: it is
/// writable without Full Access, while an App Group's is not, and iOS ends an extension that is suspended with a lock
/// on a shared file. `URLResourceValues.isExcludedFromBackup` keeps it off iCloud.
///
/// ```swift
/// try await keyboard.learned.attach(URL.applicationSupportDirectory.appending(path: "learned"))
/// try await keyboard.learn("Wir sehen uns im Kiez")
/// try await keyboard.learned.forget("Kiez")
/// ```
public final class LearnedWords: Sendable {
    // What is saved waits for the disk; keystrokes, on their own lane, do not.
    private let lane = Lane("learned")
    private let ffi: RustTextPredictor

    init(_ ffi: RustTextPredictor) {
        self.ffi = ffi
    }

    /// Keeps what is learned in `folder`, which is made if it is missing and belongs to Spatz alone. It may be attached
    /// at any time; what was learned before is added.
    ///
    /// One predictor at a time can save there. For another the folder is read-only (see ``AttachedFolder/readOnly``),
    /// and may be attached again to read what is there by now.
    ///
    /// - Throws: ``SpatzError/storage(_:)`` if the folder cannot be read; it may be tried again.
    ///   ``SpatzError/invalidInput(_:)`` if another one is attached already.
    @discardableResult
    public func attach(_ folder: URL) async throws -> AttachedFolder {
        let path = folder.path
        return try await lane.call { [ffi] _ in AttachedFolder(try ffi.attachStore(folder: path)) }
    }

    /// Keeps `word` by hand, so that it is known and offered at once; also one that was forgotten.
    ///
    /// - Throws: ``SpatzError/invalidInput(_:)`` if it is no word, ``SpatzError/storage(_:)`` if it cannot be saved.
    public func keep(_ word: String, at time: Date = Date()) async throws {
        try await lane.call { [ffi] _ in try ffi.keep(word: word, at: time.seconds) }
    }

    func save() {
        lane.post { [ffi] in try? ffi.save() }
    }

    /// Forgets `word`, and does not learn it again unless it is kept by hand. It is gone from the disk when this
    /// returns; what is left is a fingerprint that does not tell the word.
    ///
    /// - Throws: ``SpatzError/storage(_:)`` if the disk refuses: then call it again.
    public func forget(_ word: String) async throws {
        try await lane.call { [ffi] _ in try ffi.forget(word: word) }
    }

    /// Forgets what was learned or kept at `time` or later. As much of the time before goes as cannot be told apart:
    /// about an hour of yesterday, a day of last week, at most twice as long as `time` is ago.
    ///
    /// - Throws: ``SpatzError/storage(_:)`` if the disk refuses: then call it again.
    public func forget(since time: Date) async throws {
        try await lane.call { [ffi] _ in try ffi.forgetSince(at: time.seconds) }
    }

    /// Forgets everything, from the disk too.
    ///
    /// - Throws: ``SpatzError/storage(_:)`` if the disk refuses: then call it again.
    public func erase() async throws {
        try await lane.call { [ffi] _ in try ffi.erase() }
    }

    /// Whether `word` is known and offered because it was sent twice, or kept.
    public func contains(_ word: String) async throws -> Bool {
        try await lane.call { [ffi] _ in try ffi.hasLearned(word: word) }
    }

    /// The words learned, in the order of their letters, those too that were sent once only: `limit` of them from
    /// `offset` on, without those that the package lists too if `ownOnly`.
    public func list(offset: Int = 0, limit: Int = .max, ownOnly: Bool = false) async throws -> LearnedPage {
        let query = RustLearnedQuery(
            ownOnly: ownOnly, offset: UInt32(clamping: offset), limit: UInt32(clamping: limit))
        return try await lane.call { [ffi] _ in LearnedPage(try ffi.learned(query: query)) }
    }

    /// All of it as text that a person can read, and ``importText(_:at:)`` takes.
    public func exportText() async throws -> String {
        try await lane.call { [ffi] _ in try ffi.exportText() }
    }

    /// Takes in what ``exportText()`` gave, or a word list of AOSP (`.combined`). What was forgotten on either side
    /// stays forgotten, unless it is kept by hand here.
    ///
    /// - Throws: ``SpatzError/invalidInput(_:)`` if the text is neither; the message gives the line, and nothing was
    ///   taken. ``SpatzError/storage(_:)`` if it cannot be saved.
    @discardableResult
    public func importText(_ text: String, at time: Date = Date()) async throws -> Imported {
        try await lane.call { [ffi] _ in Imported(try ffi.importText(text: text, at: time.seconds)) }
    }

    func learn(_ message: String, field: Field, at time: Date) async throws {
        try await lane.call { [ffi] _ in try ffi.learn(message: message, field: field.ffi, at: time.seconds) }
    }
}

/// What kind of field text was typed into. Only messages are learned from.
public enum Field: Equatable, Sendable {
    /// Running text.
    case message
    /// A password.
    case password
    /// An e-mail address.
    case email
    /// A web address.
    case url
    /// Digits.
    case number
    /// A field whose app asks keyboards not to learn.
    case `private`
}

/// A folder that was attached.
public struct AttachedFolder: Equatable, Sendable {
    /// Why nothing can be saved there; `nil` if it can. What is learned then lasts as long as the predictor.
    public let readOnly: ReadOnly?
    /// Whether what was there could be read.
    public let health: Health
}

/// Why a folder is read-only.
public enum ReadOnly: Equatable, Sendable {
    /// Another process or predictor has it open.
    case inUse
    /// A newer version of Spatz wrote it; it is left as it is.
    case newer
    /// The system lets this process only read there.
    case refused
}

/// Whether what was saved could be read.
public enum Health: Equatable, Sendable {
    /// All of it, or there was none.
    case sound
    /// The last message was not saved whole, and was left out.
    case tailCut(bytes: Int)
    /// Nothing could be read. The file was set aside as `kept`, until something is forgotten; it is `nil` if the
    /// folder is read-only.
    case damaged(kept: URL?)
}

/// A word that was learned.
public struct LearnedWord: Equatable, Sendable {
    /// As it is written.
    public let text: String
    /// Messages it was sent in.
    public let sent: Int
    /// Whether it was kept by hand, or comes from a list that was imported.
    public let kept: Bool
    /// Whether the package lists it too.
    public let listed: Bool
}

/// A part of the learned words.
public struct LearnedPage: Equatable, Sendable {
    /// In the order of their letters.
    public let words: [LearnedWord]
    /// How many there are in all.
    public let total: Int
}

/// What an import brought.
public struct Imported: Equatable, Sendable {
    /// Words taken.
    public let words: Int
    /// Words left out: forgotten here, known to the package anyway, offensive, or no words.
    public let leftOut: Int
}

/// A word of the address book, or a shortcut: what `UILexicon` has.
public struct SupplementaryWord: Equatable, Sendable {
    /// What is typed; where it is more than one word, each of them is one.
    public var text: String
    /// What the text stands for, such as `on my way` for `omw`; `nil` if it stands for itself.
    public var expansion: String?

    /// A word, or a shortcut if `expansion` is given.
    public init(_ text: String, expansion: String? = nil) {
        self.text = text
        self.expansion = expansion
    }
}
