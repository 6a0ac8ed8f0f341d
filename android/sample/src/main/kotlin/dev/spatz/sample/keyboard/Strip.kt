package dev.spatz.sample.keyboard

import dev.spatz.CandidateKind
import dev.spatz.Phrase
import dev.spatz.Suggestions

/**
 * A cell of the suggestion strip.
 *
 * @property isLiteral whether it is the letters as typed.
 * @property isAutomatic whether it takes the typed word's place when the word ends and nobody chose.
 * @property isPhrase whether it is several words.
 */
data class Cell(
    val text: String,
    val isLiteral: Boolean = false,
    val isAutomatic: Boolean = false,
    val isPhrase: Boolean = false,
)

/** The suggestion strip for the word [typed], or for the next word where that is empty. */
data class Strip(
    val typed: String,
    val cells: List<Cell>,
) {
    /** What takes the typed word's place when it ends; null leaves it. */
    val automatic: String? get() = cells.firstOrNull { it.isAutomatic }?.text

    companion object {
        /** Cells side by side: more are too narrow to hit. */
        const val CELLS = 3

        val EMPTY = Strip("", emptyList())

        /**
         * Until the engine has answered: the letters as typed, and of [before] what still fits, so that nothing
         * flickers.
         */
        fun waiting(
            typed: String,
            before: Strip,
        ): Strip {
            val fits =
                before.cells.filter {
                    !it.isLiteral &&
                        typed.isNotEmpty() &&
                        it.text.startsWith(typed, ignoreCase = true)
                }
            return Strip(typed, listOfNotNull(literalCell(typed)) + fits.map { it.copy(isAutomatic = false) })
        }

        /**
         * What the engine [suggestions] for [typed]; without [corrects] nothing is replaced unasked. A [phrase] of
         * several words has the last cell, unless the letters before it are going to be replaced.
         */
        fun of(
            typed: String,
            suggestions: Suggestions,
            corrects: Boolean,
            phrase: Phrase? = null,
        ): Strip {
            val literal = literalCell(typed)
            val automatic = suggestions.autocorrection?.text?.takeIf { corrects && it != typed }
            val rest =
                suggestions.candidates
                    .filter { it.kind != CandidateKind.TYPED && it.text != typed }
                    .map { it.text }
            val offered = (listOfNotNull(automatic) + rest).distinct().map { Cell(it, isAutomatic = it == automatic) }
            val ahead = phrase?.takeIf { automatic == null && it.scores.size > 1 }?.let { Cell(it.text, isPhrase = true) }
            val words = (listOfNotNull(literal) + offered).take(if (ahead == null) CELLS else CELLS - 1)
            return Strip(typed, words + listOfNotNull(ahead))
        }

        private fun literalCell(typed: String) = typed.takeIf { it.isNotEmpty() }?.let { Cell(it, isLiteral = true) }
    }
}
