/// Where words begin and end in text before a cursor.

extension Character {
    /// Whether the character belongs to a word: "don't" and "don’t" are one.
    var isOfWord: Bool {
        isLetter || self == "'" || self == "’"
    }

    /// Whether it ends a word that was written out, so that the word may be corrected. An at sign, a digit or a slash does
    /// not: what they belong to is no word.
    var endsWord: Bool {
        isWhitespace || ".,!?;:)…\"”“»".contains(self)
    }

    /// Whether it stands directly behind a word, in place of the space that a chosen word brought.
    var clingsToWord: Bool {
        ".,!?;:)…".contains(self)
    }
}

extension StringProtocol {
    /// The letters of the word at the end, or nothing.
    var wordAtEnd: Substring {
        let text = Substring(self)
        let start = text.lastIndex { !$0.isOfWord }.map(text.index(after:)) ?? text.startIndex
        return text[start...].drop { !$0.isLetter }
    }

    /// Whether the next letter begins a sentence.
    var isAtSentenceStart: Bool {
        let line = self[(lastIndex(where: \.isNewline).map(index(after:)) ?? startIndex)...]
        guard let last = line.last(where: { !$0.isWhitespace && !"\"”“»)'’".contains($0) }) else { return true }
        guard line.last?.isWhitespace == true, ".!?…".contains(last) else { return false }
        // "z. B." and "e.g." go on.
        let parts = (line.split(whereSeparator: \.isWhitespace).last ?? "").split(separator: ".")
        return last != "." || parts.isEmpty || parts.contains { $0.filter(\.isLetter).count != 1 }
    }
}
