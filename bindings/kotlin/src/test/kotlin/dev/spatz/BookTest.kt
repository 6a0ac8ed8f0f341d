package dev.spatz

import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.delay
import kotlinx.coroutines.launch
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.w3c.dom.Document
import org.w3c.dom.Element
import java.io.ByteArrayOutputStream
import java.io.PrintStream
import java.nio.file.Path
import javax.xml.parsers.DocumentBuilderFactory
import kotlin.io.path.createTempDirectory
import kotlin.io.path.exists
import kotlin.io.path.readBytes
import kotlin.io.path.writeBytes

// The Kotlin of docs/book, word for word; `tests/book.rs` compares them.

// BOOK
class Assistant(
    private val parser: CommandParser,
    private val run: (Command) -> String,
) {
    private var conversation = Conversation()

    /** What to say to [heard]: all that the recogniser may have understood. */
    suspend fun hear(heard: List<Hypothesis>): List<String> {
        val reply = parser.converse(heard, conversation)
        conversation = reply.conversation
        return reply.turns.map { turn ->
            when (turn) {
                is Turn.Run -> run(turn.command)
                is Turn.Ask -> turn.prompt
                is Turn.Confirm -> turn.prompt
                is Turn.Cancelled -> "Never mind."
                is Turn.NotUnderstood -> "I did not understand that."
            }
        }
    }
}
// BOOK

// BOOK
suspend fun withContacts(
    parser: CommandParser,
    names: List<String>,
): CommandParser = parser.withList("person", names)
// BOOK

// BOOK
suspend fun open(
    set: CommandSet,
    encoder: Model,
    learned: Path,
): CommandParser {
    val parser = CommandParser.open(set, encoder, learned.takeIf { it.exists() }?.readBytes())
    parser.save()?.let { learned.writeBytes(it) }
    return parser
}
// BOOK

// BOOK
class Strip(
    private val keyboard: TextPredictor,
    private val scope: CoroutineScope,
    private val show: (List<String>) -> Unit,
) {
    fun textChanged(beforeCursor: String) {
        val word = beforeCursor.takeLastWhile { it.isLetter() || it == '\'' }
        scope.launch {
            val strip = keyboard.suggest(TextInput(beforeCursor.dropLast(word.length), word))
            // What was typed stays one tap away.
            show(listOf(word).filter { it.isNotEmpty() } + strip.candidates.map { it.text }.filter { it != word })
        }
    }
}
// BOOK

// BOOK
suspend fun nextWords(package_: Path): List<String> =
    Model.open(package_).use { model ->
        TextPredictor.open(model).use { keyboard ->
            keyboard.suggest(TextInput(context = "I am ")).candidates.map { it.text }
        }
    }
// BOOK

// BOOK
suspend fun hide(keyboard: TextPredictor): Long {
    keyboard.trim()
    return keyboard.residentBytes()
}
// BOOK

// BOOK
/** What a space writes after [typed]. */
fun finishWord(
    typed: String,
    strip: Suggestions,
): String = (strip.autocorrection?.text ?: typed) + " "

/** What backspace straight after a correction of [typed] leaves. */
fun takeBack(
    keyboard: TextPredictor,
    typed: String,
): String {
    keyboard.reject(typed)
    return typed
}
// BOOK

// BOOK
/** A predictor that keeps what it learns in [folder]. */
suspend fun learning(
    model: Model,
    folder: Path,
): TextPredictor = TextPredictor.open(model).also { it.learned.attach(folder) }

/** Learns from [sent], and returns the person's own words. */
suspend fun remember(
    keyboard: TextPredictor,
    sent: String,
): List<String> {
    keyboard.learn(sent)
    return keyboard.learned.list(ownOnly = true).words.map { it.text }
}

/** Forgets [word], or everything. */
suspend fun forget(
    keyboard: TextPredictor,
    word: String?,
) {
    if (word != null) keyboard.learned.forget(word) else keyboard.learned.erase()
}
// BOOK

class BookTest {
    private val yaml = Book.blocks("commands", "yaml")

    @Test
    fun `the program of the desktop page prints three words`() {
        // It stands in no package, as a reader's first program does.
        val main = Class.forName("BookMainKt").getMethod("main", Array<String>::class.java)
        val printed = ByteArrayOutputStream()
        val out = System.out
        System.setOut(PrintStream(printed))
        try {
            main.invoke(null, arrayOf(Fixtures.modelPath.toString()))
        } finally {
            System.setOut(out)
        }
        val words = printed.toString().trim().removeSurrounding("[", "]").split(", ")
        assertEquals(3, words.size)
        assertTrue("morgen" in words && words.all { it.startsWith("mor", ignoreCase = true) }, "$words")
    }

