package dev.spatz

import com.google.gson.JsonElement
import com.google.gson.JsonObject
import com.google.gson.JsonParser
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.DynamicTest
import org.junit.jupiter.api.TestFactory
import java.nio.file.Files
import java.nio.file.Path
import java.text.Normalizer
import kotlin.io.path.name
import kotlin.io.path.nameWithoutExtension
import kotlin.io.path.readText
import kotlin.time.Duration

/** Runs `tests/conformance/`, as Rust and Swift do; `cargo xtask bindings` writes it as JSON. */
class ConformanceTest {
    @TestFactory
    fun vectors(): List<DynamicTest> {
        val files = Files.list(Fixtures.vectors).use { it.sorted().toList() }
        assertTrue(files.isNotEmpty(), "there are no vectors in ${Fixtures.vectors}")
        return files.flatMap(::tests)
    }

    private fun tests(file: Path): List<DynamicTest> {
        val vectors = JsonParser.parseString(file.readText()).asJsonObject
        val cases = vectors.getAsJsonArray("case").map { it.asJsonObject }
        println("${file.nameWithoutExtension}: ${cases.size} cases")
        val run: suspend (JsonObject) -> Unit =
            LanguageVectors(vectors).runner(file.nameWithoutExtension) ?: when {
                file.name == "commands-errors.json" -> ::checkBrokenFile
                file.name.startsWith("commands-") -> commands(vectors.string("commands")!!)
                file.name.startsWith("predict-") -> ::checkPrediction
                file.name == "learning.json" -> ::checkLearning
                else -> error("${file.name} needs a runner here")
            }
        return cases.map { case ->
            DynamicTest.dynamicTest("${file.nameWithoutExtension}: ${case.string("name")}") { test { run(case) } }
        }
    }

    private fun commands(name: String): suspend (JsonObject) -> Unit =
        { case ->
            case.hasOnly("name", "language", "utterance", "kind", "intent", "slots", "missing", "prompt")
            CommandParser.fromYaml(name, Fixtures.commands.resolve(name).readText()).use { parser ->
                val utterance = case.string("utterance")!!
                val parse = parser.parse(utterance, ParseContext(language = case.string("language")))
                val intent = parse as? Intent
                val question = parse as? Parse.NeedsValue
                assertEquals(case.string("kind"), parse.kind, "$parse")
                assertEquals(case.string("intent"), intent?.intent)
                assertEquals(case.string("missing"), question?.slot)
                assertEquals(case.string("prompt"), question?.prompt)
                assertEquals(
                    case.getAsJsonArray("slots")?.map { SlotVector(it.asJsonObject) }.orEmpty(),
                    intent?.slots?.map { SlotVector(it, utterance) }.orEmpty(),
                )
            }
        }

    private suspend fun checkPrediction(case: JsonObject) {
        case.hasOnly(
            "name", "context", "composing", "limit", "languages",
            "all", "none", "first", "count", "least", "capitals", "kind", "known",
            "finished", "touches", "autocorrection", "emoji", "early", "phrase", "rest",
        )
        val composing = case.string("composing")!!
        val limit = case["limit"].asInt
        val emoji = if (case.has("emoji")) 1 else 0
        val options = PredictorOptions(case["languages"]?.strings() ?: listOf("en", "de"), emoji = emoji)
        val deadline = Duration.ZERO.takeIf { case["early"]?.asBoolean == true }
        val answer =
            TextPredictor.open(Fixtures.model, options).use {
                val taps = case["touches"]?.asJsonArray?.map { tap -> tap.asJsonArray.map { at -> at.asFloat } }
                val touches = taps.orEmpty().map { (x, y) -> Touch(x, y) }
                val input = TextInput(case.string("context")!!, composing, limit, touches)
                val finished = case["finished"]?.asBoolean == true
                val answer = if (finished) it.correct(input) else it.suggest(input, deadline)
                case.string("phrase")?.let { wanted ->
                    val phrase = it.phrase(input)
                    assertEquals(wanted to case.string("rest").orEmpty(), phrase?.text.orEmpty() to phrase?.rest.orEmpty())
                }
                answer
            }
        assertEquals(deadline != null, answer.isEarly, "$answer")
        val (emojis, words) = answer.candidates.partition { it.kind == CandidateKind.EMOJI }
        assertEquals(case.string("emoji").orEmpty(), emojis.firstOrNull()?.text.orEmpty(), "$answer")
        val strip = answer.copy(candidates = words)
        val texts = strip.candidates.map { it.text }
        assertTrue(texts.size <= limit, "$strip")
        val uncorrected = strip.candidates.filter { it.kind != CandidateKind.CORRECTION }
        assertTrue(uncorrected.all { plain(it.text).startsWith(plain(composing)) }, "$strip")
        if (case["capitals"]?.asBoolean == true) assertTrue(texts.all { it.first().isUpperCase() }, "$strip")
        case["all"]?.let { assertTrue(texts.containsAll(it.strings()), "$strip") }
        case["none"]?.let { assertTrue(texts.none(it.strings()::contains), "$strip") }
        case.string("first")?.let { assertEquals(it, texts.firstOrNull(), "$strip") }
        case["count"]?.let { assertEquals(it.asInt, texts.size, "$strip") }
        case["least"]?.let { assertTrue(texts.size >= it.asInt, "$strip") }
        case.string("autocorrection")?.let { assertEquals(it, strip.autocorrection?.text.orEmpty(), "$strip") }
        case["known"]?.let { assertEquals(it.asBoolean, strip.typedIsKnown) }
        case.string("kind")?.let { kind -> assertTrue(strip.candidates.all { it.kind.name.lowercase() == kind }, "$strip") }
    }

