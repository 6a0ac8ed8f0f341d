package dev.spatz.sample.keyboard

import java.text.BreakIterator

/** Whether [char] is part of a word that is being typed. */
internal fun isWordChar(char: Char): Boolean = char.isLetterOrDigit() || char in APOSTROPHES

/** The word that [text] ends with; empty if it ends between words. An apostrophe alone is none. */
internal fun lastWord(text: String): String {
    val word = text.takeLastWhile(::isWordChar)
    return word.trimStart { it in APOSTROPHES }
}

/** Whether a sentence begins behind [before], the text left of the cursor. */
internal fun startsSentence(before: String): Boolean {
    if (before.isBlank()) return true
    if (!before.last().isWhitespace()) return false
    val end = before.trimEnd().trimEnd('"', '“', '”', '«', '»', ')')
    return before.trimEnd { it == ' ' }.endsWith('\n') || end.lastOrNull()?.let { it in ENDS } ?: false
}

/** Length of the last character as a person sees it: an emoji of several code points is one. */
internal fun lastCharLength(text: String): Int {
    if (text.isEmpty()) return 0
    val breaks = BreakIterator.getCharacterInstance().apply { setText(text) }
    val end = breaks.last()
    return end - breaks.previous()
}

/** Punctuation that stands close to the word before it and has a space behind it. */
internal const val CLOSING = ".,!?;:"
private const val ENDS = ".!?…"
private const val APOSTROPHES = "'’"
