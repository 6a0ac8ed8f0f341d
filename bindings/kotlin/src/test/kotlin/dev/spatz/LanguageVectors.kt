package dev.spatz

import com.google.gson.JsonObject
import com.google.gson.JsonPrimitive
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import java.time.LocalDateTime
import java.time.ZoneOffset
import java.time.ZonedDateTime
import kotlin.io.path.readText

/** How the vectors of parses, conversations, entities, builders and sets of several files are run. */
class LanguageVectors(
    private val vectors: JsonObject,
) {
    /** The runner of a file; null if it is not one of these. */
    fun runner(name: String): (suspend (JsonObject) -> Unit)? =
        when {
            name.startsWith("parses-") -> ::parses
            name == "conversations" -> ::conversation
            name == "entities" -> ::entities
            name == "builders" -> ::builder
            name == "errors-sets" -> ::brokenSet
            else -> null
        }

    private val reference = vectors.string("reference")?.let(::time)
    private var opened: CommandParser? = null

    private suspend fun parser(): CommandParser {
        val name = vectors.string("commands")
        val text = vectors.string("yaml") ?: Fixtures.commands.resolve(name!!).readText()
        val encoder = if (vectors["encoder"]?.asBoolean == true) Model.open(Fixtures.encoderPath) else null
        return opened ?: CommandParser.open(CommandSet.fromYaml("test.yaml", text), encoder).also { opened = it }
    }

    private suspend fun parses(case: JsonObject) {
        vectors.hasOnly("commands", "yaml", "language", "reference", "encoder", "case")
        case.hasOnly(
            "name", "language", "list", "entries", "facts", "utterance", "hypotheses", "heard", "parse", "alternatives",
        )
        val list = case.string("list")
        val parser = if (list == null) parser() else parser().withEntries(list, case.objects("entries").map(::entry))
        val context =
            ParseContext(case.string("language") ?: vectors.string("language"), case.facts(), reference = reference)
        val utterance = case.string("utterance")
        val parse =
            if (utterance != null) {
                parser.parse(utterance, context)
            } else {
                val heard = parser.parse(case.objects("hypotheses").map(::hypothesis), context)
                assertEquals(case.string("heard"), heard.text)
                heard.parse
            }
        assertEquals(case.string("parse"), parse.shown())
        case.string("alternatives")?.let { expected ->
            val found = parser.alternatives(utterance!!, context)
            assertEquals(expected, "${found.firstOrNull()?.intent} +${found.size - 1}")
        }
    }

    private suspend fun conversation(case: JsonObject) {
        case.hasOnly("name", "commands", "language", "reference", "lines")
        val name = case.string("commands")!!
        val context = ParseContext(case.string("language"), reference = case.string("reference")?.let(::time))
        CommandParser.fromYaml(name, Fixtures.commands.resolve(name).readText()).use { parser ->
            var conversation = Conversation()
            for (line in case.objects("lines")) {
                line.hasOnly("say", "hypotheses", "heard", "turns", "open")
                conversation = Conversation.restore(conversation.save())
                val say = line.string("say")
                val reply =
                    if (say != null) {
                        parser.converse(say, conversation, context)
                    } else {
                        parser.converse(line.objects("hypotheses").map(::hypothesis), conversation, context)
                    }
                assertEquals(line.string("heard") ?: say, reply.heard)
                assertEquals(line["turns"].strings(), reply.turns.map { it.shown() })
                conversation = reply.conversation
                assertEquals(line["open"]?.asBoolean ?: false, conversation.isOpen, "$reply")
            }
        }
    }

    private suspend fun entities(case: JsonObject) {
        case.hasOnly("name", "language", "text", "kinds", "found", "error")
        val text = case.string("text")!!
        val kinds = case["kinds"]?.strings().orEmpty().map { name -> EntityKind.entries.single { it.id == name } }
        val outcome = runCatching { Entities.recognize(text, case.string("language")!!, reference, kinds.toSet()) }
        assertEquals(case.string("error"), (outcome.exceptionOrNull() as? SpatzException.InvalidInput)?.message)
        val found = if (case.has("error")) emptyList() else outcome.getOrThrow()
        val expected = case.objects("found")
        assertEquals(expected.size, found.size, "$found")
        for ((vector, entity) in expected.zip(found)) {
            vector.hasOnly("kind", "text", "start", "end", "value", "canonical")
            val places = listOf(entity.range.first, entity.range.last + 1).map { text.codePointCount(0, it) }
            assertEquals(listOf(vector["start"].asInt, vector["end"].asInt), places, "$entity")
            assertEquals(vector.string("text"), text.substring(entity.range))
            assertEquals(vector.string("kind"), entity.kind.id)
            assertEquals(vector.string("text"), entity.text)
            assertEquals(vector.string("value"), entity.value.shown())
            assertEquals(vector.string("canonical"), entity.canonical)
        }
    }

    private suspend fun builder(case: JsonObject) {
        case.hasOnly("name", "files", "facts", "parses")
        val set = BuiltSets.named.getValue(case.string("name")!!)
        val files = case.objects("files").map { it.string("name") to json(it.string("json")!!) }
        assertEquals(files, set.files.map { it.name to json(it.text) })
        CommandParser.open(set).use { parser ->
            for (said in case.objects("parses")) {
                val parse = parser.parse(said.string("say")!!, ParseContext(said.string("language"), case.facts()))
                assertEquals(said.string("parse"), parse.shown())
            }
        }
    }

    private suspend fun brokenSet(case: JsonObject) {
        case.hasOnly("name", "files", "at", "message")
        val files = case.objects("files").map { CommandFile(it.string("name")!!, it.string("text")!!) }
        val outcome = runCatching { CommandParser.open(CommandSet(files)).close() }
        val message = (outcome.exceptionOrNull() as? SpatzException.InvalidCommands)?.message ?: "no error"
        assertTrue(message.startsWith(case.string("at").orEmpty()), message)
        assertTrue(case.string("message")!! in message, message)
    }

    private fun entry(json: JsonObject): ListEntry {
        json.hasOnly("text", "value", "facts", "template")
        val value = json["value"]?.asJsonPrimitive?.let(::scalar)
        return ListEntry(json.string("text")!!, value, json.facts(), json["template"]?.asBoolean ?: false)
    }

    private fun hypothesis(json: JsonObject) = Hypothesis(json.string("text")!!, json["score"].asFloat)

    private fun JsonObject.facts(): Map<String, SlotValue.Scalar> =
        this["facts"]?.asJsonObject?.entrySet().orEmpty().associate { (name, value) -> name to scalar(value.asJsonPrimitive) }

    private fun scalar(json: JsonPrimitive): SlotValue.Scalar =
        when {
            json.isBoolean -> SlotValue.Flag(json.asBoolean)
            json.isString -> SlotValue.Text(json.asString)
            else -> SlotValue.Integer(json.asLong)
        }

    /** The vectors' clock stands at UTC+1. */
    private fun time(text: String): ZonedDateTime = LocalDateTime.parse(text).atZone(ZoneOffset.ofHours(1))
}
