import Foundation
internal import SpatzGenerated

/// Why a call failed. The case says what an app can do; the message what was wrong, where, and how to mend it.
public enum SpatzError: Error, Equatable, Sendable {
    /// There is no file at the URL, or it may not be read.
    case modelNotFound(String)
    /// The file is damaged, or is no model package.
    case modelInvalid(String)
    /// A sound package that this version of Spatz, or this feature, cannot use.
    case modelUnsupported(String)
    /// An argument is wrong.
    case invalidInput(String)
    /// The text is longer than the model's context.
    case contextTooLong(String)
    /// The command file has a mistake; the message gives file, line and column.
    case invalidCommands(String)
    /// What is learned cannot be saved or read: no space, no permission, or the folder is in use elsewhere.
    case storage(String)
    /// The session is answering; end that answer first.
    case sessionBusy(String)
    /// The object was closed before or during the call.
    case closed(String)
    /// A bug in Spatz; please report it. The message holds no text of the user.
    case `internal`(String)
}

extension SpatzError: LocalizedError {
    public var errorDescription: String? {
        switch self {
        case .modelNotFound(let message), .modelInvalid(let message), .modelUnsupported(let message),
            .invalidInput(let message), .contextTooLong(let message), .invalidCommands(let message),
            .storage(let message), .sessionBusy(let message), .closed(let message), .internal(let message):
            message
        }
    }
}

/// The error that apps see: cancelled and superseded calls are Swift's own `CancellationError`.
func publicError(_ error: any Error) -> any Error {
    guard let error = error as? SpatzGenerated.SpatzError else { return error }
    return switch error {
    case .ModelNotFound(let message): SpatzError.modelNotFound(message)
    case .ModelInvalid(let message): SpatzError.modelInvalid(message)
    case .ModelUnsupported(let message): SpatzError.modelUnsupported(message)
    case .InvalidInput(let message): SpatzError.invalidInput(message)
    case .ContextTooLong(let message): SpatzError.contextTooLong(message)
    case .InvalidCommands(let message): SpatzError.invalidCommands(message)
    case .Storage(let message): SpatzError.storage(message)
    case .SessionBusy(let message): SpatzError.sessionBusy(message)
    case .Closed(let message): SpatzError.closed(message)
    case .Internal(let message): SpatzError.internal(message)
    case .Cancelled, .Superseded: CancellationError()
    }
}
