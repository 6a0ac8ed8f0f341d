import Foundation
import Testing

@testable import Spatz

@Suite struct CommandParserTests {
    private let yaml = """
        language: en
        intents:
          StartTimer: ["start a timer for {duration:length}"]
          Play: ["play {song}"]
        lists:
          song: [Yesterday]
        """

    @Test func slotsAreTypedAndKnowTheirPlace() async throws {
        let utterance = "start a timer for five minutes"
        let parse = try await CommandParser(yaml: yaml).parse(utterance)
        guard case .command(let command) = parse else { throw Unexpected(nil) }
        let slot = try #require(command.slots.first)
        #expect(command.intent == "StartTimer")
        #expect(command.duration(slot.name) == .seconds(300))
        #expect(command.text(slot.name) == nil)
        #expect(command["nothing"] == nil)
        #expect(utterance[try #require(slot.range)] == "five minutes")
    }

    @Test func whatIsNotUnderstoodIsOutOfScope() async throws {
        let parse = try await CommandParser(yaml: yaml).parse("what is love")
        guard case .outOfScope = parse else { throw Unexpected(nil) }
    }

    @Test func aListCanBeToldAtRunTime() async throws {
        let parser = try await CommandParser(yaml: yaml)
        let known = try await parser.withList("song", values: ["99 Luftballons"])
        guard case .command(let command) = try await known.parse("play 99 luftballons") else { throw Unexpected(nil) }
        #expect(command.text("song") == "99 Luftballons")
        guard case .outOfScope = try await parser.parse("play 99 luftballons") else { throw Unexpected(nil) }
        let error = await failure { _ = try await parser.withList("album", values: ["x"]) }
        guard case .invalidInput = error as? SpatzError else { throw Unexpected(error) }
    }

    @Test func whatACallIsAnsweredWith() async throws {
        let set = CommandSet(intents: [
            .init(
                "Rain", sentences: [.init("de", ["regnet es {day}"])], slots: [.init("day", .entity(.date))],
                response: ["de": "Ich sehe nach, ob es {day} regnet."])
        ])
        let parser = try await CommandParser(set)
        #expect(parser.info == CommandSetInfo(languages: ["de"], intents: ["Rain"], lists: []))
        guard case .command(let command) = try await parser.parse("regnet es morgen") else { throw Unexpected(nil) }
        #expect(command.language == "de")
        #expect(command.response == "Ich sehe nach, ob es morgen regnet.")
    }

    @Test func timesAreSeenFromTheReference() async throws {
        let parser = try await CommandParser(
            CommandSet(intents: [.init("Wake", sentences: [.init("en", ["wake me {datetime:at}"])])]))
        let zone = try #require(TimeZone(secondsFromGMT: -7200))
        let context = ParseContext(reference: Date(timeIntervalSince1970: 0), timeZone: zone)
        // There it is ten in the evening of 31 December 1969.
        guard case .command(let command) = try await parser.parse("wake me tomorrow at six am", context: context)
        else { throw Unexpected(nil) }
        #expect(command.dateTime("at") == Date(timeIntervalSince1970: 8 * 3600))
        // Without a reference it is the moment of the call.
        guard case .command(let soon) = try await parser.parse("wake me in ten minutes") else { throw Unexpected(nil) }
        let seconds = try #require(soon.dateTime("at")).timeIntervalSinceNow
        #expect((500...600).contains(seconds), "\(seconds)")
    }

