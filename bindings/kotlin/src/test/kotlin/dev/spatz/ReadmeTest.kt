package dev.spatz

import org.junit.jupiter.api.Assumptions.assumeTrue
import org.junit.jupiter.api.Test
import kotlin.io.path.Path
import kotlin.io.path.exists
import kotlin.io.path.readText

/** The README's Kotlin, word for word: `bindings/tests/readme.rs` compares the two. */
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
}
