package dev.spatz.sample.voice

import dev.spatz.Hypothesis
import dev.spatz.sample.Engines
import dev.spatz.sample.assistant.Assistant
import dev.spatz.sample.assistant.AssistantState
import dev.spatz.sample.assistant.Home
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.cancel
import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.launch
import kotlinx.coroutines.withContext
import java.time.ZonedDateTime

/** The command screen's conversation, which outlives a turn of the phone. What is said is understood in its order. */
class CommandSession(
    private val engines: Engines,
) {
    private val assistant = Assistant { said, so, far -> engines.commands().converse(said, so, far) }
    private val scope = CoroutineScope(SupervisorJob() + Dispatchers.Main)
    private val utterances = Channel<Utterance>(Channel.UNLIMITED)

    private class Utterance(
        val hypotheses: List<Hypothesis>,
        val now: ZonedDateTime,
    )

    val state: AssistantState get() = assistant.state

    /** Receives the state now and whenever it changes, on the main thread. */
    var onState: ((AssistantState) -> Unit)? = null
        set(value) {
            field = value
            value?.invoke(state)
        }

    init {
        scope.launch {
            withContext(Dispatchers.Default) { engines.commands() }
            for (utterance in utterances) {
                assistant.hear(utterance.hypotheses, utterance.now)
                onState?.invoke(state)
            }
        }
    }

    fun hear(
        hypotheses: List<Hypothesis>,
        now: ZonedDateTime,
    ) {
        utterances.trySend(Utterance(hypotheses, now))
    }

    /** The home was changed by hand. */
    fun change(change: (Home) -> Home) {
        assistant.change(change)
        onState?.invoke(state)
    }

    /** Ends the conversation. On another thread, since ending a running call reaches the engine. */
    fun close() {
        scope.launch(Dispatchers.Default) { scope.cancel() }
    }
}
