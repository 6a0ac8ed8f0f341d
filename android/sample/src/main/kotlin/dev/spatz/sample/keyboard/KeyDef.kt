package dev.spatz.sample.keyboard

/**
 * A key of a [Board], [units] wide in units of the board's width.
 */
sealed interface KeyDef {
    val units: Float

    /**
     * A key that types [text], or [shifted] while shift is on.
     *
     * @property alternatives what a long press offers, in small letters.
     * @property hint what a long press offers first, where the key shows it in its corner.
     */
    data class Text(
        val text: String,
        val alternatives: List<String> = emptyList(),
        val hint: String? = null,
        override val units: Float = 1f,
    ) : KeyDef {
        /** The text under a shift. */
        val shifted: String get() = shifted(text)

        /** What a long press offers under this shift. */
        fun offered(upper: Boolean): List<String> = if (upper) alternatives.map(::shifted).distinct() else alternatives
    }

    /** A key that does something. */
    data class Action(
        val action: KeyAction,
        override val units: Float = 1f,
    ) : KeyDef
}

/** What keys do that type no text. */
enum class KeyAction { SHIFT, DELETE, ENTER, SPACE, LETTERS, SYMBOLS, MORE_SYMBOLS, NEXT_LAYOUT }

/** The keys of one page, row by row; rows narrower than [units] stand in the middle. */
data class Board(
    val rows: List<List<KeyDef>>,
    val units: Float,
)

/** Java knows no single capital of "ß". */
private fun shifted(text: String): String = if (text == "ß") "ẞ" else text.uppercase()
