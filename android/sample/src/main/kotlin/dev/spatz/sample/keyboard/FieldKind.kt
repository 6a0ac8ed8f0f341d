package dev.spatz.sample.keyboard

/** What a text field is for, as far as the keys are concerned. */
enum class FieldKind(
    /** What the key left of the space bar types. */
    val beforeSpace: String,
) {
    TEXT(","),
    EMAIL("@"),
    URL("/"),
    NUMBER(","),
}

/**
 * A text field as the keyboard sees it.
 *
 * @property predicts whether suggestions are shown and errors mended.
 * @property learns whether what is typed may be remembered.
 * @property startsSentences whether the first letter of a sentence is a capital.
 * @property isMultiline whether the enter key begins a line.
 */
data class FieldTraits(
    val kind: FieldKind = FieldKind.TEXT,
    val predicts: Boolean = true,
    val learns: Boolean = true,
    val startsSentences: Boolean = true,
    val isMultiline: Boolean = true,
)

/** What the keyboard does to a text field; the cursor stands behind the composing text while there is one. */
interface TextField {
    /** Up to [limit] characters left of the cursor, the composing text with them. */
    fun textBefore(limit: Int): String

    /** The character right of the cursor; null at the end. */
    fun charAfter(): Char?

    /** Puts [text] in the place of the composing text, or of what is selected, and leaves it composing. */
    fun compose(text: String)

    /** Makes the last [length] characters left of the cursor the composing text; false where that cannot be. */
    fun composeLast(length: Int): Boolean

    /** Puts [text] in the place of the composing text, or of what is selected, for good. */
    fun commit(text: String)

    /** Leaves the composing text as it stands. */
    fun finishComposing()

    /** Deletes what is selected, or [length] characters left of the cursor. */
    fun delete(length: Int)

    /** Does what the enter key is there for: begins a line, sends, searches. */
    fun enter()
}
