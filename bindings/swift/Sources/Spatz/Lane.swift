import Dispatch
import Foundation
internal import SpatzGenerated

/// Where the calls of one engine object run: one after the other, never on the caller's thread.
///
/// Cancelling the task cancels the call's token; the engine stops at its next check, within a layer.
final class Lane: Sendable {
    private let queue: DispatchQueue
    private let newest = Locked<Call?>(nil)

    init(_ label: String) {
        queue = DispatchQueue(label: "dev.spatz.\(label)", qos: .userInitiated)
    }

    /// Runs `work` when the lane is free.
    func call<T: Sendable>(_ work: @escaping @Sendable (RustCancelToken) throws -> T) async throws -> T {
        try await run(Call(), work)
    }

    /// Like ``call(_:)``, but ends every earlier call made through this function with `CancellationError`.
    ///
    /// A task that was cancelled ends none: it may get here after the one that took its place, for each comes on a thread
    /// of its own.
    func callNewest<T: Sendable>(_ work: @escaping @Sendable (RustCancelToken) throws -> T) async throws -> T {
        let call = Call()
        newest.exchange(call, unless: Task.isCancelled)?.token.cancel()
        return try await run(call, work)
    }

    /// Runs `work` when the lane is free; nobody waits for it.
    func post(_ work: @escaping @Sendable () -> Void) {
        queue.async(execute: work)
    }

    private func run<T: Sendable>(
        _ call: Call,
        _ work: @escaping @Sendable (RustCancelToken) throws -> T
    ) async throws -> T {
        try Task.checkCancellation()
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                queue.async {
                    continuation.resume(with: Result { try work(call.token) }.mapError(publicError))
                }
            }
        } onCancel: {
            call.token.cancel()
        }
    }
}

/// One call, known by its token.
private final class Call: Sendable {
    let token = RustCancelToken()
}

/// A value behind a lock. `Synchronization.Mutex` would need iOS 18.
///
/// `@unchecked Sendable`: `value` is only touched while `lock` is held.
final class Locked<Value: Sendable>: @unchecked Sendable {
    private let lock = NSLock()
    private var value: Value

    init(_ value: Value) {
        self.value = value
    }

    func get() -> Value {
        lock.withLock { value }
    }

    /// Keeps `new` and returns what was kept before; or returns `new`, if it `isLate` once nobody else can exchange.
    @discardableResult
    func exchange(_ new: Value, unless isLate: @autoclosure () -> Bool = false) -> Value {
        lock.withLock {
            if isLate() { return new }
            let old = value
            value = new
            return old
        }
    }
}
