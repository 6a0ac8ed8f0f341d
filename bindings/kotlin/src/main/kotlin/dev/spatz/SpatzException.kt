package dev.spatz

import kotlinx.coroutines.CancellationException
import dev.spatz.ffi.SpatzException as FfiException

/** Why a call failed. The subclass says what an app can do; the message what was wrong, where, and how to mend it. */
public sealed class SpatzException(
    message: String,
) : Exception(message) {
    /** There is no file at the path, or it may not be read. */
    public class ModelNotFound internal constructor(
        message: String,
    ) : SpatzException(message)

    /** The file is damaged, or is no model package. */
    public class ModelInvalid internal constructor(
        message: String,
    ) : SpatzException(message)

    /** A sound package that this version of Spatz, or this feature, cannot use. */
    public class ModelUnsupported internal constructor(
        message: String,
    ) : SpatzException(message)

    /** An argument is wrong. */
    public class InvalidInput internal constructor(
        message: String,
    ) : SpatzException(message)

    /** The text is longer than the model's context. */
    public class ContextTooLong internal constructor(
        message: String,
    ) : SpatzException(message)

    /** The command file has a mistake; the message gives file, line and column. */
    public class InvalidCommands internal constructor(
        message: String,
    ) : SpatzException(message)

    /** What is learned cannot be saved or read: no space, no permission, or the folder is in use elsewhere. */
    public class Storage internal constructor(
        message: String,
    ) : SpatzException(message)

    /** The session is answering; end that answer first. */
    public class SessionBusy internal constructor(
        message: String,
    ) : SpatzException(message)

    /** The object was closed before or during the call. */
    public class Closed internal constructor(
        message: String,
    ) : SpatzException(message)

    /** A bug in Spatz; please report it. The message holds no text of the user. */
    public class Internal internal constructor(
        message: String,
    ) : SpatzException(message)
}

/** A newer [TextPredictor.suggest] took over. As a [CancellationException] it ends the coroutine without an error. */
public class SupersededException internal constructor(
    message: String,
) : CancellationException(message)

/** The exception that apps see; [superseded] tells which cancellation a cancelled call means. */
internal fun FfiException.toPublic(superseded: Boolean = false): Exception {
    val message = message.orEmpty()
    return when (this) {
        is FfiException.ModelNotFound -> SpatzException.ModelNotFound(message)
        is FfiException.ModelInvalid -> SpatzException.ModelInvalid(message)
        is FfiException.ModelUnsupported -> SpatzException.ModelUnsupported(message)
        is FfiException.InvalidInput -> SpatzException.InvalidInput(message)
        is FfiException.Storage -> SpatzException.Storage(message)
        is FfiException.SessionBusy -> SpatzException.SessionBusy(message)
        is FfiException.ContextTooLong -> SpatzException.ContextTooLong(message)
        is FfiException.InvalidCommands -> SpatzException.InvalidCommands(message)
        is FfiException.Closed -> SpatzException.Closed(message)
        is FfiException.Internal -> SpatzException.Internal(message)
        is FfiException.Superseded -> SupersededException(message)
        is FfiException.Cancelled ->
            if (superseded) SupersededException("a newer keystroke arrived") else CancellationException(message)
    }
}