    @Test func gettersGiveNilForWhatIsMissingOrOfAnotherType() async throws {
        let sentence = "{temperature:t} {currency:c} {colour:k} {percent:p} {ordinal:o} {date:d} {time:a}"
        let parser = try await CommandParser(CommandSet(intents: [.init("All", sentences: [.init("en", [sentence])])]))
        let said = "20 degrees celsius 5 euros red 3 percent second 2026-12-01 noon"
        guard case .command(let command) = try await parser.parse(said) else { throw Unexpected(nil) }
        #expect(command.quantity("t")?.amount == 20)
        #expect(command.money("c")?.code == "EUR")
        #expect(command.colour("k") == Colour(red: 255, green: 0, blue: 0))
        #expect(command.percent("p") == 3)
        #expect(command.ordinal("o") == Ordinal(from: .start, offset: 2))
        #expect(command.date("d")?.month == 12)
        #expect(command.time("a")?.hour == 12)
        #expect(command.dateTime("d") == nil)
        #expect(command.quantity("c") == nil)
        #expect(command.values("o").count == 1)
    }

    @Test func whatWasLearnedIsSavedAndLearnedOnce() async throws {
        let set = CommandSet(intents: [
            .init("Tea", examples: ["en": ["bring me tea", "a cup of tea please", "i am thirsty", "make some tea"]]),
            .init("Coffee", examples: ["en": ["coffee please", "brew some coffee", "an espresso", "one latte"]]),
        ])
        let encoder = try await Model.open(Fixtures.encoderURL)
        let saved = try #require(try await CommandParser(set, encoder: encoder).save())
        for data in [saved, saved.prefix(100), Data()] {
            #expect(try await CommandParser(set, encoder: encoder, saved: data).save() == saved)
        }
        #expect(try await CommandParser(set, saved: saved).save() == nil)
        let model = try await Fixtures.model()
        #expect(await failure { _ = try await CommandParser(set, encoder: model) } is SpatzError)
    }

    @Test func whatIsProbablyNotMeantIsFound() async throws {
        let set = CommandSet(intents: [
            .init("A", sentences: [.init("en", ["light on"])]),
            .init("B", sentences: [.init("en", ["light (on|off)"])]),
        ])
        let findings = try await CommandParser(set).check()
        #expect(findings.count == 1 && findings[0].contains("tell them apart"), "\(findings)")
    }

    @Test func aMistakeInABuiltSetNamesTheIntent() async throws {
        let set = CommandSet(intents: [.init("Dim", sentences: [.init("en", ["dim", "dim [the light"])])])
        let error = await failure { _ = try await CommandParser(set) }
        guard case .invalidCommands(let message) = error as? SpatzError else { throw Unexpected(error) }
        #expect(message.hasPrefix("Dim:2:6: `[` is never closed"), "\(message)")
    }

    @Test func aConversationIsAValueThatCanBeStored() async throws {
        let parser = try await CommandParser(
            CommandSet(intents: [
                .init("Add", sentences: [.init("en", ["add [{item}]"])], slots: [.init("item", .text, required: true)])
            ]))
        let conversation = try await parser.converse("add").conversation
        #expect(conversation.isOpen)
        let data = try JSONEncoder().encode(conversation)
        #expect(try JSONDecoder().decode(Conversation.self, from: data) == conversation)
        guard case .run(let command, false) = try await parser.converse("milk", in: conversation).turns.first
        else { throw Unexpected(nil) }
        #expect(command.text("item") == "milk")
        let damaged = Conversation(state: "{\"open\": 1}", isOpen: true)
        let error = await failure { _ = try await parser.converse("milk", in: damaged) }
        guard case .invalidInput = error as? SpatzError else { throw Unexpected(error) }
    }

    @Test func aMistakeInTheFileHasAPlace() async throws {
        let error = await failure {
            _ = try await CommandParser(yaml: "language: en\nintents:\n\tA:\n", name: "broken.yaml")
        }
        guard case .invalidCommands(let message) = error as? SpatzError else { throw Unexpected(error) }
        #expect(message.hasPrefix("broken.yaml:3:1:"))
    }

    @Test func closingTwiceIsClosingOnce() async throws {
        let parser = try await CommandParser(yaml: yaml)
        parser.close()
        parser.close()
        let error = await failure { _ = try await parser.parse("play yesterday") }
        guard case .closed = error as? SpatzError else { throw Unexpected(error) }
    }
}
