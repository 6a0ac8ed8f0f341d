package dev.spatz

import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Assumptions.assumeTrue
import org.junit.jupiter.api.Test
import kotlin.io.path.Path
import kotlin.io.path.createTempDirectory
import kotlin.io.path.exists
import kotlin.io.path.readBytes
import kotlin.io.path.readText
import kotlin.io.path.writeBytes

/** The Kotlin of the README and of `bindings/kotlin/README.md`, word for word: `bindings/tests/readme.rs` compares them. */
class ReadmeTest {
    @Test
    fun `the README's lines run`() =
        test {
            assumeTrue(Path("models/spatz-base.gguf").exists(), "the shipped model is not there yet")
            // README
            Model.open(Path("models/spatz-base.gguf")).use { model ->
                val keyboard = TextPredictor.open(model)
                val strip = keyboard.suggest(TextInput(context = "Wir sehen uns ", composing = "mor"))
                println(strip.candidates.map { it.text })

                val parser = CommandParser.fromYaml("timers.yaml", Path("tests/commands/timers.yaml").readText())
                when (val parse = parser.parse("stell einen Timer auf zehn Minuten")) {
                    is Parse.Command -> println("${parse.intent} ${parse.duration("duration")}")
                    is Parse.NeedsValue -> println(parse.prompt)
                    is Parse.OutOfScope -> println("not for this app")
                }
            }
            // README
        }

    @Test
    fun `the lines about voice commands run`() =
        test {
            val folder = createTempDirectory()
            val learned = folder.resolve("commands.learned")
            val said = listOf("um sieben", "aus sieben").map { Hypothesis(it, 0.5f) }
            val shown = mutableListOf<String>()
            val show: (String) -> Unit = { shown += it }
            // COMMANDS
            val set =
                commandSet {
                    intent("Wake") {
                        val prompt = mapOf("en" to "When?", "de" to "Wann?")
                        slot("at", SlotType.Entity(EntityKind.TIME), required = true, prompt = prompt)
                        slot("room", SlotType.OneOf("room"))
                        sentences("en", "wake me [in the {room}] [at {at}]")
                        sentences("de", "weck mich [(im|in der) {room}] [um {at}]")
                        examples("en", "get me out of bed at [six](at)", "i have to be up by [half past five](at)")
                        response(mapOf("en" to "I shall wake you.", "de" to "Ich wecke dich."))
                    }
                    intent("CancelAll") {
                        sentences("en", "cancel all alarms")
                        confirm(mapOf("en" to "All of them?"))
                    }
                    list("room") { value("kitchen", mapOf("en" to "kitchen", "de" to "Küche")) }
                }
            val encoder = Model.open(Path("models/spatz-sentence.gguf"))
            val saved = learned.takeIf { it.exists() }?.readBytes()
            val parser = CommandParser.open(set, encoder, saved)
            parser.save()?.let { learned.writeBytes(it) }

            var conversation = Conversation()

            suspend fun hear(hypotheses: List<Hypothesis>) {
                val reply = parser.converse(hypotheses, conversation, ParseContext(language = "de"))
                conversation = reply.conversation
                for (turn in reply.turns) {
                    when (turn) {
                        is Turn.Run -> show("${turn.intent} ${turn.time("at")}: ${turn.response}")
                        is Turn.Ask -> show(turn.prompt)
                        is Turn.Confirm -> show(turn.prompt)
                        is Turn.Cancelled, is Turn.NotUnderstood -> show("…")
                    }
                }
            }
            hear(listOf(Hypothesis("weck mich in der Küche", 0.9f)))
            hear(said)

            val found = Entities.recognize("übermorgen 20 Euro an Anna", language = "de")
            found.forEach { println("${it.kind} ${it.text} = ${it.canonical}") }
            // COMMANDS
            assertEquals(listOf("Wann?", "Wake 07:00: Ich wecke dich."), shown.map { it.replace("19:00", "07:00") })
            assertTrue(found.any { it.kind == EntityKind.CURRENCY && it.canonical == "20 EUR" }, "$found")
            parser.close()
            encoder.close()
        }
}
