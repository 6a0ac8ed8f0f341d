package dev.spatz

import org.junit.jupiter.api.Assertions.assertArrayEquals
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import java.io.ByteArrayOutputStream
import java.io.ObjectInputStream
import java.io.ObjectOutputStream
import java.time.LocalDate
import java.time.LocalTime
import java.time.ZoneId
import java.time.ZonedDateTime
import java.time.temporal.ChronoUnit
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
    fun `what a call is answered with, and in which language`() =
        test {
            val set =
                commandSet {
                    intent("Rain") {
                        slot("day", SlotType.Entity(EntityKind.DATE))
                        sentences("de", "regnet es {day}")
                        response(mapOf("de" to "Ich sehe nach, ob es {day} regnet."))
                    }
                }
            CommandParser.open(set).use { parser ->
                assertEquals(CommandSetInfo(listOf("de"), listOf("Rain"), emptyList()), parser.info)
                val command = (parser.parse("regnet es morgen") as Parse.Command).command
                assertEquals("de", command.language)
                assertEquals("Ich sehe nach, ob es morgen regnet.", command.response)
            }
        }

    @Test
    fun `times are in the zone of the reference, and real on the day the clocks change`() =
        test {
            val set = commandSet { intent("Wake") { sentences("en", "wake me {datetime:at}") } }
            val berlin = ZoneId.of("Europe/Berlin")
            // On 29 March 2026 the clock goes from 2 to 3.
            val context = ParseContext("en", reference = ZonedDateTime.of(2026, 3, 28, 12, 0, 0, 0, berlin))
            CommandParser.open(set).use { parser ->
                val parse = parser.parse("wake me tomorrow at half past two am", context) as Parse.Command
                assertEquals(ZonedDateTime.of(2026, 3, 29, 3, 30, 0, 0, berlin), parse.dateTime("at"))
                // Without a reference it is the moment of the call.
                val soon = parser.parse("wake me in ten minutes") as Parse.Command
                val minutes = ChronoUnit.MINUTES.between(ZonedDateTime.now(), soon.dateTime("at"))
                assertTrue(minutes in 8..10, "$soon")
            }
        }

    @Test
    fun `getters give null for what is missing or of another type`() =
        test {
            val set =
                commandSet {
                    intent("All") {
                        sentences("en", "{temperature:t} {currency:c} {colour:k} {percent:p} {ordinal:o} {date:d} {time:a}")
                    }
                }
            CommandParser.open(set).use { parser ->
                val said = "20 degrees celsius 5 euros red 3 percent second 2026-12-01 noon"
                val parse = parser.parse(said, ParseContext("en")) as Parse.Command
                assertEquals(20.0, parse.quantity("t")?.amount)
                assertEquals("EUR", parse.currency("c")?.code)
                assertEquals(SlotValue.Colour(255, 0, 0), parse.colour("k"))
                assertEquals(3.0, parse.percent("p"))
                assertEquals(SlotValue.Ordinal(Anchor.START, 2), parse.ordinal("o"))
                assertEquals(LocalDate.of(2026, 12, 1), parse.date("d"))
                assertEquals(LocalTime.NOON, parse.time("a"))
                assertNull(parse.dateTime("d"))
                assertNull(parse.quantity("c"))
                assertEquals(listOf(parse["o"]), parse.values("o"))
            }
        }

    @Test
    fun `what was learned is saved and learned once`() =
        test {
            val set =
                commandSet {
                    intent("Tea") { examples("en", "bring me tea", "a cup of tea please", "i am thirsty", "make some tea") }
                    intent("Coffee") { examples("en", "coffee please", "brew some coffee", "an espresso", "one latte") }
                }
            Model.open(Fixtures.encoderPath).use { encoder ->
                val saved = CommandParser.open(set, encoder).use { it.save()!! }
                for (bytes in listOf(saved, saved.copyOf(100), byteArrayOf())) {
                    CommandParser.open(set, encoder, bytes).use { assertArrayEquals(saved, it.save()) }
                }
                CommandParser.open(set, null, saved).use { assertNull(it.save()) }
                val wrong = assertThrows(SpatzException::class.java) { test { CommandParser.open(set, Fixtures.model) } }
                assertTrue(wrong.message!!.isNotEmpty())
            }
        }

    @Test
    fun `what is probably not meant is found`() =
        test {
            val set =
                commandSet {
                    intent("A") { sentences("en", "light on") }
                    intent("B") { sentences("en", "light (on|off)") }
                }
            val findings = CommandParser.open(set).use { it.check() }
            assertEquals(1, findings.size)
            assertTrue("tell them apart" in findings.single(), findings.single())
        }

    @Test
    fun `a mistake in a built set names the intent`() {
        val error =
            assertThrows(SpatzException.InvalidCommands::class.java) {
                test { CommandParser.open(commandSet { intent("Dim") { sentences("en", "dim", "dim [the light") } }) }
            }
        assertTrue(error.message!!.startsWith("Dim:2:6: `[` is never closed"), error.message)
    }

    @Test
    fun `a conversation is a value that can be stored and shows nothing of what was said`() =
        test {
            val set =
                commandSet {
                    intent("Add") {
                        slot("item", SlotType.Text, required = true)
                        sentences("en", "add [{item}]")
                    }
                }
            CommandParser.open(set).use { parser ->
                val conversation = parser.converse("add").conversation
                assertTrue(conversation.isOpen)
                assertEquals(conversation, Conversation.restore(conversation.save()))
                val bytes = ByteArrayOutputStream().also { ObjectOutputStream(it).writeObject(conversation) }.toByteArray()
                assertEquals(conversation, ObjectInputStream(bytes.inputStream()).readObject())
                assertEquals("Conversation(isOpen=true)", conversation.toString())
                assertEquals(Conversation(), Conversation.restore(Conversation().save()))
                val reply = parser.converse("milk", conversation)
                assertEquals("milk", (reply.turns.single() as Turn.Run).text("item"))
            }
            assertThrows(SpatzException.InvalidInput::class.java) { test { Conversation.restore("{\"open\": 1}") } }
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
