import Foundation
import Testing

@testable import Spatz

@Suite struct LearnedWordsTests {
    private func keyboard() async throws -> TextPredictor {
        try await TextPredictor(model: Fixtures.model())
    }

    private func folder() throws -> URL {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        return folder
    }

    private func holds(_ folder: URL, _ text: String) throws -> Bool {
        let files = try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
        return try files.contains { try Data(contentsOf: $0).range(of: Data(text.utf8)) != nil }
    }

    @Test func whatIsForgottenIsNowhereInTheFolder() async throws {
        let (keyboard, folder) = (try await keyboard(), try folder())
        try await keyboard.learned.attach(folder)
        for _ in 1...2 { try await keyboard.learn("wir sehen uns bei Quaxel") }
        #expect(try holds(folder, "Quaxel"))
        try await keyboard.learned.forget("quaxel")
        #expect(try !holds(folder, "Quaxel"))
        try await keyboard.learned.erase()
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["personal.lock"])
    }

    @Test func aSecondKeyboardMayReadAndSaveOnceTheFirstIsClosed() async throws {
        let (first, second, folder) = (try await keyboard(), try await keyboard(), try folder())
        try await first.learned.attach(folder)
        for _ in 1...2 { try await first.learn("bei Quaxel") }
        #expect(try await second.learned.attach(folder) == AttachedFolder(readOnly: .inUse, health: .sound))
        #expect(try await second.learned.contains("Quaxel"))
        let error = await failure { try await second.learned.forget("Quaxel") }
        guard case .storage(let message) = error as? SpatzError else { throw Unexpected(error) }
        #expect(message.contains("in use"))
        first.close()
        #expect(try await second.learned.attach(folder) == AttachedFolder(readOnly: nil, health: .sound))
        try await second.learned.forget("Quaxel")
        #expect(try await !second.learned.contains("Quaxel"))
    }

    @Test func aDamagedFileIsSetAsideAndThatIsSaid() async throws {
        let folder = try folder()
        try Data("no store".utf8).write(to: folder.appendingPathComponent("personal.store"))
        let attached = try await keyboard().learned.attach(folder)
        guard case .damaged(let kept) = attached.health else { throw Unexpected(nil) }
        #expect(kept?.lastPathComponent == "personal.store.corrupt-1")
    }

    @Test func aListHasPagesAndTimesAreTheCallers() async throws {
        let keyboard = try await keyboard()
        let day = Date(timeIntervalSince1970: 1_795_953_600)
        try await keyboard.learn("bei Quaxel mit Zumbelo", at: day)
        try await keyboard.learned.keep("Fnorbel", at: day.addingTimeInterval(86_400))
        let page = try await keyboard.learned.list(offset: 1, limit: 1, ownOnly: true)
        let word = LearnedWord(text: "Quaxel", sent: 1, kept: false, listed: false)
        #expect(page == LearnedPage(words: [word], total: 3))
        try await keyboard.learned.forget(since: day.addingTimeInterval(7_200))
        #expect(try await keyboard.learned.list(ownOnly: true).total == 2)
        try await keyboard.learned.forget(since: .distantPast)
        #expect(try await keyboard.learned.list().total == 0)
    }

    @Test func mistakesAreTold() async throws {
        let keyboard = try await keyboard()
        let noWord = await failure { try await keyboard.learned.keep("two words") }
        guard case .invalidInput = noWord as? SpatzError else { throw Unexpected(noWord) }
        let noText = await failure { try await keyboard.learned.importText("# Spatz learned words 1\nnonsense") }
        guard case .invalidInput(let message) = noText as? SpatzError else { throw Unexpected(noText) }
        #expect(message.contains("line 2"))
        keyboard.close()
        let closed = await failure { try await keyboard.learn("bei Quaxel") }
        guard case .closed = closed as? SpatzError else { throw Unexpected(closed) }
    }

    @Test func learningAndTypingGoOnSideBySide() async throws {
        let folder = try folder()
        let first = try await keyboard()
        try await first.learned.attach(folder)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                for key in 0..<300 {
                    let input = TextInput(context: "I am ", composing: String("looking".prefix(key % 7 + 1)))
                    _ = try await first.suggest(input)
                }
            }
            for writer in 1...4 {
                group.addTask { for _ in 0..<50 { try await first.learn("bei Quaxel\(writer) mit Zumbelo") } }
            }
            try await group.waitForAll()
        }
        first.close()
        let second = try await keyboard()
        try await second.learned.attach(folder)
        let word = LearnedWord(text: "Zumbelo", sent: 200, kept: false, listed: false)
        #expect(try await second.learned.list(ownOnly: true).words == [word])
    }
}
