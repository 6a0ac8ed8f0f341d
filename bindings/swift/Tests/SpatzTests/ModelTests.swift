import Foundation
import Testing

@testable import Spatz

@Suite struct ModelTests {
    @Test func aPackageSaysWhatItIs() async throws {
        let model = try await Fixtures.model()
        let size = try Fixtures.modelURL.resourceValues(forKeys: [.fileSizeKey]).fileSize
        #expect(model.info.fileBytes == size)
        #expect(model.info.architecture == "llama")
        #expect(model.info.sections.contains("lexicon"))
        try await model.verify()
    }

    @Test func aMissingFileIsNamed() async throws {
        let error = await failure { _ = try await Model.open(URL(fileURLWithPath: "/no/such.gguf")) }
        guard case .modelNotFound(let message) = error as? SpatzError else {
            throw Unexpected(error)
        }
        #expect(message.contains("/no/such.gguf"))
        #expect(error?.localizedDescription == message)
    }

    @Test func somethingElseIsRefused() async throws {
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID()).gguf")
        try Data("This is no model.".utf8).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        let error = await failure { _ = try await Model.open(file) }
        guard case .modelInvalid = error as? SpatzError else { throw Unexpected(error) }
    }

    @Test func aPackageInsideAnotherFileOpensAtItsOffset() async throws {
        let archive = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID()).bin")
        defer { try? FileManager.default.removeItem(at: archive) }
        let package = try Data(contentsOf: Fixtures.modelURL)
        try (Data(count: 30) + package + Data(count: 100)).write(to: archive)
        let file = try FileHandle(forReadingFrom: archive)
        let model = try await Model.open(
            fileDescriptor: file.fileDescriptor, offset: 30, length: UInt64(package.count))
        try file.close()
        try await model.verify()
        let whole = try await Fixtures.model()
        #expect(model.info.parameters == whole.info.parameters)
    }

    @Test func aWrongDescriptorIsRefused() async throws {
        let error = await failure { _ = try await Model.open(fileDescriptor: -1, offset: 0, length: 10) }
        guard case .invalidInput = error as? SpatzError else { throw Unexpected(error) }
    }

    @Test func closingTwiceIsClosingOnceAndWhatWasMadeFromItGoesOn() async throws {
        let model = try await Model.open(Fixtures.modelURL)
        let keyboard = try await TextPredictor(model: model)
        model.close()
        model.close()
        let error = await failure { try await model.verify() }
        guard case .closed = error as? SpatzError else { throw Unexpected(error) }
        #expect(try await keyboard.suggest(TextInput(context: "I am ")).candidates.count == 3)
    }
}

/// Something else than the error that a test waits for.
struct Unexpected: Error {
    let found: (any Error)?

    init(_ found: (any Error)?) {
        self.found = found
    }
}
