package dev.spatz.sample

import android.content.Context
import android.util.Log
import dev.spatz.CommandFile
import dev.spatz.CommandParser
import dev.spatz.CommandSet
import dev.spatz.LearnedWords
import dev.spatz.Model
import dev.spatz.PredictorOptions
import dev.spatz.SpatzException
import dev.spatz.TextPredictor
import dev.spatz.android.fromAsset
import dev.spatz.sample.settings.SettingsStore
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.Deferred
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.async
import kotlinx.coroutines.launch
import java.io.File

/**
 * The app's models, opened once when they are first wanted, and what is made from them. Nothing here waits, and nothing
 * touches the engine on the caller's thread.
 */
class Engines(
    private val context: Context,
) {
    private val scope = CoroutineScope(SupervisorJob() + Dispatchers.IO)
    private val words = scope.async(start = CoroutineStart.LAZY) { Model.fromAsset(context, "spatz-base.gguf") }
    private val sentences = scope.async(start = CoroutineStart.LAZY) { encoder() }
    private val commands = scope.async(start = CoroutineStart.LAZY) { openCommands() }

    /** `null` in a build without the package: commands are then understood by their templates alone. */
    private suspend fun encoder(): Model? {
        val asset = "spatz-sentence.gguf"
        return if (asset in context.assets.list("").orEmpty()) Model.fromAsset(context, asset) else null
    }

    private var keyboard: Keyboard? = null

    private class Keyboard(
        val languages: List<String>,
        val predictor: Deferred<TextPredictor>,
    )

    /** The predictor that learns, for words of [languages]: the keyboard's, and the learned words screen's. */
    @Synchronized
    fun keyboard(languages: List<String>): Deferred<TextPredictor> {
        val old = keyboard
        if (old?.languages == languages) return old.predictor
        // One at a time, since it has the folder of learned words to itself.
        val new =
            scope.async {
                old?.predictor?.let { closeNow(it) }
                openKeyboard(languages)
            }
        keyboard = Keyboard(languages, new)
        return new
    }

    private suspend fun openKeyboard(languages: List<String>): TextPredictor = attached(predictor(languages).await())

    /** Learns from [message], which was typed into a field that allows it and was sent. */
    fun learn(message: String) {
        val predictor = synchronized(this) { keyboard }?.predictor ?: return
        scope.launch {
            try {
                predictor.await().learn(message)
            } catch (error: SpatzException) {
                Log.w(TAG, "a message was not learned", error)
            }
        }
    }

    /** What the keyboard has learned. */
    suspend fun learned(): LearnedWords = keyboard().await().learned

    /**
     * A predictor of the caller's own that knows what the keyboard has learned and learns nothing, for those of
     * [languages] that there are words of; hand it back to [close].
     */
    fun reader(languages: List<String>): Deferred<TextPredictor> =
        scope.async {
            // First, so that the folder is the keyboard's to write in.
            keyboard().await()
            attached(predictor(languages).await())
        }

    private fun keyboard() = keyboard(SettingsStore(context).keyboard.languages)

    private fun predictor(languages: List<String>): Deferred<TextPredictor> {
        val options = PredictorOptions(languages = languages.filter { it in LANGUAGES }.ifEmpty { LANGUAGES })
        return scope.async { TextPredictor.open(words.await(), options) }
    }

    /** A keyboard that cannot keep what it learns is still one. */
    private suspend fun attached(predictor: TextPredictor): TextPredictor {
        try {
            predictor.learned.attach(File(context.filesDir, "learned").toPath())
        } catch (error: SpatzException) {
            Log.w(TAG, "nothing is kept of what is learned", error)
        }
        return predictor
    }

    /** Closes what [reader] gave, also if it is not ready yet. */
    fun close(predictor: Deferred<TextPredictor>) {
        scope.launch { closeNow(predictor) }
    }

    private suspend fun closeNow(predictor: Deferred<TextPredictor>) {
        try {
            predictor.await().close()
        } catch (error: SpatzException) {
            Log.w(TAG, "it was not open", error)
        }
    }

    /** The parser of the command screen. */
    suspend fun commands(): CommandParser = commands.await()

    /** Compiles the command files; what is learned from them once is kept for the next start. */
    private suspend fun openCommands(): CommandParser {
        val folder = "commands"
        val files =
            context.assets.list(folder).orEmpty().sorted().map { name ->
                CommandFile(
                    name,
                    context.assets
                        .open("$folder/$name")
                        .bufferedReader()
                        .use { it.readText() },
                )
            }
        val learned = File(context.cacheDir, "commands.learned")
        val saved = learned.takeIf { it.exists() }?.readBytes()
        val parser = CommandParser.open(CommandSet(files), sentences.await(), saved)
        parser.save()?.takeUnless { it.contentEquals(saved) }?.let(learned::writeBytes)
        return parser
    }

    private companion object {
        const val TAG = "Engines"
        val LANGUAGES = listOf("en", "de")
    }
}

/** The app's [Engines]. */
val Context.engines: Engines get() = (applicationContext as SampleApp).engines
