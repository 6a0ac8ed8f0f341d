import Spatz

/// What to do to the text at the cursor: delete so many characters before it, then insert.
public struct Edit: Equatable, Sendable {
    public var deletions = 0
    public var insertion = ""
    /// What was typed and corrected, if the person has just taken the correction back: not to be corrected again.
    public var rejected: String?
    /// A line that this edit has finished, and that may be learned from.
    public var finished: String?

    public init(deletions: Int = 0, insertion: String = "", rejected: String? = nil, finished: String? = nil) {
        self.deletions = deletions
        self.insertion = insertion
        self.rejected = rejected
        self.finished = finished
    }
}

/// Whether letters come in capitals.
public enum Shift: Equatable, Sendable {
    case off
    /// For the next letter.
    case once
    /// Until shift is pressed again.
    case locked
}

/// The state of a keyboard as a plain value: what a key does, what is offered, and what the predictor is to be asked.
///
/// The text before the cursor is kept here too, since the host's answer may be late. Time is given in seconds by the
/// caller.
public struct Typing: Sendable {
    public private(set) var shift = Shift.off
    public private(set) var page = Page.letters
    public private(set) var strip = Strip()
    public private(set) var layout: Layout
    public private(set) var field: FieldTraits
    /// The text before the cursor.
    public private(set) var before = ""
    /// Whether a word goes on behind the cursor; then nothing is suggested.
    private var isInsideWord = false
    /// Whether the space before the cursor came with a chosen word.
    private var spaceIsAutomatic = false
    /// The correction that backspace takes back.
    private var corrected: Correction?
    /// Letters that are not corrected because the person wants them as they are.
    private var kept: String?
    /// Where the composing letters were tapped, if all of them were.
    private var touches: [Touch] = []
    /// Whether the person has written something that was not finished yet.
    private var hasWritten = false
    private var lastShift = -Double.infinity
    private var lastSpace = -Double.infinity

    private struct Correction {
        let typed: String
        let written: String
        let separator: String
    }

    /// How soon a second tap has to follow to count with the first, in seconds.
    private static let doubleTap = 0.4

    public init(layout: Layout, field: FieldTraits = FieldTraits()) {
        self.layout = layout
        self.field = field
        page = field.firstPage
        followText()
    }

    /// The letters of the word that is being typed; empty between words.
    public var composing: String {
        isInsideWord ? "" : String(before.wordAtEnd)
    }

    /// What the predictor is to be asked, `nil` where nothing may be suggested.
    public var input: TextInput? {
        guard field.suggests, !isInsideWord else { return nil }
        let composing = composing
        return TextInput(
            context: String(before.dropLast(composing.count)), composing: composing,
            touches: touches.count == composing.count ? touches : [])
    }

    /// What the letters on the keys are in: capitals or not.
    public func label(_ character: String) -> String {
        shift == .off ? character : uppercased(character)
    }

    // MARK: - What comes from outside

    /// Another field, or the same one anew. Call ``finish()`` before.
    public mutating func begin(_ field: FieldTraits, before: String, after: String) {
        hasWritten = false
        self.field = field
        page = field.firstPage
        shift = .off
        moved(to: before, after)
    }

    /// The text around the cursor as the host reports it. What the keyboard wrote itself changes nothing. Returns what may be
    /// learned from: a message that has been sent, since its text is gone.
    public mutating func textChanged(before: String, after: String) -> String? {
        // Hosts report no more than the paragraph.
        let isKnown = before.isEmpty ? self.before.last?.isNewline ?? true : self.before.hasSuffix(before)
        guard !isKnown || isInsideWord != (after.first?.isOfWord == true) else { return nil }
        let sent = before.isEmpty && after.isEmpty ? finish() : nil
        moved(to: before, after)
        return sent
    }

    /// The person is done with the text: returns the line written last, if it may be learned from and was not yet.
    public mutating func finish() -> String? {
        defer { hasWritten = false }
        let line = before.split(whereSeparator: \.isNewline).last.map(String.init) ?? ""
        return hasWritten && field.learns && line.contains(where: \.isLetter) ? line : nil
    }

    /// The predictor's answer to `input`; one that came too late is left out.
    public mutating func show(_ suggestions: Suggestions, _ phrase: Phrase? = nil, for input: TextInput) {
        guard input == self.input else { return }
        show(Strip(typed: composing, suggestions, corrects: field.corrects, phrase: phrase))
    }

    mutating func show(_ strip: Strip) {
        self.strip = shift == .locked ? strip.capitals() : strip
    }

    // MARK: - What the person does

    /// Presses `key` at `time`, tapped at `touch` in the unit of the keys.
    public mutating func press(_ key: Key, at time: Double, touch: Touch? = nil) -> Edit {
        switch key {
        case .character(let text): return type(label(text), touch)
        case .space: return space(at: time)
        case .enter:
            var edit = write("\n")
            edit.finished = finish()
            return edit
        case .backspace: return backspace()
        case .shift: tapShift(at: time)
        case .page(let page): self.page = page
        case .layout: layout = layout.next
        case .globe: break
        }
        return Edit()
    }

