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
