package dev.spatz.sample.keyboard

import org.junit.Assert.assertEquals
import org.junit.Test

class WordsTest {
    @Test
    fun `the last word reaches to the last separator`() {
        mapOf("guten morgen" to "morgen", "guten " to "", "don't" to "don't", "'ja" to "ja", "a.b" to "b", "" to "")
            .forEach { (text, word) -> assertEquals(text, word, lastWord(text)) }
    }

    @Test
    fun `sentences begin at the start, after their ends and on new lines`() {
        mapOf(
            "" to true,
            "Ja. " to true,
            "Ja.\n" to true,
            "Ja?! " to true,
            "Ja“. " to true,
            "„Ja.“ " to true,
            "Zeile\n" to true,
            "Ja." to false,
            "ja " to false,
            "ja, " to false,
        ).forEach { (text, starts) -> assertEquals(text, starts, startsSentence(text)) }
    }

    @Test
    fun `a log keeps what was written and drops what was changed`() {
        val log = MessageLog()
        log.wrote("guten", " ")
        log.wrote("tag", " ")
        log.reopened("tag")
        log.wrote("morgen", "! ")
        log.jumped()
        log.jumped()
        log.wrote("du", "")
        assertEquals("guten morgen! \ndu", log.take())
        assertEquals("", log.take())
    }

    @Test
    fun `emoji used last come first and are kept`() {
        val row = EmojiRow().used("🍕").used("🎉")
        assertEquals(listOf("🎉", "🍕"), row.emoji.take(2))
        assertEquals(row, EmojiRow.restore(row.save()))
        assertEquals(row.emoji.size, row.emoji.toSet().size)
    }
}
