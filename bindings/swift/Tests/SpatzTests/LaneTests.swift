import Dispatch
import SpatzGenerated
import Testing

@testable import Spatz

@Suite struct LaneTests {
    /// A keystroke's task that was cancelled may reach the lane after the next one's.
    @Test func aCancelledTaskEndsNoOther() async throws {
        let lane = Lane("test")
        let engine = try await RustTextPredictor(model: Fixtures.model().ffi, options: PredictorOptions().ffi)
        let (begun, mayGoOn) = (AsyncStream.makeStream(of: Void.self), DispatchSemaphore(value: 0))
        let newest = Task {
            try await lane.callNewest { token in
                begun.continuation.finish()
                mayGoOn.wait()
                return try engine.suggest(input: TextInput(context: "I am ").ffi, deadline: nil, cancel: token)
            }
        }
        for await _ in begun.stream {}
        let overtaken = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            try await lane.callNewest { _ in }
        }
        await #expect(throws: CancellationError.self) { try await overtaken.value }
        mayGoOn.signal()
        #expect(try await newest.value.candidates.count == 3)
    }
}
