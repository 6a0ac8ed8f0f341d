package dev.spatz.sample.ime

import android.util.Log
import dev.spatz.Phrase
import dev.spatz.SpatzException
import dev.spatz.Suggestions
import dev.spatz.TextInput
import dev.spatz.TextPredictor
import dev.spatz.sample.keyboard.Placement
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Deferred
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.cancel
import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.flow.collectLatest
import kotlinx.coroutines.flow.receiveAsFlow
import kotlinx.coroutines.launch
import kotlinx.coroutines.withContext

/**
 * Asks [predictor] for suggestions and brings them to [answer] on the main thread. Asking never waits, and a wish that
 * a newer one overtakes is dropped, wherever it is. Even ending a call happens on other threads: nothing here touches
 * the engine on the caller's.
 */
class Predictions(
    private val predictor: Deferred<TextPredictor>,
    private val answer: (TextInput, Suggestions, Phrase?) -> Unit,
) {
    private val scope = CoroutineScope(SupervisorJob() + Dispatchers.Default)
    private val inputs = Channel<TextInput>(Channel.CONFLATED)

    init {
        withPredictor { ready ->
            inputs.receiveAsFlow().collectLatest { input ->
                val suggestions = ask { ready.suggest(input) } ?: return@collectLatest
                withContext(Dispatchers.Main) { answer(input, suggestions, null) }
                val phrase = ask { ready.phrase(input) } ?: return@collectLatest
                withContext(Dispatchers.Main) { answer(input, suggestions, phrase) }
            }
        }
    }

    private suspend fun <T> ask(work: suspend () -> T): T? =
        try {
            work()
        } catch (error: SpatzException) {
            Log.w(TAG, "no suggestions", error)
            null
        }

    fun ask(input: TextInput) {
        inputs.trySend(input)
    }

    /** The person took the correction of [typed] back. */
    fun rejected(typed: String) = withPredictor { it.reject(typed) }

    /** The keys are where [placement] says. */
    fun place(placement: Placement) {
        val keys = placement.engineKeys().ifEmpty { return }
        withPredictor { it.setKeys(keys) }
    }

    /** Frees what can be had again; the keyboard is out of sight. */
    fun trim() = withPredictor { it.trim() }

    /** Asks no more. */
    fun stop() {
        scope.launch { scope.cancel() }
    }

    private fun withPredictor(work: suspend (TextPredictor) -> Unit) {
        scope.launch {
            try {
                work(predictor.await())
            } catch (error: SpatzException) {
                Log.w(TAG, "the predictor is not there", error)
            }
        }
    }

    private companion object {
        const val TAG = "Predictions"
    }
}