    private suspend fun checkBrokenFile(case: JsonObject) {
        case.hasOnly("name", "yaml", "line", "column", "message")
        val outcome = runCatching { CommandParser.fromYaml("test.yaml", case.string("yaml")!!).close() }
        val error = outcome.exceptionOrNull() as? SpatzException.InvalidCommands
        val message = checkNotNull(error) { "no error" }.message!!
        assertTrue(case.string("message")!! in message, message)
        val place = Regex("""test\.yaml:(\d+):(\d+): """).matchAt(message, 0)
        case["line"]?.let { assertEquals(it.asString, place?.groupValues?.get(1), message) }
        case["column"]?.let { assertEquals(it.asString, place?.groupValues?.get(2), message) }
    }

    private val Parse.kind
        get() =
            when (this) {
                is Parse.Command -> "command"
                is Parse.NeedsValue -> "needs-value"
                is Parse.OutOfScope -> "out-of-scope"
            }
}

/** A slot as the vectors write it: places in code points, durations in ISO 8601. */
private data class SlotVector(
    val name: String,
    val type: String,
    val value: Any,
    val text: String,
    val start: Int?,
    val end: Int?,
) {
    constructor(json: JsonObject) : this(
        name = json.string("name")!!,
        type = json.string("type")!!,
        value = json["value"].value(json.string("type")!!),
        text = json.string("text").orEmpty(),
        start = json["start"]?.asInt,
        end = json["end"]?.asInt,
    )

    constructor(slot: Slot, utterance: String) : this(
        name = slot.name,
        type = slot.value.type(),
        value = slot.value.plain(),
        text = slot.text,
        start = slot.range?.let { utterance.codePointCount(0, it.first) },
        end = slot.range?.let { utterance.codePointCount(0, it.last + 1) },
    )
}

private fun SlotValue.type() =
    when (this) {
        is SlotValue.Text -> "text"
        is SlotValue.Integer -> "integer"
        is SlotValue.Number -> "number"
        is SlotValue.Flag -> "boolean"
        is SlotValue.Length -> "duration"
        else -> error("$this is in parses-values.toml")
    }

private fun SlotValue.plain(): Any =
    when (this) {
        is SlotValue.Text -> value
        is SlotValue.Integer -> value.toDouble()
        is SlotValue.Number -> value
        is SlotValue.Flag -> value
        is SlotValue.Length -> value
        else -> shown()
    }

private fun JsonElement.value(type: String): Any =
    when (type) {
        "integer", "number" -> asDouble
        "boolean" -> asBoolean
        "duration" -> Duration.parseIsoString(asString)
        else -> asString
    }

/** What is compared may differ in case, in the form of the apostrophe, and in how umlauts are composed. */
private fun plain(text: String) = Normalizer.normalize(text.lowercase(), Normalizer.Form.NFC).replace('’', '\'')

/** A key that is not known here would be an expectation that is not checked. */
fun JsonObject.hasOnly(vararg keys: String) = assertEquals(emptySet<String>(), keySet() - keys.toSet())

fun JsonElement.strings(): List<String> = asJsonArray.map { it.asString }

fun JsonObject.objects(key: String): List<JsonObject> = this[key]?.asJsonArray?.map { it.asJsonObject }.orEmpty()

fun json(text: String): JsonElement = JsonParser.parseString(text)

fun JsonObject.string(key: String): String? = this[key]?.asString
