import Foundation
import Spatz
import Testing

@testable import KeyboardLogic

@Suite struct LayoutTests {
    @Test(arguments: Layout.allCases)
    func everyPageHasItsWaysOutAndNoKeyTwice(layout: Layout) {
        for page in [Page.letters, .symbols, .moreSymbols] {
            let keys = layout.rows(page).flatMap { $0 }
            #expect(Set(keys).count == keys.count)
            for key in [KeyboardLogic.Key.backspace, .space, .enter, .layout] { #expect(keys.contains(key)) }
            #expect(keys.contains(.page(page == .letters ? .symbols : .letters)))
        }
    }

    @Test(arguments: Layout.allCases)
    func everyLetterOfBothLanguagesIsWithinReach(layout: Layout) {
        let keys = layout.rows(.letters).flatMap { $0 }.compactMap { if case .character(let text) = $0 { text } else { nil } }
        let within = Set(keys + keys.flatMap(layout.alternatives))
        for letter in "abcdefghijklmnopqrstuvwxyzäöüß" { #expect(within.contains(String(letter)), "\(letter)") }
    }

    @Test(arguments: Layout.allCases)
    func keysFillTheViewWithoutMeeting(layout: Layout) {
        for page in [Page.letters, .symbols, .moreSymbols] {
            for globe in [false, true] {
                let frames = layout.frames(page, in: CGSize(width: 390, height: 216), globe: globe)
                #expect(frames.contains { $0.key == .globe } == globe)
                for (key, frame) in frames {
                    #expect(frame.minX >= -0.01 && frame.maxX <= 390.01 && frame.width > 30, "\(key) \(frame)")
                }
                for row in Dictionary(grouping: frames, by: \.frame.minY).values {
                    for (left, right) in zip(row, row.dropFirst()) {
                        #expect(abs(left.frame.maxX - right.frame.minX) < 0.01, "\(left.key) and \(right.key)")
                    }
                }
            }
        }
    }

    @Test(arguments: Layout.allCases)
    func lettersAreOfOneWidth(layout: Layout) {
        let frames = layout.frames(.letters, in: CGSize(width: 390, height: 216))
        let widths = frames.filter { if case .character = $0.key { true } else { false } }.map(\.frame.width)
        #expect(widths.allSatisfy { abs($0 - widths[0]) < 0.01 }, "\(widths)")
    }

    @Test func thePredictorIsToldOfEveryLetter() {
        let keys = Layout.qwertz.keys(in: CGSize(width: 330, height: 200))
        #expect(keys.count == 30)
        #expect(keys.first == Spatz.Key(letters: "q", x: 15, y: 25, width: 30, height: 50))
    }

    @Test func umlautsHaveKeysOnQWERTZ() {
        let keys = Layout.qwertz.rows(.letters).flatMap { $0 }
        for letter in ["ä", "ö", "ü", "ß"] { #expect(keys.contains(.character(letter))) }
    }

    @Test func alternativesFollowTheCase() {
        #expect(Layout.qwerty.alternatives(of: "u").first == "ü")
        #expect(Layout.qwerty.alternatives(of: "U").first == "Ü")
        #expect(Layout.qwerty.alternatives(of: "S").first == "ẞ", "one letter, not SS")
        #expect(Layout.qwerty.alternatives(of: "5").isEmpty)
    }

    @Test func theLayoutFollowsThePreferredLanguages() {
        #expect(Layout(languages: ["de-AT", "en-GB"]) == .qwertz)
        #expect(Layout(languages: ["fr-FR", "en-GB", "de-DE"]) == .qwerty)
        #expect(Layout(languages: []) == .qwerty)
    }
}
