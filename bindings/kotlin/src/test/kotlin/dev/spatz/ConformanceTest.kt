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
            when {
                file.name == "commands-errors.json" -> ::checkBrokenFile
                file.name.startsWith("commands-") -> commands(vectors.string("commands")!!)
                else -> error("${file.name} needs a runner here")
            }
        return cases.map { case ->
            DynamicTest.dynamicTest("${file.nameWithoutExtension}: ${case.string("name")}") { test { run(case) } }
        }
    }

    private fun commands(name: String): suspend (JsonObject) -> Unit =
        { case ->
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

    private suspend fun checkBrokenFile(case: JsonObject) {
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
    }

private fun SlotValue.plain(): Any =
    when (this) {
        is SlotValue.Text -> value
        is SlotValue.Integer -> value.toDouble()
        is SlotValue.Number -> value
        is SlotValue.Flag -> value
        is SlotValue.Length -> value
    }

private fun JsonElement.value(type: String): Any =
    when (type) {
        "integer", "number" -> asDouble
        "boolean" -> asBoolean
        "duration" -> Duration.parseIsoString(asString)
        else -> asString
    }

private fun JsonObject.string(key: String): String? = this[key]?.asString
