import Foundation
import Spatz
import Testing

@testable import AssistantLogic

/// The assistant on the app's own command files.
@Suite @MainActor struct AssistantTests {
    private static let repository = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()
    private static let files = ["timers", "lights", "shopping"].map {
        repository.appendingPathComponent("tests/commands/\($0).yaml")
    }

    private let folder = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID())")
    private let start = Date(timeIntervalSince1970: 1_800_000_000)

    private func parser() async throws -> CommandParser {
        try await CommandParser(
            CommandSet(files: Self.files.map {
                CommandFile(name: $0.lastPathComponent, text: try String(contentsOf: $0, encoding: .utf8))
            }))
    }

    private func assistant() async throws -> Assistant {
        Assistant(parser: try await parser(), now: { [start] in start })
    }

    private func answer(_ text: String, of assistant: Assistant) async -> [String] {
        await assistant.hear(text).answers.map(\.text)
    }

    @Test func aTimerRuns() async throws {
        let assistant = try await assistant()
        #expect(await answer("set a timer for ten minutes", of: assistant) == ["Timer: 10:00"])
        #expect(assistant.home.timers.map(\.end) == [start + 600])
        #expect(await answer("wie lange läuft der Timer noch", of: assistant) == ["Noch 10:00"])
        #expect(await answer("five minutes more", of: assistant) == ["Timer: 15:00"])
        #expect(await answer("stop the timer", of: assistant) == ["The timer is off."])
        #expect(assistant.home.timers.isEmpty)
        #expect(await answer("stop the timer", of: assistant) == ["There is no such timer."])
    }

    @Test func whatIsMissingIsAskedFor() async throws {
        let assistant = try await assistant()
        #expect(await answer("stell einen Timer", of: assistant) == ["Wie lange?"])
        #expect(assistant.question == "Wie lange?")
        _ = await answer("bananarama", of: assistant)
        #expect(assistant.question == "Wie lange?", "an open question stays open")
        #expect(await answer("eine Viertelstunde", of: assistant) == ["Timer: 15:00"])
        #expect(assistant.question == nil)
    }

    @Test func aCorrectionReplacesWhatRanBefore() async throws {
        let assistant = try await assistant()
        _ = await answer("set a timer for ten minutes", of: assistant)
        #expect(await answer("no, twenty minutes", of: assistant) == ["Timer: 20:00"])
        #expect(assistant.home.timers.map(\.end) == [start + 1200])
    }

    @Test func lightsGoOnAndOff() async throws {
        let assistant = try await assistant()
        #expect(await answer("turn on the light in the kitchen", of: assistant) == ["Light, kitchen: on"])
        #expect(assistant.home.lights["kitchen"]?.isOn == true)
        #expect(assistant.home.lights["hall"]?.isOn == false)
        #expect(await answer("and in the bedroom too", of: assistant) == ["Light, bedroom: on"])
        #expect(await answer("stell das Licht im Schlafzimmer auf 30 Prozent", of: assistant) == ["Licht, Schlafzimmer: 30 %"])
        #expect(assistant.home.lights["bedroom"]?.brightness == 30)
        #expect(await answer("make the lamp in the hall blue", of: assistant) == ["Light, hall: on"])
        #expect(assistant.home.lights["hall"]?.colour == "blue")
        #expect(await answer("alle Lichter aus", of: assistant) == ["Alle Lichter: aus"])
        #expect(assistant.home.lights.values.allSatisfy { !$0.isOn })
    }

    @Test func theListIsKeptAndEmptiedOnlyAfterAYes() async throws {
        let assistant = try await assistant()
        #expect(await answer("add three eggs to the list", of: assistant) == ["Added: 3 eggs"])
        _ = await answer("we need milk", of: assistant)
        #expect(assistant.home.items.map(\.text) == ["3 eggs", "milk"])
        _ = await answer("add two eggs to the list", of: assistant)
        #expect(await answer("was steht auf der Einkaufsliste", of: assistant) == ["5 eggs, milk"])
        #expect(await answer("i bought milk", of: assistant) == ["Struck off: milk"])
        #expect(await answer("clear the list", of: assistant) == ["Strike everything off the list?"])
        #expect(await answer("no", of: assistant) == ["Never mind."])
        #expect(assistant.home.items.count == 1)
        _ = await answer("clear the list", of: assistant)
        #expect(await answer("yes", of: assistant) == ["The list is empty."])
        #expect(assistant.home.items.isEmpty)
    }

    @Test func twoCommandsInOneSentence() async throws {
        let assistant = try await assistant()
        let texts = await answer("turn on the light in the kitchen and set a timer for five minutes", of: assistant)
        #expect(texts == ["Light, kitchen: on", "Timer: 5:00"])
    }

    @Test func whatWasUnderstoodIsShownSlotBySlot() async throws {
        let assistant = try await assistant()
        let exchange = await assistant.hear("bitte stell einen Timer auf zehn Minuten")
        let understood = try #require(exchange.answers.first?.understood)
        #expect(understood.intent == "StartTimer")
        #expect(understood.percent == 100)
        #expect(understood.rows == [.init(name: "duration", words: "zehn Minuten", value: "10:00")])
    }

    @Test func somethingElseIsRefused() async throws {
        let assistant = try await assistant()
        let exchange = await assistant.hear("what is the meaning of life", language: "de")
        #expect(exchange.answers == [.init(text: "Das habe ich nicht verstanden.", understood: nil)])
        #expect(assistant.home == Home())
    }

    @Test func ofWhatTheRecogniserMayHaveHeardWhatFitsCounts() async throws {
        let assistant = try await assistant()
        let heard = [
            Transcription(text: "set a dimmer for ten minutes", confidences: [0.9, 0.5]),
            Transcription(text: "set a timer for ten minutes", confidences: [0.8, 0.5]),
        ]
        let exchange = await assistant.hear(Hypothesis.all(heard))
        #expect(exchange.heard == "set a timer for ten minutes")
        #expect(assistant.home.timers.count == 1)
    }

    @Test func hypothesesWithoutConfidencesCountByTheirPlace() {
        let bare = ["a", "b"].map { Transcription(text: $0, confidences: [0, 0]) }
        #expect(Hypothesis.all(bare) == [Hypothesis("a", score: 0.5), Hypothesis("b", score: 0.25)])
        let known = [Transcription(text: "a", confidences: [0.25, 0.75]), Transcription(text: "b", confidences: [])]
        #expect(Hypothesis.all(known) == [Hypothesis("a", score: 0.5), Hypothesis("b", score: 0)])
    }

    @Test func whatIsSaidWhileAnAnswerIsOnItsWayComesAfterIt() async throws {
        let assistant = try await assistant()
        let said = ["set a timer", "ten minutes", "no, twenty minutes"]
        for task in said.map({ text in Task { await assistant.hear(text) } }) { _ = await task.value }
        #expect(assistant.exchanges.map(\.heard) == said)
        #expect(assistant.home.timers.map(\.end) == [start + 1200])
    }

    @Test func theHomeIsThereAgainAtTheNextStart() async throws {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appendingPathComponent("home.json")
        let assistant = try await Assistant.open(commands: Self.files, home: file)
        _ = await assistant.hear("we need milk")
        assistant.setLight("hall", isOn: true)
        #expect(assistant.startTimer(seconds: 90, language: "de") == "Timer: 1:30")
        #expect(assistant.add("Eier", language: "de") == "Notiert: Eier")
        let next = try await Assistant.open(commands: Self.files, home: file)
        #expect(next.home == assistant.home)
        #expect(next.home.items.map(\.text) == ["milk", "Eier"])
        #expect(next.home.timers.count == 1)
        #expect(next.home.lights["hall"]?.isOn == true)
        next.strike(try #require(next.home.items.first))
        #expect(Home(savedAt: file).items.map(\.text) == ["Eier"])
        try Data("no home".utf8).write(to: file)
        #expect(Home(savedAt: file) == Home())
    }

    @Test func withTheSentencePackageWordsOfOnesOwnWillDo() async throws {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let learned = folder.appendingPathComponent("learned")
        let encoder = Self.repository.appendingPathComponent("models/spatz-sentence.gguf")
        let assistant = try await Assistant.open(
            commands: [Self.files[1]], encoder: encoder, learned: learned, home: folder.appendingPathComponent("home.json"))
        #expect(try !Data(contentsOf: learned).isEmpty)
        let exchange = await assistant.hear("would you kindly put the kitchen lights on", language: "en")
        #expect(exchange.answers.first?.understood?.intent == "TurnOn", "\(exchange)")
    }

    @Test func aTimerThatHasRungIsGone() {
        let timer = Home.Timer(id: UUID(), name: nil, end: start)
        #expect(timer.seconds(at: start - 3725) == 3725)
        #expect(timer.seconds(at: start + 5) == 0)
        #expect(clock(3725) == "1:02:05")
        #expect(clock(59) == "0:59")
    }
}
