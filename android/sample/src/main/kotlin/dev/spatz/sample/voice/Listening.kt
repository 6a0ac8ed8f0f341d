package dev.spatz.sample.voice

import android.content.Context
import android.content.Intent
import android.os.Build
import android.os.Bundle
import android.speech.RecognitionListener
import android.speech.RecognizerIntent
import android.speech.SpeechRecognizer
import dev.spatz.Hypothesis
import dev.spatz.sample.R

/** What comes of listening. */
sealed interface Heard {
    /** What it sounds like so far. */
    data class Partial(
        val text: String,
    ) : Heard

    /** All that may have been said, the likeliest first. */
    data class Result(
        val hypotheses: List<Hypothesis>,
    ) : Heard

    /** Nothing came of it; [message] is a string resource with the [code] for an argument. */
    data class Failed(
        val message: Int,
        val code: Int,
    ) : Heard
}

/**
 * The phone's speech recogniser, the one on the device where there is one. Lives on the main thread, as the recogniser
 * does.
 */
class Listening(
    private val context: Context,
    private val onHeard: (Heard) -> Unit,
) {
    private var recognizer: SpeechRecognizer? = null

    /** Whether what is said stays on the phone. */
    val isOnDevice: Boolean
        get() =
            Build.VERSION.SDK_INT >= Build.VERSION_CODES.S &&
                SpeechRecognizer.isOnDeviceRecognitionAvailable(context)

    val isAvailable: Boolean get() = isOnDevice || SpeechRecognizer.isRecognitionAvailable(context)

    /** Listens for one utterance in the language of [tag], such as `de-DE`. */
    fun start(tag: String) {
        val recognizer = recognizer ?: create().also { recognizer = it }
        val intent =
            Intent(RecognizerIntent.ACTION_RECOGNIZE_SPEECH)
                .putExtra(RecognizerIntent.EXTRA_LANGUAGE_MODEL, RecognizerIntent.LANGUAGE_MODEL_FREE_FORM)
                .putExtra(RecognizerIntent.EXTRA_LANGUAGE, tag)
                .putExtra(RecognizerIntent.EXTRA_MAX_RESULTS, HYPOTHESES)
                .putExtra(RecognizerIntent.EXTRA_PARTIAL_RESULTS, true)
                .putExtra(RecognizerIntent.EXTRA_PREFER_OFFLINE, true)
        recognizer.startListening(intent)
    }

    /** Takes what was said so far. */
    fun stop() {
        recognizer?.stopListening()
    }

    /** Lets the recogniser go. */
    fun close() {
        recognizer?.destroy()
        recognizer = null
    }

    private fun create(): SpeechRecognizer {
        val recognizer =
            if (Build.VERSION.SDK_INT >= Build.VERSION_CODES.S && isOnDevice) {
                SpeechRecognizer.createOnDeviceSpeechRecognizer(context)
            } else {
                SpeechRecognizer.createSpeechRecognizer(context)
            }
        recognizer.setRecognitionListener(Listener())
        return recognizer
    }

    private inner class Listener : RecognitionListener {
        override fun onResults(results: Bundle) {
            val hypotheses = hypotheses(results)
            onHeard(if (hypotheses.isEmpty()) failed(SpeechRecognizer.ERROR_NO_MATCH) else Heard.Result(hypotheses))
        }

        override fun onPartialResults(results: Bundle) {
            texts(results).firstOrNull()?.takeIf { it.isNotBlank() }?.let { onHeard(Heard.Partial(it)) }
        }

        override fun onError(error: Int) = onHeard(failed(error))

        override fun onReadyForSpeech(parameters: Bundle?) = Unit

        override fun onBeginningOfSpeech() = Unit

        override fun onRmsChanged(decibels: Float) = Unit

        override fun onBufferReceived(buffer: ByteArray?) = Unit

        override fun onEndOfSpeech() = Unit

        override fun onEvent(
            type: Int,
            parameters: Bundle?,
        ) = Unit
    }

    private companion object {
        const val HYPOTHESES = 5

        fun texts(results: Bundle) = results.getStringArrayList(SpeechRecognizer.RESULTS_RECOGNITION).orEmpty()

        /** A recogniser that gives no scores gives an order: each later hypothesis counts half. */
        fun hypotheses(results: Bundle): List<Hypothesis> {
            val scores = results.getFloatArray(SpeechRecognizer.CONFIDENCE_SCORES)
            return texts(results).mapIndexed { index, text ->
                Hypothesis(text, scores?.getOrNull(index)?.takeIf { it > 0 } ?: (1f / (1 shl index)))
            }
        }

        fun failed(error: Int): Heard.Failed {
            val message =
                when (error) {
                    SpeechRecognizer.ERROR_NO_MATCH, SpeechRecognizer.ERROR_SPEECH_TIMEOUT -> R.string.speech_nothing
                    SpeechRecognizer.ERROR_LANGUAGE_NOT_SUPPORTED, SpeechRecognizer.ERROR_LANGUAGE_UNAVAILABLE ->
                        R.string.speech_language
                    SpeechRecognizer.ERROR_INSUFFICIENT_PERMISSIONS -> R.string.speech_denied
                    else -> R.string.speech_failed
                }
            return Heard.Failed(message, error)
        }
    }
}