    /// Takes what a long press offers, which is in capitals already if shift is on.
    public mutating func type(_ text: String, _ touch: Touch? = nil) -> Edit {
        guard let first = text.first else { return Edit() }
        guard first.isOfWord else { return write(text) }
        corrected = nil
        spaceIsAutomatic = false
        var tapped = touches.count == composing.count ? touches : []
        if let touch { tapped.append(touch) }
        let edit = apply(Edit(insertion: text))
        touches = tapped
        return edit
    }

    /// Holds an offer of the strip: asks whether its word is to be forgotten.
    public mutating func hold(_ item: Strip.Item) {
        guard item.role == .word || item.role == .correction else { return }
        strip = .forgetting(item.text)
    }

    /// Takes an offer of the strip. What is to be forgotten is the caller's to do.
    public mutating func take(_ item: Strip.Item) -> Edit {
        guard [.literal, .word, .correction, .phrase].contains(item.role) else {
            followText()
            return Edit()
        }
        let typed = composing
        let word = item.role == .literal ? typed : item.text
        corrected = nil
        var edit = replacing(typed, with: word)
        edit.insertion += " "
        edit = apply(edit)
        spaceIsAutomatic = true
        return edit
    }

    /// Deletes the word before the cursor with what separates it: what holding backspace comes to.
    public mutating func deleteWord() -> Edit {
        corrected = nil
        spaceIsAutomatic = false
        let word = before.reversed().drop { !$0.isOfWord }.prefix { $0.isOfWord }.count
        let separator = before.reversed().prefix { !$0.isOfWord }.count
        return apply(Edit(deletions: max(1, word + separator)))
    }

    // MARK: - Keys

    private mutating func space(at time: Double) -> Edit {
        defer { lastSpace = time }
        if page != .letters, field.content == .text { page = .letters }
        if spaceIsAutomatic {
            spaceIsAutomatic = false
            return Edit()
        }
        let mayEndSentence = before.dropLast().last.map { $0.isLetter || $0.isNumber || "\")”“»’".contains($0) } ?? false
        if field.content == .text, time - lastSpace < Self.doubleTap, before.last == " ", mayEndSentence {
            corrected = nil
            return apply(Edit(deletions: 1, insertion: ". "))
        }
        return write(" ")
    }

    /// Writes what is no letter. It may end a word, which is then corrected.
    private mutating func write(_ text: String) -> Edit {
        var edit = Edit(insertion: text)
        let typed = composing
        let correction = text.first?.endsWord == true && typed != kept ? strip.correction : nil
        corrected = nil
        if let correction, !typed.isEmpty {
            edit = replacing(typed, with: correction)
            edit.insertion += text
            corrected = Correction(typed: typed, written: correction, separator: text)
        } else if spaceIsAutomatic, text.first?.clingsToWord == true {
            edit.deletions = 1
        }
        spaceIsAutomatic = false
        kept = nil
        return apply(edit)
    }

    private mutating func backspace() -> Edit {
        defer { spaceIsAutomatic = false }
        guard let undone = corrected else {
            let left = touches.dropLast()
            let edit = apply(Edit(deletions: 1))
            touches = Array(left)
            return edit
        }
        corrected = nil
        var edit = replacing(undone.written + undone.separator, with: undone.typed)
        edit.rejected = undone.typed
        kept = undone.typed
        return apply(edit)
    }

    private mutating func tapShift(at time: Double) {
        let isDouble = time - lastShift < Self.doubleTap
        lastShift = time
        shift =
            switch shift {
            case .locked: .off
            case .once, .off: isDouble ? .locked : shift == .off ? .once : .off
            }
    }

    // MARK: - Text

    /// Replaces `old`, which stands before the cursor, and leaves what both begin with.
    private func replacing(_ old: String, with new: String) -> Edit {
        let shared = zip(old, new).prefix { $0 == $1 }.count
        return Edit(deletions: old.count - shared, insertion: String(new.dropFirst(shared)))
    }

    private mutating func apply(_ edit: Edit) -> Edit {
        before.removeLast(min(edit.deletions, before.count))
        before += edit.insertion
        hasWritten = hasWritten || !edit.insertion.isEmpty
        touches = []
        followText()
        return edit
    }

    private mutating func moved(to before: String, _ after: String) {
        self.before = before
        isInsideWord = after.first?.isOfWord == true
        corrected = nil
        kept = nil
        spaceIsAutomatic = false
        touches = []
        followText()
    }

    private mutating func followText() {
        strip = field.suggests ? strip.narrowed(to: composing) : Strip()
        if shift != .locked { shift = wantsCapital ? .once : .off }
    }

    private var wantsCapital: Bool {
        switch field.capitals {
        case .never: false
        case .always: true
        case .words: before.last.map { $0.isWhitespace } ?? true
        case .sentences: before.isAtSentenceStart
        }
    }
}
