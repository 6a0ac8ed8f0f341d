package dev.spatz

import dev.spatz.ffi.isConversationOpen
import java.io.Serializable

/** What an app does next in a conversation. */
public sealed interface Turn {
    /** Run [command]. If it [corrects], it replaces the one that ran before, which the app undoes if it can. */
    public data class Run(
        public val command: Command,
        public val corrects: Boolean,
    ) : Turn,
        Intent by command

    /** Ask [prompt] for the value of [slot], which [command] lacks; the prompt is empty if the set has none. */
    public data class Ask(
        public val command: Command,
        public val slot: String,
        public val prompt: String,
    ) : Turn,
        Intent by command

    /** Ask [prompt] whether [command] is meant, because the set calls it destructive. */
    public data class Confirm(
        public val command: Command,
        public val prompt: String,
    ) : Turn,
        Intent by command

    /** The person no longer wants what was asked about. */
    public data object Cancelled : Turn

    /** Not meant for this app, or no answer to what was asked; an open question stays open. */
    public data object NotUnderstood : Turn
}

/**
 * What comes of an utterance in a conversation.
 *
 * @property heard the utterance, or the hypothesis of a recogniser that was taken.
 * @property turns what the app does next, in this order; one, or several where several commands were said.
 * @property conversation where the conversation stands now: pass it with the next utterance.
 */
public data class Reply(
    public val heard: String,
    public val turns: List<Turn>,
    public val conversation: Conversation,
)

/**
 * Where a conversation stands: a plain value that the app keeps, stores or throws away. `Conversation()` begins a new
 * one. It holds what the person said, so treat it as private.
 *
 * @property isOpen whether the next utterance is expected to answer a question.
 */
public class Conversation internal constructor(
    internal val state: String?,
    public val isOpen: Boolean,
) : Serializable {
    /** A new conversation. */
    public constructor() : this(null, false)

    /** All of it as text, for [restore]. */
    public fun save(): String = state.orEmpty()

    override fun equals(other: Any?): Boolean = other is Conversation && other.state == state

    override fun hashCode(): Int = state.hashCode()

    override fun toString(): String = "Conversation(isOpen=$isOpen)"

    public companion object {
        private const val serialVersionUID = 1L

        /**
         * The conversation that [save] gave.
         *
         * @throws SpatzException.InvalidInput if the text is damaged or of another version.
         */
        public suspend fun restore(saved: String): Conversation =
            if (saved.isEmpty()) Conversation() else Lane().call { Conversation(saved, isConversationOpen(saved)) }
    }
}
