package dev.spatz

import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import kotlin.time.Duration.Companion.minutes

class CommandParserTest {
    private val yaml =
        """
        language: en
        intents:
          StartTimer: ["start a timer for {duration:length}"]
          Play: ["play {song}"]
        lists:
          song: [Yesterday]
        """.trimIndent()

    private suspend fun parser() = CommandParser.fromYaml("test.yaml", yaml)

    @Test
    fun `slots are typed and know their place`() =
        test {
            val utterance = "😀 start a timer for five minutes"
            val parse = parser().use { it.parse(utterance.removePrefix("😀 ")) } as Parse.Command
            assertEquals("StartTimer", parse.intent)
            assertEquals(5.minutes, parse.duration(parse.slots.single().name))
            assertNull(parse.text(parse.slots.single().name))
            assertNull(parse["nothing"])
            val slot = parse.slots.single()
            assertEquals("five minutes", utterance.removePrefix("😀 ").substring(slot.range!!))
        }

    @Test
    fun `what is not understood is out of scope`() =
        test { parser().use { assertTrue(it.parse("what is love") is Parse.OutOfScope) } }

    @Test
    fun `a list can be told at run time`() =
        test {
            parser().use { parser ->
                parser.withList("song", listOf("99 Luftballons")).use { known ->
                    val parse = known.parse("play 99 luftballons") as Parse.Command
                    assertEquals("99 Luftballons", parse.text("song"))
                }
                assertTrue(parser.parse("play 99 luftballons") is Parse.OutOfScope)
            }
            assertThrows(SpatzException.InvalidInput::class.java) { test { parser().withList("album", listOf("x")) } }
        }

    @Test
    fun `a mistake in the file has a place`() {
        val error =
            assertThrows(SpatzException.InvalidCommands::class.java) {
                test { CommandParser.fromYaml("broken.yaml", "language: en\nintents:\n\tA:\n") }
            }
        assertTrue(error.message!!.startsWith("broken.yaml:3:1:"), error.message)
    }

    @Test
    fun `closing twice is closing once`() {
        assertThrows(SpatzException.Closed::class.java) {
            test {
                val parser = parser()
                parser.close()
                parser.close()
                parser.parse("play yesterday")
            }
        }
    }
}
