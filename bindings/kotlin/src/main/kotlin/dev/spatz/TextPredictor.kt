package dev.spatz

import dev.spatz.ffi.RustTextPredictor
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.mapLatest
import java.time.Instant

/**
 * Suggests words to a keyboard: the next one, or the rest of the one being typed. One per keyboard.
 *
 * ```kotlin
 * TextPredictor.open(model).use { keyboard ->
 *     val strip = keyboard.suggest(TextInput(context = "Wir sehen uns ", composing = "mor"))
 *     println(strip.candidates.first().text)
 * }
 * ```
 */
public class TextPredictor private constructor(
    private val ffi: RustTextPredictor,
) : AutoCloseable {
    private val lane = Lane()

    /** What was learned: attach a folder to keep it in, list, forget, export, erase. */
    public val learned: LearnedWords = LearnedWords(ffi)

    /**
     * Candidates for the suggestion strip. The newest keystroke wins: a call that is still waiting or running when the
     * next one comes ends with [SupersededException], which is a cancellation and needs no handling.
     *
     * @throws SpatzException.Closed after [close].
     */
    public suspend fun suggest(input: TextInput): Suggestions {
        val value = input.toFfi()
        return lane.callNewest { ffi.suggest(value, it).toPublic() }
    }

    /** Suggestions for each of [inputs], leaving out those that a newer input overtakes. */
    @OptIn(ExperimentalCoroutinesApi::class)
    public fun suggestions(inputs: Flow<TextInput>): Flow<Suggestions> = inputs.mapLatest(::suggest)

    /**
     * Learns from a [message] that was sent; from a [field] other than [Field.MESSAGE], nothing. Its words and which
     * followed which are counted; its text is kept nowhere. It is on the disk when this returns, if a folder is
     * [attached][LearnedWords.attach].
     *
     * @throws SpatzException.Storage if it cannot be saved: then it is learned, and saved with the next change.
     */
    public suspend fun learn(
        message: String,
        field: Field = Field.MESSAGE,
        at: Instant = Instant.now(),
    ) {
        learned.learn(message, field, at)
    }

    /** Puts [words] in the place of the words of the address book and the shortcuts, which are never saved. */
    public suspend fun setSupplementary(words: List<SupplementaryWord>) {
        lane.call { ffi.setSupplementary(words.map { it.toFfi() }) }
    }

    /**
     * Gives memory back that can be rebuilt. Returns at once. Call it when the keyboard is hidden: the next keystroke
     * then takes a little longer.
     */
    public fun trim() {
        lane.post { ffi.trim() }
    }

    /** Bytes of memory held at the moment, the mapped package not counted. */
    public suspend fun residentBytes(): Long = lane.call { ffi.residentBytes().toLong() }

    /** Ends running calls with [SpatzException.Closed] and frees the memory. Returns at once; again does nothing. */
    override fun close() {
        ffi.release()
    }

    public companion object {
        /**
         * A predictor on [model].
         *
         * @throws SpatzException.ModelUnsupported if the package is not made for prediction.
         */
        public suspend fun open(
            model: Model,
            options: PredictorOptions = PredictorOptions(),
        ): TextPredictor =
            Lane().call(abandoned = TextPredictor::close) { TextPredictor(RustTextPredictor(model.ffi, options.toFfi())) }
    }
}

/**
 * How a [TextPredictor] works.
 *
 * @property languages languages to suggest words of, ISO 639-1; a subset of the package's.
 * @property contextTokens how much context the model looks at, in tokens (about 4 letters each).
 */
public data class PredictorOptions(
    public val languages: List<String> = listOf("en", "de"),
    public val contextTokens: Int = 64,
) {
    init {
        require(contextTokens > 0) { "contextTokens is $contextTokens; it must be positive" }
    }
}

/**
 * What a keyboard knows at a keystroke.
 *
 * @property context the text before the word being typed, as it stands; ends with the separator.
 * @property composing the letters of the word being typed; empty between words.
 * @property limit how many candidates to return at most.
 */
public data class TextInput(
    public val context: String,
    public val composing: String = "",
    public val limit: Int = 3,
) {
    init {
        require(limit >= 0) { "limit is $limit; it must not be negative" }
    }
}

/**
 * What to show in the suggestion strip.
 *
 * @property candidates best first, no duplicates.
 * @property typedIsKnown whether the composing text is a word as it stands.
 */
public data class Suggestions(
    public val candidates: List<Candidate>,
    public val typedIsKnown: Boolean,
)

/**
 * A suggested word.
 *
 * @property text the whole word, without a trailing space.
 * @property score natural logarithm of its probability.
 * @property kind how it came about.
 */
public data class Candidate(
    public val text: String,
    public val score: Float,
    public val kind: CandidateKind,
)

/** How a [Candidate] came about. */
public enum class CandidateKind {
    /** The letters as typed. */
    TYPED,

    /** A word that begins with the letters typed. */
    COMPLETION,

    /** The next word; nothing of it is typed yet. */
    PREDICTION,

    /** What the letters typed stand for: a shortcut, see [TextPredictor.setSupplementary]. */
    EXPANSION,
}
