package dev.spatz.sample.keyboard

/** The row of emoji above the letters: those used last first, then common ones. */
data class EmojiRow(
    private val recent: List<String> = emptyList(),
) {
    val emoji: List<String> get() = (recent + COMMON).distinct().take(SIZE)

    /** The row after [emoji] was used. */
    fun used(emoji: String): EmojiRow = EmojiRow((listOf(emoji) + recent).distinct().take(MOST_RECENT))

    /** As text for the settings. */
    fun save(): String = recent.joinToString(" ")

    companion object {
        private const val SIZE = 24

        /** Half of the row stays where the fingers know it. */
        private const val MOST_RECENT = 4
        private val COMMON =
            ("😀 😂 🙂 😉 😍 🥰 😘 😎 🤔 😅 😢 😭 😡 🙄 😴 🥳 👍 👎 👏 🙏 💪 👋 🎉 🔥 ✨ ❤️ 💔 ☀️ 🌧️ ☕ 🍕 🍺")
                .split(" ")

        /** The row that [save] gave. */
        fun restore(saved: String): EmojiRow = EmojiRow(saved.split(" ").filter { it.isNotEmpty() })
    }
}
