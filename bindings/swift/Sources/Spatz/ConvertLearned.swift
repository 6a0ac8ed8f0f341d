import Foundation
internal import SpatzGenerated

extension Date {
    /// Seconds since 1970; times before are that moment.
    var seconds: UInt64 { UInt64(exactly: max(0, timeIntervalSince1970.rounded(.down))) ?? .max }
}

extension Field {
    var ffi: RustField {
        switch self {
        case .message: .message
        case .password: .password
        case .email: .email
        case .url: .url
        case .number: .number
        case .private: .private
        }
    }
}

extension SupplementaryWord {
    var ffi: RustSupplementaryWord { RustSupplementaryWord(text: text, expansion: expansion) }
}

extension AttachedFolder {
    init(_ attached: RustAttached) {
        readOnly = attached.readOnly.map(ReadOnly.init)
        health = Health(attached.health)
    }
}

extension ReadOnly {
    init(_ reason: RustReadOnly) {
        self =
            switch reason {
            case .inUse: .inUse
            case .newer: .newer
            case .refused: .refused
            }
    }
}

extension Health {
    init(_ health: RustHealth) {
        self =
            switch health {
            case .sound: .sound
            case .tailCut(let bytes): .tailCut(bytes: Int(clamping: bytes))
            case .damaged(let kept): .damaged(kept: kept.map { URL(fileURLWithPath: $0) })
            }
    }
}

extension LearnedPage {
    init(_ page: RustLearnedPage) {
        words = page.words.map {
            LearnedWord(text: $0.text, sent: Int($0.sent), kept: $0.kept, listed: $0.listed)
        }
        total = Int(page.total)
    }
}

extension Imported {
    init(_ imported: RustImported) {
        words = Int(imported.words)
        leftOut = Int(imported.leftOut)
    }
}
