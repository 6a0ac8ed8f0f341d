import Foundation
import Spatz
import Testing

@testable import KeyboardLogic

/// A text field.
@MainActor final class Note: TextDocument {
    private(set) var text = ""
    var before: String { text }
    var after: String { "" }

    func insert(_ more: String) { text += more }
    func deleteBackward() { _ = text.popLast() }
}

/// The whole keyboard on the real package.
@Suite @MainActor struct KeyboardTests {
    private static let package = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("models/spatz-base.gguf")

    private let note = Note()

    private func keyboard(_ field: FieldTraits = FieldTraits()) async -> Keyboard {
        let keyboard = Keyboard(document: note, layout: .qwertz)
        keyboard.open(Self.package)
        keyboard.begin(field)
        await keyboard.answered()
        return keyboard
    }

    /// Presses the keys as fast as the machine goes.
    private func type(_ keys: String, on keyboard: Keyboard) {
        for key in keys {
            keyboard.press(key == " " ? .space : .character(String(key)))
        }
    }

    @Test func aSentenceIsTypedAndASuggestionTaken() async throws {
        let keyboard = await keyboard()
        type("wir sehen uns mor", on: keyboard)
        await keyboard.answered()
        #expect(note.text == "Wir sehen uns mor")
        let items = keyboard.typing.strip.items
        #expect(items.first == .init("mor", .literal))
        let word = try #require(items.first { $0.text == "morgen" }, "\(items)")
        keyboard.take(word)
        #expect(note.text == "Wir sehen uns morgen ")
        await keyboard.answered()
        #expect(keyboard.typing.strip.items.count == 3, "the next word is offered")
    }

    @Test func aSlipIsCorrectedAndTakenBack() async throws {
        let keyboard = await keyboard()
        type("wir sehen uns mprgen", on: keyboard)
        await keyboard.answered()
        let items = keyboard.typing.strip.items
        #expect(items.first == .init("mprgen", .literal))
        #expect(items.dropFirst().first == .init("morgen", .correction), "\(items)")
        keyboard.press(.space)
        #expect(note.text == "Wir sehen uns morgen ")
        keyboard.press(.backspace)
        #expect(note.text == "Wir sehen uns mprgen")
        await keyboard.answered()
        #expect(keyboard.typing.strip.correction == nil, "\(keyboard.typing.strip)")
        keyboard.press(.space)
        #expect(note.text == "Wir sehen uns mprgen ")
    }

    @Test func whereTheFingerLandedCounts() async throws {
        let size = CGSize(width: 330, height: 216)
        var meant: [String] = []
        for side: CGFloat in [-14, 14] {
            let keyboard = await keyboard()
            keyboard.resize(to: size)
            let centres = Dictionary(
                uniqueKeysWithValues: Layout.qwertz.frames(.letters, in: size).map { ($0.key, CGPoint(x: $0.frame.midX, y: $0.frame.midY)) })
            type("i had a ", on: keyboard)
            // Left of "f" lies "d".
            for (index, letter) in ["f", "o", "g", "s"].enumerated() {
                var point = try #require(centres[.character(letter)])
                if index == 0 { point.x += side }
                keyboard.press(.character(letter), at: point)
            }
            await keyboard.answered()
            meant.append(keyboard.typing.strip.items.map(\.text).joined(separator: " "))
        }
        #expect(meant[0].contains("dogs") && !meant[1].contains("dogs"), "\(meant)")
    }

    @Test func bothLanguagesAreThereAtOnce() async throws {
        let keyboard = await keyboard()
        type("see you tom", on: keyboard)
        await keyboard.answered()
        #expect(keyboard.typing.strip.items.contains { $0.text == "tomorrow" }, "\(keyboard.typing.strip)")
        keyboard.press(.enter)
        type("bis spä", on: keyboard)
        await keyboard.answered()
        #expect(keyboard.typing.strip.items.contains { $0.text == "später" }, "\(keyboard.typing.strip)")
    }

    @Test func capitalsLockedAreCapitalsInTheStrip() async throws {
        let keyboard = await keyboard()
        keyboard.press(.shift)
        keyboard.press(.shift)
        type("tom", on: keyboard)
        await keyboard.answered()
        #expect(keyboard.typing.strip.items.contains { $0.text == "TOMORROW" }, "\(keyboard.typing.strip)")
    }

    @Test func aPasswordFieldGetsNoStrip() async {
        let keyboard = await keyboard(FieldTraits(content: .password))
        type("tom", on: keyboard)
        await keyboard.answered()
        #expect(note.text == "tom")
        #expect(keyboard.typing.strip.items.isEmpty)
    }

    @Test func keysWorkWithoutAPackageAndAfterTheKeyboardWasAway() async {
        let bare = Keyboard(document: note, layout: .qwerty)
        bare.open(URL(fileURLWithPath: "/no/such.gguf"))
        type("tom", on: bare)
        await bare.answered()
        #expect(bare.typing.strip.items == [.init("Tom", .literal)])

        let keyboard = await keyboard()
        keyboard.disappear()
        keyboard.begin(FieldTraits())
        await keyboard.answered()
        #expect(keyboard.typing.strip.items.count == 3, "\(keyboard.typing.strip)")
    }

    @Test func theViewIsToldOfEveryAnswer() async {
        let keyboard = await keyboard()
        var strips: [Strip] = []
        keyboard.onChange = { strips.append(keyboard.typing.strip) }
        keyboard.press(.character("w"))
        await keyboard.answered()
        #expect(strips.count == 2)
        #expect(strips.allSatisfy { $0.items.first == .init("W", .literal) }, "\(strips)")
        #expect(strips.last?.items.count == 3)
    }
}