    @Test
    fun `the Maven project of the desktop page names this artefact and compiler`() {
        val page = xml(Book.blocks("desktop", "xml").single())
        val ours = xml(Path.of("bindings/kotlin/pom.xml").toFile().readText())
        val version = { document: Document, artefact: String ->
            val names = document.getElementsByTagName("artifactId")
            val name = (0 until names.length).map { names.item(it) as Element }.first { it.textContent == artefact }
            (name.parentNode as Element).getElementsByTagName("version").item(0).textContent
        }
        assertEquals(version(ours, "spatz-jvm"), version(page, "spatz-jvm"))
        assertEquals(
            ours.getElementsByTagName("kotlin.version").item(0).textContent,
            version(page, "kotlin-maven-plugin"),
        )
    }

    private fun xml(text: String): Document =
        DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(text.byteInputStream())

    @Test
    fun `the assistant asks and acts`() =
        test {
            CommandParser.fromYaml("light.yaml", yaml[0]).use { parser ->
                val assistant = Assistant(parser) { "${it.intent} ${it.integer("level")}" }
                val hear: suspend (String) -> List<String> = { assistant.hear(listOf(Hypothesis(it, 1f))) }
                assertEquals(listOf("How bright?"), hear("dim the lights in the kitchen"))
                assertEquals(listOf("SetLight 40"), hear("forty"))
                assertEquals(listOf("SetLight 20"), hear("no, twenty"))
                assertEquals(listOf("I did not understand that."), hear("what is the capital of France"))
            }
        }

    @Test
    fun `contacts are known by name`() =
        test {
            CommandParser.fromYaml("call.yaml", yaml[2]).use { empty ->
                withContacts(empty, listOf("Anna Schmidt")).use { parser ->
                    val parse = parser.parse("ruf Anna Schmidt an")
                    assertEquals("Anna Schmidt", (parse as Parse.Command).text("person"))
                }
            }
        }

    @Test
    fun `what was learned is kept`() =
        test {
            val learned = createTempDirectory().resolve("learned")
            Model.open(Fixtures.encoderPath).use { encoder ->
                val set = CommandSet.fromYaml("wake.yaml", yaml[3])
                open(set, encoder, learned).use { parser ->
                    val parse = parser.parse("please get me out of bed at seven", ParseContext(language = "en"))
                    assertEquals("Wake", (parse as Parse.Command).intent)
                }
                val first = learned.readBytes()
                open(set, encoder, learned).close()
                assertTrue(first.contentEquals(learned.readBytes()))
            }
        }

    @Test
    fun `what was sent is remembered and forgotten`() =
        test {
            val folder = createTempDirectory().resolve("learned")
            learning(Fixtures.model, folder).use { keyboard ->
                assertEquals(listOf("Schnurpsel"), remember(keyboard, "Ich esse Schnurpsel"))
                forget(keyboard, "Schnurpsel")
                assertEquals(emptyList<String>(), remember(keyboard, "Ich esse Schnurpsel"))
                forget(keyboard, null)
                assertEquals(0, keyboard.learned.list().total)
            }
        }

    @Test
    fun `words are suggested, and memory is given back`() =
        test {
            assertEquals(3, nextWords(Fixtures.modelPath).size)
            TextPredictor.open(Fixtures.model).use { keyboard ->
                var shown = emptyList<String>()
                val strip = Strip(keyboard, this) { shown = it }
                strip.textChanged("Wir sehen uns mor")
                while (shown.isEmpty()) delay(1)
                assertEquals("mor", shown.first())
                assertTrue("morgen" in shown, "$shown")
                val answer = keyboard.suggest(TextInput("Wir sehen uns ", "morgen"))
                assertEquals("morgen ", finishWord("morgen", answer))
                val corrected = answer.copy(autocorrection = Candidate("morgen", 0f, CandidateKind.CORRECTION))
                assertEquals("morgen ", finishWord("mprgen", corrected))
                assertEquals("mprgen", takeBack(keyboard, "mprgen"))
                assertNull(keyboard.suggest(TextInput("Wir sehen uns ", "mprgen")).autocorrection)
                val held = keyboard.residentBytes()
                assertTrue(hide(keyboard) < held)
            }
        }
}

/** Blocks of the book's pages. */
object Book {
    fun blocks(
        page: String,
        language: String,
    ): List<String> =
        Regex("```$language\\n(.*?)```", RegexOption.DOT_MATCHES_ALL)
            .findAll(Path.of("docs/book/$page.md").toFile().readText())
            .map { it.groupValues[1] }
            .toList()
}
