package dev.spatz.sample.spell

import dev.spatz.Suggestions
import dev.spatz.TextInput
import java.text.BreakIterator
import java.util.Locale

/**
 * What is wrong with a word.
 *
 * @property isKnown whether it is a word as it stands, and no likelier one was meant.
 * @property replacements what it may have been meant to be, the likeliest first.
 * @property isSure whether the first replacement would be put in its place while typing.
 */
data class Verdict(
    val isKnown: Boolean,
    val replacements: List<String>,
    val isSure: Boolean,
)

/** A word in a sentence, [length] characters from [start], and its [verdict]. */
data class CheckedWord(
    val start: Int,
    val length: Int,
    val verdict: Verdict,
)

/** Checks words with what stands before them; [correct] is the engine's `TextPredictor.correct`. */
class SpellCheck(
    private val locale: Locale,
    private val correct: suspend (TextInput) -> Suggestions,
) {
    /** [word] behind [context]; up to [limit] replacements. */
    suspend fun word(
        word: String,
        context: String,
        limit: Int,
    ): Verdict {
        val found = correct(TextInput(context, word, limit))
        // Rare words look like errors of common ones: what typing would replace is marked, listed or not.
        val isRight = found.typedIsKnown && found.autocorrection == null
        val replacements = if (isRight) emptyList() else found.candidates.map { it.text }.filter { it != word }
        return Verdict(isRight, replacements, isSure = found.autocorrection != null)
    }

    /** Every word of [sentence]; numbers, addresses and abbreviations are nobody's errors. */
    suspend fun sentence(
        sentence: String,
        limit: Int,
    ): List<CheckedWord> =
        words(sentence).map { range ->
            val verdict = word(sentence.substring(range), sentence.substring(0, range.first), limit)
            CheckedWord(range.first, range.last - range.first + 1, verdict)
        }

    private fun words(sentence: String): List<IntRange> {
        val breaks = BreakIterator.getWordInstance(locale).apply { setText(sentence) }
        val bounds = generateSequence(breaks.first()) { breaks.next().takeIf { it != BreakIterator.DONE } }
        return bounds.zipWithNext { start, end -> start until end }.filter { isWord(sentence, it) }.toList()
    }

    private fun isWord(
        sentence: String,
        range: IntRange,
    ): Boolean {
        val word = sentence.substring(range)
        val around = listOfNotNull(sentence.getOrNull(range.first - 1), sentence.getOrNull(range.last + 1))
        val isPlain = word.all { it.isLetter() || it in "'’-" } && word.any { it.isLetter() }
        val isAbbreviation = word.length > 1 && word.all { !it.isLetter() || it.isUpperCase() }
        return isPlain && !isAbbreviation && around.none { it in "@/\\_#" || it.isDigit() }
    }
}
