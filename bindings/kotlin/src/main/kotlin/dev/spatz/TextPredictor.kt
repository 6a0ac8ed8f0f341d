package dev.spatz

import dev.spatz.ffi.RustTextPredictor
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.transformLatest
import java.time.Instant
import kotlin.time.Duration

/**
 * Suggests words to a keyboard: the next one, or the rest of the one being typed; and mends typing errors. One per
 * keyboard.
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
     * @param deadline how long to wait for the model. If it takes longer, the answer comes from word list, n-gram and
     *   personal words alone, and [Suggestions.isEarly] says so: ask again without a deadline for the whole answer. With
     *   zero the model is not asked; without a deadline it is waited for.
     * @throws SpatzException.Closed after [close].
     */
    public suspend fun suggest(
        input: TextInput,
        deadline: Duration? = null,
    ): Suggestions {
        val value = input.toFfi()
        if (deadline == null) return lane.callNewest { ffi.suggest(value, null, it).toPublic() }
        return Deadline.after(deadline) { late -> lane.callNewest { ffi.suggest(value, late.token, it).toPublic() } }
    }

    /**
     * How the text probably goes on, to show as grey text behind the cursor: one to five words; null if nothing is sure
     * enough. Ask for it when [suggest] has answered, with the same input: it supersedes as [suggest] does, and what
     * [suggest] found is not computed again. The input's limit and touches are not looked at.
     *
     * @throws SpatzException.Closed after [close].
     */
    public suspend fun phrase(input: TextInput): Phrase? {
        val value = input.toFfi()
        return lane.callNewest { ffi.phrase(value, it)?.toPublic() }
    }

    /**
     * What the composing text may have been meant to be, as a word that ends here: for the word under the cursor, or one
     * that a spell checker underlines. Candidates are replacements only; the letters as typed are not among them.
     *
     * @throws SpatzException.Closed after [close].
     */
    public suspend fun correct(input: TextInput): Suggestions {
        val value = input.toFfi()
        return lane.call { ffi.correct(value, it).toPublic() }
    }

    /**
     * The person took an [Suggestions.autocorrection] of [typed] back: it is kept as a word of theirs and not replaced
     * again. Returns at once, and later calls know it; saved, if a folder is attached, soon after.
     */
    public fun reject(
        typed: String,
        at: Instant = Instant.now(),
    ) {
        // On the keystrokes' lane, so that the next one knows it; the disk is waited for on the other.
        lane.post {
            ffi.reject(typed, at.toFfi())
            learned.save()
        }
    }

    /**
     * Where the keys are, from now on; again whenever the layout changes. Without, or with none, the usual keys of the
     * languages count as neighbours.
     *
     * @throws SpatzException.InvalidInput if a place or size is no number, or a key has no size.
     */
    public suspend fun setKeys(keys: List<Key>) {
        val values = keys.map { it.toFfi() }
        lane.call { ffi.setKeys(values) }
    }

    /**
     * Suggestions for each of [inputs], leaving out those that a newer input overtakes. With a [deadline], an input whose
     * model is late has two: the early ones, and the whole ones when they are there.
     */
    @OptIn(ExperimentalCoroutinesApi::class)
    public fun suggestions(
        inputs: Flow<TextInput>,
        deadline: Duration? = null,
    ): Flow<Suggestions> =
        inputs.transformLatest { input ->
            val first = suggest(input, deadline)
            emit(first)
            if (first.isEarly) emit(suggest(input))
        }

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
 * @property emoji how many emoji to offer at most, behind the words and beyond [TextInput.limit].
 */
public data class PredictorOptions(
    public val languages: List<String> = listOf("en", "de"),
    public val contextTokens: Int = 64,
    public val emoji: Int = 0,
) {
    init {
        require(contextTokens > 0) { "contextTokens is $contextTokens; it must be positive" }
        require(emoji >= 0) { "emoji is $emoji; it must not be negative" }
    }
}

/**
 * What a keyboard knows at a keystroke.
 *
 * @property context the text before the word being typed, as it stands; ends with the separator.
 * @property composing the letters of the word being typed; empty between words.
 * @property limit how many candidates to return at most.
 * @property touches where each letter of [composing] was tapped, in the unit of the keys; of any other length they are not
 *   looked at.
 */
public data class TextInput(
    public val context: String,
    public val composing: String = "",
    public val limit: Int = 3,
    public val touches: List<Touch> = emptyList(),
) {
    init {
        require(limit >= 0) { "limit is $limit; it must not be negative" }
    }
}

/**
 * Where a key was tapped, in the unit of the keys' places.
 *
 * @property x to the right.
 * @property y down.
 */
public data class Touch(
    public val x: Float,
    public val y: Float,
)

/**
 * A key of the layout, in any unit.
 *
 * @property letters what it types.
 * @property x its centre, to the right.
 * @property y its centre, down.
 * @property width from its left neighbour's centre to its own, or as wide as it looks.
 * @property height from one row to the next.
 */
public data class Key(
    public val letters: String,
    public val x: Float,
    public val y: Float,
    public val width: Float,
    public val height: Float,
)

/**
 * What to show in the suggestion strip.
 *
 * @property candidates best first, no duplicates.
 * @property typedIsKnown whether the composing text is a word as it stands.
 * @property autocorrection what to put in place of the composing text if the word ends here and nobody chose; null where
 *   that is not safe. The strip should show it, and the letters as typed beside it.
 * @property isEarly whether the deadline came before the model had its say.
 */
public data class Suggestions(
    public val candidates: List<Candidate>,
    public val typedIsKnown: Boolean,
    public val autocorrection: Candidate? = null,
    public val isEarly: Boolean = false,
)

/**
 * How the text probably goes on.
 *
 * @property text whole words, without a trailing space; the first takes the place of the composing text.
 * @property rest what of [text] comes after the letters typed: to show behind the cursor.
 * @property scores natural logarithm of the probability of the first word, of the first two, and so on.
 */
public data class Phrase(
    public val text: String,
    public val rest: String,
    public val scores: List<Float>,
)

/**
 * A suggested word.
 *
 * @property text the whole word, without a trailing space.
 * @property score natural logarithm of its probability; 0 for what was not weighed: expansions and emoji.
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

    /** What the letters typed were meant to be: they have an error. */
    CORRECTION,

    /** The next word; nothing of it is typed yet. */
    PREDICTION,

    /** What the letters typed stand for: a shortcut, see [TextPredictor.setSupplementary]. */
    EXPANSION,

    /** An emoji for the word typed, in its place; or for the one before the cursor, behind it. */
    EMOJI,
}
