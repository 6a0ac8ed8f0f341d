package dev.spatz.sample.ime

import android.util.Log
import dev.spatz.SpatzException
import dev.spatz.Suggestions
import dev.spatz.TextInput
import dev.spatz.TextPredictor
import dev.spatz.sample.keyboard.Placement
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Deferred
import kotlinx.coroutines.Job
import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.flow.collectLatest
import kotlinx.coroutines.flow.receiveAsFlow
import kotlinx.coroutines.launch

/**
 * Asks [predictor] for suggestions and brings them back to the thread of [scope]. Asking never waits, and a wish that a newer
 * one overtakes is dropped, wherever it is.
 */
class Predictions(
    private val scope: CoroutineScope,
    private val predictor: Deferred<TextPredictor>,
    private val answer: (TextInput, Suggestions) -> Unit,
) {
    private val inputs = Channel<TextInput>(Channel.CONFLATED)
    private val asking: Job =
        scope.launch {
            val ready = predictor.await()
            inputs.receiveAsFlow().collectLatest { input ->
                try {
                    answer(input, ready.suggest(input))
                } catch (error: SpatzException) {
                    Log.w(TAG, "no suggestions", error)
                }
            }
        }

    fun ask(input: TextInput) {
        inputs.trySend(input)
    }

    /** The person took the correction of [typed] back. */
    fun rejected(typed: String) {
        scope.launch { predictor.await().reject(typed) }
    }

    /** The keys are where [placement] says. */
    fun place(placement: Placement) {
        val keys = placement.engineKeys().ifEmpty { return }
        scope.launch { predictor.await().setKeys(keys) }
    }

    /** Frees what can be had again; the keyboard is out of sight. */
    fun trim() {
        scope.launch { predictor.await().trim() }
    }

    /** Asks no more. */
    fun stop() {
        asking.cancel()
    }

    private companion object {
        const val TAG = "Predictions"
    }
}
