package dev.spatz.sample.assistant

import dev.spatz.Conversation
import dev.spatz.Hypothesis
import dev.spatz.Intent
import dev.spatz.ParseContext
import dev.spatz.Reply
import dev.spatz.Turn
import java.time.ZonedDateTime

/** What came of something said. */
sealed interface Outcome {
    /**
     * A command was understood.
     *
     * @property state what happens with it.
     * @property say what the app answers or asks.
     */
    data class Understood(
        val intent: String,
        val confidence: Float,
        val values: List<ValueRow>,
        val state: State,
        val say: String,
    ) : Outcome

    /** The question that was open is dropped. */
    data object Dropped : Outcome

    /** Nothing that this app can do. */
    data object NotUnderstood : Outcome

    /** What happens with a command. */
    enum class State { DONE, CORRECTED, ASKS, CONFIRMS }
}

/** Something that was [said], or what of it was most probably said, and what came of it. */
data class Exchange(
    val said: String,
    val outcomes: List<Outcome>,
)

/**
 * The command screen.
 *
 * @property exchanges what was said so far, the oldest first.
 * @property isAsking whether an answer is expected.
 */
data class AssistantState(
    val home: Home = Home(),
    val exchanges: List<Exchange> = emptyList(),
    val isAsking: Boolean = false,
)

/** Understands what is said after what was said before; the engine's `CommandParser.converse`. */
fun interface Understanding {
    suspend fun converse(
        hypotheses: List<Hypothesis>,
        conversation: Conversation,
        context: ParseContext,
    ): Reply
}

/** The dialogue: what is said becomes deeds in the [Home], or a question. One utterance at a time. */
class Assistant(
    private val understanding: Understanding,
) {
    private var conversation = Conversation()

    /** The home before the last command, to which a correction goes back. */
    private var before = Home()

    var state = AssistantState()
        private set

    /** All that a recogniser may have heard, the likeliest first, or one text that was typed. */
    suspend fun hear(
        hypotheses: List<Hypothesis>,
        now: ZonedDateTime,
    ): AssistantState {
        val reply = understanding.converse(hypotheses, conversation, ParseContext(reference = now))
        conversation = reply.conversation
        val outcomes = reply.turns.map { outcome(it, now) }
        state =
            state.copy(exchanges = state.exchanges + Exchange(reply.heard, outcomes), isAsking = conversation.isOpen)
        return state
    }

    /** The home was changed by hand. */
    fun change(change: (Home) -> Home): AssistantState {
        state = state.copy(home = change(state.home))
        return state
    }

    private fun outcome(
        turn: Turn,
        now: ZonedDateTime,
    ): Outcome =
        when (turn) {
            is Turn.Run -> run(turn, now)
            is Turn.Ask -> understood(turn, Outcome.State.ASKS, turn.prompt)
            is Turn.Confirm -> understood(turn, Outcome.State.CONFIRMS, turn.prompt)
            Turn.Cancelled -> Outcome.Dropped
            Turn.NotUnderstood -> Outcome.NotUnderstood
        }

    private fun run(
        turn: Turn.Run,
        now: ZonedDateTime,
    ): Outcome {
        if (!turn.corrects) before = state.home
        val deed = before.perform(turn, now.toInstant())
        state = state.copy(home = deed.home)
        val kind = if (turn.corrects) Outcome.State.CORRECTED else Outcome.State.DONE
        return understood(turn, kind, deed.say ?: turn.response.orEmpty())
    }

    private fun understood(
        intent: Intent,
        kind: Outcome.State,
        say: String,
    ) = Outcome.Understood(intent.intent, intent.confidence, intent.slots.map(::valueRow), kind, say)
}
