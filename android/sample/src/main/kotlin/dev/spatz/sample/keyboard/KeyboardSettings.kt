package dev.spatz.sample.keyboard

/** Which colours. */
enum class ThemeChoice { SYSTEM, LIGHT, DARK }

/**
 * What the person chose.
 *
 * @property languages languages of the suggestions (ISO 639-1), several at once.
 * @property layouts the arrangements that the globe key goes through; at least one.
 * @property corrects whether words are mended when they end.
 * @property learns whether new words are remembered.
 * @property showsEmoji whether a row of emoji stands above the letters.
 */
data class KeyboardSettings(
    val languages: List<String> = listOf("en", "de"),
    val layouts: List<LetterLayout> = listOf(LetterLayout.QWERTY, LetterLayout.QWERTZ),
    val corrects: Boolean = true,
    val learns: Boolean = true,
    val showsEmoji: Boolean = true,
    val theme: ThemeChoice = ThemeChoice.SYSTEM,
)
