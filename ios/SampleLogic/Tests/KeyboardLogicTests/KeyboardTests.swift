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
    func clear() { text = "" }
}

/// The whole keyboard on the real package.
@Suite @MainActor struct KeyboardTests {
    private static let package = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("models/spatz-base.gguf")

    private let note = Note()

    private func keyboard(_ field: FieldTraits = FieldTraits(), learned: URL? = nil) async -> Keyboard {
        let keyboard = Keyboard(document: note, layout: .qwertz)
        keyboard.open(Self.package, learned: learned)
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
        let frames = Layout.qwertz.frames(.letters, in: size)
        let predictor = try await TextPredictor(model: Model.open(Self.package))
        try await predictor.setKeys(Layout.qwertz.keys(in: size))
        /// How probable "dogs" is for "fogs", with the "f" tapped beside its middle.
        func dogs(beside side: CGFloat) async throws -> Float {
            var typing = Typing(layout: .qwertz)
            typing.begin(FieldTraits(), before: "I had a ", after: "")
            for (index, letter) in ["f", "o", "g", "s"].enumerated() {
                let frame = try #require(frames.first { $0.key == .character(letter) }).frame
                let x = Float(frame.midX + (index == 0 ? side : 0))
                _ = typing.press(.character(letter), at: Double(index), touch: Touch(x: x, y: Float(frame.midY)))
            }
            let strip = try await predictor.suggest(#require(typing.input))
            return try #require(strip.candidates.first { $0.text == "dogs" }, "\(strip)").score
        }
        // "d" lies to the left.
        #expect(try await dogs(beside: -14) > dogs(beside: 14))
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
        type("tomor", on: keyboard)
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

    @Test func whatIsSentTwiceIsLearnedKeptAndForgotten() async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID())")
        defer { try? FileManager.default.removeItem(at: folder) }
        func offers(_ word: String, _ keyboard: Keyboard) async -> Bool {
            type("wir essen schnurp", on: keyboard)
            await keyboard.answered()
            defer { note.clear() }
            return keyboard.typing.strip.items.dropFirst().contains { $0.text == word }
        }
        var first: Keyboard? = await keyboard(learned: folder)
        if let keyboard = first {
            #expect(await !offers("Schnurpsel", keyboard))
            keyboard.textChanged()
            for _ in 0..<2 {
                type("ich esse ", on: keyboard)
                keyboard.type("S")
                type("chnurpsel", on: keyboard)
                // The app sends the message and clears the field.
                note.clear()
                keyboard.textChanged()
            }
            await keyboard.answered()
        }
        first = nil
        // iOS starts the extension anew.
        let keyboard = await keyboard(learned: folder)
        #expect(await offers("Schnurpsel", keyboard))
        keyboard.textChanged()
        type("schnurp", on: keyboard)
        await keyboard.answered()
        let item = try #require(keyboard.typing.strip.items.first { $0.text == "Schnurpsel" })
        keyboard.hold(item)
        keyboard.take(try #require(keyboard.typing.strip.items.first { $0.role == .forget }))
        await keyboard.answered()
        note.clear()
        keyboard.textChanged()
        #expect(await !offers("Schnurpsel", keyboard))
    }

    @Test func shortcutsStandForTheirText() async throws {
        let keyboard = await keyboard()
        keyboard.setShortcuts([(typed: "omw", text: "on my way"), (typed: "Schnurpsel", text: "Schnurpsel")])
        type("i am omw", on: keyboard)
        await keyboard.answered()
        let item = try #require(keyboard.typing.strip.items.first { $0.text == "on my way" })
        keyboard.take(item)
        #expect(note.text == "I am on my way ")
        type("frau schnurp", on: keyboard)
        await keyboard.answered()
        #expect(keyboard.typing.strip.items.contains { $0.text == "Schnurpsel" }, "\(keyboard.typing.strip)")
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
