import Spatz
import Testing

@testable import KeyboardLogic

/// A text, typed key by key. Keys are a second apart unless told otherwise.
struct Typist {
    var typing: Typing
    var text = ""
    private var time = 0.0

    init(_ layout: Layout = .qwerty, _ field: FieldTraits = FieldTraits(), text: String = "") {
        typing = Typing(layout: layout)
        typing.begin(field, before: text, after: "")
        self.text = text
    }

    /// Types small letters by their keys, so that shift is what the keyboard makes of it.
    mutating func type(_ keys: String) {
        for key in keys {
            switch key {
            case " ": press(.space)
            case "\n": press(.enter)
            case "⌫": press(.backspace)
            case "⇧": press(.shift)
            default: press(.character(String(key)))
            }
        }
    }

    mutating func press(_ key: KeyboardLogic.Key, after seconds: Double = 1) {
        time += seconds
        apply(typing.press(key, at: time))
    }

    mutating func take(_ text: String) throws {
        apply(typing.take(try #require(typing.strip.items.first { $0.text == text })))
    }

    mutating func deleteWord() {
        apply(typing.deleteWord())
    }

    mutating func hold(_ alternative: String) {
        apply(typing.type(alternative))
    }

    private mutating func apply(_ edit: Edit) {
        text.removeLast(edit.deletions)
        text += edit.insertion
        #expect(typing.before == text)
    }
}

@Suite struct TypingTests {
    @Test func sentencesBeginWithACapital() {
        var typist = Typist()
        typist.type("hello there. how are you?  fine\nbye")
        #expect(typist.text == "Hello there. How are you?  Fine\nBye")
    }

    @Test func abbreviationsDoNotEndASentence() {
        var typist = Typist(.qwertz)
        typist.type("am 3. mai z. b. und e.g. so. ende")
        #expect(typist.text == "Am 3. Mai z. b. und e.g. so. Ende")
    }

    @Test(arguments: [
        (FieldTraits.Capitals.never, "ab cd"), (.words, "Ab Cd"), (.sentences, "Ab cd"), (.always, "AB CD"),
    ])
    func capitalsFollowTheField(capitals: FieldTraits.Capitals, expected: String) {
        var typist = Typist(.qwerty, FieldTraits(capitals: capitals))
        typist.type("ab cd")
        #expect(typist.text == expected)
    }

    @Test func shiftIsForOneLetterAndTwiceForAll() {
        var typist = Typist(text: "so ")
        typist.type("⇧ab")
        #expect(typist.text == "so Ab")
        typist.press(.shift)
        typist.press(.shift, after: 0.2)
        #expect(typist.typing.shift == .locked)
        typist.type("cd ⇧ef")
        #expect(typist.text == "so AbCD ef")
    }

    @Test func shiftTakesAnAutomaticCapitalBack() {
        var typist = Typist()
        typist.type("⇧iphone")
        #expect(typist.text == "iphone")
    }

    @Test func twoQuickSpacesEndASentence() {
        var typist = Typist(text: "Good ")
        typist.type("morning")
        typist.press(.space)
        typist.press(.space, after: 0.2)
        typist.type("how")
        #expect(typist.text == "Good morning. How")
        typist.press(.space)
        typist.press(.space)
        #expect(typist.text == "Good morning. How  ", "two slow ones are two")
    }

    @Test func aChosenWordBringsItsSpaceAndPunctuationTakesItsPlace() throws {
        var typist = Typist(text: "see you tom")
        typist.typing.show(Strip([.init("tom", .literal), .init("tomorrow"), .init("tomato")]))
        try typist.take("tomorrow")
        #expect(typist.text == "see you tomorrow ")
        typist.type("!")
        #expect(typist.text == "see you tomorrow!")
        typist.type(" ")
        #expect(typist.typing.shift == .once)
    }

    @Test func aPhraseIsTakenAsAWhole() throws {
        var typist = Typist(text: "see yo")
        typist.typing.show(Strip([.init("yo", .literal), .init("you"), .init("you tomorrow", .phrase)]))
        try typist.take("you tomorrow")
        #expect(typist.text == "see you tomorrow ")
    }

    @Test func theSpaceOfAChosenWordIsNotTypedTwice() throws {
        var typist = Typist(text: "to")
        typist.typing.show(Strip([.init("to", .literal), .init("tomorrow")]))
        try typist.take("tomorrow")
        typist.type(" at ")
        #expect(typist.text == "tomorrow at ")
    }

    @Test func theLettersAsTypedAreAlwaysFirst() throws {
        var typist = Typist(text: "bin ")
        typist.type("hi")
        typist.typing.show(Strip([.init("hi", .literal), .init("hier"), .init("hinten")]))
        typist.type("e")
        #expect(typist.typing.strip.items == [.init("hie", .literal), .init("hier")], "before the predictor answers")
        try typist.take("hie")
        #expect(typist.text == "bin hie ")
    }

    @Test func spaceCorrectsAndBackspaceTakesItBack() {
        var typist = Typist(text: "in ")
        typist.type("teh")
        typist.typing.show(Strip([.init("teh", .literal), .init("the", .correction)]))
        typist.type(" ")
        #expect(typist.text == "in the ")
        typist.type("⌫")
        #expect(typist.text == "in teh")
        // Now it stays.
        typist.typing.show(Strip([.init("teh", .literal), .init("the", .correction)]))
        typist.type(" ⌫")
        #expect(typist.text == "in teh")
    }

    @Test func whatIsTakenBackIsToldOnce() {
        var typing = Typing(layout: .qwerty)
        typing.begin(FieldTraits(), before: "in teh", after: "")
        typing.show(Strip([.init("teh", .literal), .init("the", .correction)]))
        #expect(typing.press(.space, at: 1).rejected == nil)
        #expect(typing.press(.backspace, at: 2) == Edit(deletions: 3, insertion: "eh", rejected: "teh"))
        #expect(typing.press(.backspace, at: 3) == Edit(deletions: 1))
    }

    @Test func whatIsFinishedMayBeLearnedOnce() {
        var typist = Typist(text: "Draft\n")
        typist.type("bis morgen")
        #expect(typist.typing.textChanged(before: "", after: "") == "Bis morgen", "sent, and the text is gone")
        #expect(typist.typing.finish() == nil)

        typist = Typist(text: "from somewhere else")
        #expect(typist.typing.textChanged(before: "", after: "") == nil, "not written here")

        typist = Typist()
        typist.type("eins")
        #expect(typist.typing.press(.enter, at: 100).finished == "Eins")
        #expect(typist.typing.finish() == nil)

        typist = Typist(.qwerty, FieldTraits(content: .password))
        typist.type("geheim")
        #expect(typist.typing.finish() == nil)
    }

    @Test func touchesFollowTheLetters() {
        var typing = Typing(layout: .qwerty)
        typing.begin(FieldTraits(), before: "in ", after: "")
        for (index, letter) in ["t", "e", "h"].enumerated() {
            _ = typing.press(.character(letter), at: Double(index), touch: Touch(x: Float(index), y: 0))
        }
        #expect(typing.input?.touches.map(\.x) == [0, 1, 2])
        _ = typing.press(.backspace, at: 3)
        #expect(typing.input?.touches.map(\.x) == [0, 1])
        _ = typing.type("ä")
        #expect(typing.input?.touches == [], "what was held has no place of its own")
        _ = typing.press(.space, at: 4)
        _ = typing.press(.character("a"), at: 5, touch: Touch(x: 7, y: 0))
        #expect(typing.input?.touches.map(\.x) == [7])
    }

    @Test func onlyWhatEndsAWordCorrects() {
        for (key, expected) in [(",", "the,"), ("\n", "the\n"), ("@", "teh@"), ("-", "teh-"), ("1", "teh1")] {
            var typist = Typist(text: "in ")
            typist.type("teh")
            typist.typing.show(Strip([.init("teh", .literal), .init("the", .correction)]))
            typist.type(key)
            #expect(typist.text == "in " + expected)
        }
    }

    @Test func aCorrectionIsTakenBackOnlyAtOnce() {
        var typist = Typist(text: "in ")
        typist.type("teh")
        typist.typing.show(Strip([.init("teh", .literal), .init("the", .correction)]))
        typist.type(" a⌫⌫⌫")
        #expect(typist.text == "in th")
    }

    @Test func aCorrectionForOtherLettersIsForgotten() {
        var typist = Typist(text: "in ")
        typist.type("te")
        typist.typing.show(Strip([.init("te", .literal), .init("the", .correction)]))
        typist.type("a ")
        #expect(typist.text == "in tea ")
    }

    @Test func holdingAnOfferAsksWhetherToForgetIt() throws {
        var typist = Typist(text: "im ")
        typist.type("ki")
        typist.typing.show(Strip([.init("ki", .literal), .init("Kiez"), .init("Kino")]))
        typist.typing.hold(.init("ki", .literal))
        #expect(typist.typing.strip.items.count == 3, "the letters as typed are not learned yet")
        typist.typing.hold(.init("Kiez"))
        #expect(typist.typing.strip.items.map(\.role) == [.forget, .forgetEverything, .keep])
        try typist.take("Kiez")
        #expect(typist.text == "im ki")
        #expect(typist.typing.strip.items == [.init("ki", .literal)], "until the predictor answers")
    }

    @Test func holdingBackspaceDeletesWords() {
        var typist = Typist(text: "Wir sehen uns, morgen")
        typist.deleteWord()
        #expect(typist.text == "Wir sehen uns, ")
        typist.deleteWord()
        #expect(typist.text == "Wir sehen ")
        typist.deleteWord()
        typist.deleteWord()
        #expect(typist.text == "")
        #expect(typist.typing.shift == .once)
    }

    @Test func alternativesAreTypedAsOffered() {
        var typist = Typist(text: "sch")
        typist.hold("ö")
        typist.type("n")
        #expect(typist.text == "schön")
    }

    @Test func symbolsGoBackToLettersWithSpace() {
        var typist = Typist(text: "um ")
        typist.press(.page(.symbols))
        typist.type("7 ")
        #expect(typist.typing.page == .letters)
        #expect(typist.text == "um 7 ")
    }

    @Test func passwordsAndAddressesAreNotForTheModel() {
        for content in [FieldTraits.Content.password, .address, .number] {
            var typist = Typist(.qwerty, FieldTraits(content: content))
            typist.type("anna")
            #expect(typist.text == "anna", "no capital")
            #expect(typist.typing.input == nil)
            #expect(typist.typing.strip.items.isEmpty)
        }
    }

    @Test func theContextEndsWhereTheWordBegins() throws {
        var typist = Typist(text: "I don’t ")
        typist.type("don't")
        let input = try #require(typist.typing.input)
        #expect(input.context == "I don’t ")
        #expect(input.composing == "don't")
    }

    @Test func aCursorThatMovesEndsWhatWasBegun() {
        var typing = Typing(layout: .qwerty)
        typing.begin(FieldTraits(), before: "in teh", after: "")
        typing.show(Strip([.init("teh", .literal), .init("the", .correction)]))
        _ = typing.press(.space, at: 1)
        _ = typing.textChanged(before: "in the ", after: "")
        #expect(typing.composing == "", "the host repeats what is known")
        _ = typing.textChanged(before: "in", after: " the ")
        #expect(typing.composing == "in")
        #expect(typing.press(.backspace, at: 2) == Edit(deletions: 1), "nothing to take back here")
        _ = typing.textChanged(before: "i", after: "n the ")
        #expect(typing.input == nil, "inside a word")
    }

    @Test func aLineThatTheHostCutsOffIsStillKnown() {
        var typist = Typist(text: "Hallo Anna,\n")
        _ = typist.typing.textChanged(before: "", after: "")
        #expect(typist.typing.before == "Hallo Anna,\n")
        typist.typing.begin(FieldTraits(), before: "sent", after: "")
        _ = typist.typing.textChanged(before: "", after: "")
        #expect(typist.typing.before == "", "the host has cleared the field")
    }
}
