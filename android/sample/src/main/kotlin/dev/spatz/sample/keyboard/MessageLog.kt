package dev.spatz.sample.keyboard

/**
 * What the person wrote with this keyboard in one field, to be learned when it was sent: not what was pasted, or stood
 * there before.
 */
class MessageLog {
    private val pieces = mutableListOf<String>()

    /** [word] was written and [separator] behind it. */
    fun wrote(
        word: String,
        separator: String,
    ) {
        pieces += word + separator
    }

    /** [separator] was typed behind all that. */
    fun separated(separator: String) {
        if (pieces.isNotEmpty()) pieces[pieces.lastIndex] += separator
    }

    /** [sign] took the place of the space behind the last word. */
    fun closed(sign: String) {
        if (pieces.isNotEmpty()) pieces[pieces.lastIndex] = pieces.last().removeSuffix(" ") + "$sign "
    }

    /** The person is back in [word] to change it. */
    fun reopened(word: String) {
        if (pieces.lastOrNull()?.startsWith(word) == true) pieces.removeAt(pieces.lastIndex)
    }

    /** What follows stands elsewhere. */
    fun jumped() {
        if (pieces.isNotEmpty() && pieces.last() != BREAK) pieces += BREAK
    }

    /** All of it; the log is empty afterwards. */
    fun take(): String = pieces.joinToString("").trim().also { pieces.clear() }

    private companion object {
        const val BREAK = "\n"
    }
}
