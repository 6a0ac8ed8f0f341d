import Foundation
import Spatz

/// A key that a finger can meet.
public enum Key: Hashable, Sendable {
    /// Types the text; a letter in capitals while shift is on.
    case character(String)
    case shift
    case backspace
    case space
    case enter
    /// Shows other keys.
    case page(Page)
    /// Changes between the layouts; see ``Layout``.
    case layout
    /// Changes to another keyboard, which iOS does.
    case globe
}

extension Key {
    /// In widths of a letter; `nil` shares what the others leave.
    fileprivate var width: CGFloat? {
        switch self {
        case .character, .space: nil
        case .shift, .backspace, .page: 1.5
        case .layout, .globe: 1.2
        case .enter: 2
        }
    }
}

/// Which keys are shown.
public enum Page: Hashable, Sendable {
    case letters
    case symbols
    case moreSymbols
}

/// Where letters lie.
public enum Layout: String, CaseIterable, Sendable {
    case qwerty
    case qwertz

    /// The layout that a person with these languages (BCP 47, the preferred one first) expects.
    public init(languages: [String]) {
        let first = languages.first { $0.hasPrefix("de") || $0.hasPrefix("en") }
        self = first?.hasPrefix("de") == true ? .qwertz : .qwerty
    }

    /// The other one.
    public var next: Layout {
        self == .qwerty ? .qwertz : .qwerty
    }

    /// The keys of `page` from top to bottom, each row from left to right. iOS says whether a globe is needed.
    public func rows(_ page: Page, globe: Bool = true) -> [[Key]] {
        let characters = characters(page)
        var rows = characters.map { $0.map { Key.character(String($0)) } }
        let left: Key =
            switch page {
            case .letters: .shift
            case .symbols: .page(.moreSymbols)
            case .moreSymbols: .page(.symbols)
            }
        rows[2] = [left] + rows[2] + [.backspace]
        rows.append([.page(page == .letters ? .symbols : .letters)] + (globe ? [.globe] : []) + [.layout, .space, .enter])
        return rows
    }

    /// Where the keys of `page` lie in a view of `size`: letters of one width, what is left for the keys around them, and
    /// no gaps, so that every touch meets a key.
    public func frames(_ page: Page, in size: CGSize, globe: Bool = true) -> [(key: Key, frame: CGRect)] {
        let rows = rows(page, globe: globe)
        let unit = size.width / CGFloat(rows[0].count)
        let height = size.height / CGFloat(rows.count)
        return rows.enumerated().flatMap { index, row in
            let fixed = row.map { $0.width.map { $0 * unit } }
            let rest = size.width - fixed.reduce(0) { $0 + ($1 ?? 0) }
            // The middle row is shorter than the top one and stands between its keys; elsewhere the rest is shared out.
            let shared = index == 1 ? unit : rest / CGFloat(fixed.count { $0 == nil })
            var x = index == 1 ? (size.width - unit * CGFloat(row.count)) / 2 : 0
            return zip(row, fixed).map { key, width in
                defer { x += width ?? shared }
                return (key, CGRect(x: x, y: CGFloat(index) * height, width: width ?? shared, height: height))
            }
        }
    }

    /// The letters' keys in a view of `size`, as the predictor wants them.
    func keys(in size: CGSize) -> [Spatz.Key] {
        frames(.letters, in: size).compactMap { key, frame in
            guard case .character(let letter) = key else { return nil }
            return Spatz.Key(
                letters: letter, x: Float(frame.midX), y: Float(frame.midY), width: Float(frame.width),
                height: Float(frame.height))
        }
    }

    private func characters(_ page: Page) -> [String] {
        switch (page, self) {
        case (.letters, .qwerty): ["qwertyuiop", "asdfghjkl", "zxcvbnm"]
        case (.letters, .qwertz): ["qwertzuiopü", "asdfghjklöä", "yxcvbnmß"]
        case (.symbols, .qwerty): ["1234567890", "-/:;()$&@\"", ".,?!'"]
        case (.symbols, .qwertz): ["1234567890", "-/:;()€&@\"", ".,?!'"]
        case (.moreSymbols, .qwerty): ["[]{}#%^*+=", "_\\|~<>€£¥•", ".,?!'"]
        case (.moreSymbols, .qwertz): ["[]{}#%^*+=", "_\\|~<>$£¥•", ".,?!'"]
        }
    }

    /// What a long press on the key of `character` offers besides itself; a capital's are capitals.
    public func alternatives(of character: String) -> [String] {
        if let found = Self.alternatives[character] { return found }
        let small = character.lowercased()
        guard small != character, let found = Self.alternatives[small] else { return [] }
        return found.map(uppercased)
    }

    private static let alternatives: [String: [String]] = [
        "a": ["ä", "à", "á", "â", "æ", "ã", "å"],
        "c": ["ç", "ć", "č"],
        "e": ["é", "è", "ê", "ë"],
        "i": ["í", "ì", "î", "ï"],
        "l": ["ł"],
        "n": ["ñ", "ń"],
        "o": ["ö", "ó", "ò", "ô", "ø", "œ", "õ"],
        "s": ["ß", "ś", "š"],
        "u": ["ü", "ú", "ù", "û"],
        "y": ["ý", "ÿ"],
        "z": ["ž", "ź", "ż"],
        "-": ["–", "—", "•"],
        "/": ["\\"],
        "$": ["€", "£", "¥", "₽"],
        "€": ["$", "£", "¥"],
        "&": ["§"],
        "\"": ["„", "“", "”", "«", "»"],
        "'": ["’", "‘", "‚"],
        ".": ["…"],
        "?": ["¿"],
        "!": ["¡"],
        "0": ["°"],
        "%": ["‰"],
        "=": ["≠", "≈"],
    ]
}

/// `text` in capitals. The letter ß keeps its place: as "SS", the default of `uppercased()`, a key would type two.
func uppercased(_ text: String) -> String {
    text.split(separator: "ß", omittingEmptySubsequences: false).map { $0.uppercased() }.joined(separator: "ẞ")
}
