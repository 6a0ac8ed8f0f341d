package dev.spatz

/** What an app can do: a set of command files, read from elsewhere or written by [commandSet]. */
public class CommandSet(
    /** The files, which are one set together. */
    public val files: List<CommandFile>,
) {
    public companion object {
        /** A set of one file. */
        public fun fromYaml(
            name: String,
            text: String,
        ): CommandSet = CommandSet(listOf(CommandFile(name, text)))
    }
}

/**
 * A command file in YAML or JSON; or, if the name ends with `.jsonl`, labelled examples, a JSON object a line.
 *
 * @property name what errors call it.
 */
public data class CommandFile(
    public val name: String,
    public val text: String,
)

/**
 * A command set in Kotlin. It writes a file for each intent, so that an error names the intent.
 *
 * ```kotlin
 * val set = commandSet {
 *     intent("Dim") {
 *         slot("room", SlotType.OneOf("room"))
 *         slot("level", SlotType.Integer(0L..100L), required = true, prompt = mapOf("en" to "How bright?"))
 *         sentences("en", "dim [the] {room} [light] [to {level}] [percent]")
 *     }
 *     list("room") { value("kitchen", mapOf("en" to "kitchen", "de" to "Küche")) }
 * }
 * ```
 */
public fun commandSet(build: CommandSetBuilder.() -> Unit): CommandSet = CommandSetBuilder().apply(build).build()

/** Inside one block of [commandSet] the functions of the outer ones are out of reach. */
@DslMarker
public annotation class CommandSetDsl

/** Receives what is in a command set; see [commandSet]. */
@CommandSetDsl
public class CommandSetBuilder internal constructor() {
    private val intents = mutableListOf<CommandFile>()
    private val lists = linkedMapOf<String, Any>()
    private val languages = linkedMapOf<String, LinkedHashMap<String, Any>>()

    /** Adds an intent, which is called [name] in a [Command]. */
    public fun intent(
        name: String,
        build: IntentBuilder.() -> Unit,
    ) {
        intents += CommandFile(name, json(IntentBuilder().apply(build).file(name)))
    }

    /** Adds a list that sentences name as `{name}`. */
    public fun list(
        name: String,
        build: ListBuilder.() -> Unit = {},
    ) {
        lists[name] = ListBuilder().apply(build).values
    }

    /** Adds a piece of template that sentences of a language name as `<name>`. */
    public fun rule(
        language: String,
        name: String,
        template: String,
    ) {
        @Suppress("UNCHECKED_CAST")
        val rules = of(language).getOrPut("expansion_rules") { linkedMapOf<String, Any>() } as MutableMap<String, Any>
        rules[name] = template
    }

    /** Words of a language that may stand anywhere: "please". */
    public fun skipWords(
        language: String,
        vararg words: String,
    ) {
        of(language)["skip_words"] = words.asList()
    }

    private fun of(language: String) = languages.getOrPut(language) { linkedMapOf() }

    internal fun build(): CommandSet {
        val rest = mapOf("lists" to lists, "languages" to languages).filterValues { it.isNotEmpty() }
        return CommandSet(if (rest.isEmpty()) intents.toList() else intents + CommandFile("commandSet", json(rest)))
    }
}

/** Receives what belongs to an intent; see [commandSet]. Texts are given by language. */
@CommandSetDsl
public class IntentBuilder internal constructor() {
    private val declared = linkedMapOf<String, Any>()
    private val slots = linkedMapOf<String, Any>()
    private val examples = linkedMapOf<String, List<String>>()
    private val blocks = linkedMapOf<String, MutableList<Any>>()

    /** Declares a slot; [prompt] asks for its value where it is [required] and missing. */
    public fun slot(
        name: String,
        type: SlotType,
        required: Boolean = false,
        prompt: Map<String, String> = emptyMap(),
    ) {
        slots[name] = type.fields() + mapOf("required" to required, "prompt" to prompt)
    }

    /**
     * Adds templates. [fixed] are slots that they say without words; [requires] and [excludes] are what must and must not
     * be known around the utterance.
     */
    public fun sentences(
        language: String,
        vararg templates: String,
        fixed: Map<String, SlotValue.Scalar> = emptyMap(),
        requires: Map<String, Requirement> = emptyMap(),
        excludes: Map<String, Requirement> = emptyMap(),
    ) {
        val context = { known: Map<String, Requirement> -> known.mapValues { it.value.fields() } }
        blocks.getOrPut(language) { mutableListOf() } +=
            mapOf("sentences" to templates.asList(), "slots" to fixed) +
            mapOf("requires_context" to context(requires), "excludes_context" to context(excludes))
    }

    /** Adds sentences as people say them, for an encoder. Values stand in brackets: `wake me at [six](hour)`. */
    public fun examples(
        language: String,
        vararg sentences: String,
    ) {
        examples[language] = examples[language].orEmpty() + sentences
    }

    /** Asks [question] before the command runs; `{slot}` in it stands for the words of a slot. */
    public fun confirm(question: Map<String, String>) {
        declared["destructive"] = true
        declared["confirm"] = question
    }

    /** What to say once it is done; `{slot}` in it stands for the words of a slot. */
    public fun response(text: Map<String, String>) {
        declared["response"] = text
    }

    internal fun file(name: String): Map<String, Any> {
        val languages = blocks.mapValues { mapOf("intents" to mapOf(name to mapOf("data" to it.value))) }
        return mapOf(
            "intents" to mapOf(name to declared + mapOf("slots" to slots, "examples" to examples)),
            "languages" to languages,
        )
    }
}

/** Receives the entries of a list; see [commandSet]. */
@CommandSetDsl
public class ListBuilder internal constructor() {
    internal val values = mutableListOf<Any>()

    /** An entry; [spoken] is a template of how it is said, if not as its value. */
    public fun value(
        value: String,
        spoken: String? = null,
    ) {
        values += if (spoken == null) mapOf("value" to value) else mapOf("out" to value, "in" to spoken)
    }

    /** An entry that each language says in its own way. */
    public fun value(
        value: String,
        spoken: Map<String, String>,
    ) {
        values += mapOf("out" to value, "in" to spoken)
    }
}

/** What a slot holds. */
public sealed interface SlotType {
    /** Any words. */
    public data object Text : SlotType

    /** A whole number in [range]. */
    public data class Integer(
        public val range: LongRange? = null,
    ) : SlotType

    /** A number in [range], with a fraction or not. */
    public data class Number(
        public val range: ClosedFloatingPointRange<Double>? = null,
    ) : SlotType

    /** An entry of the list called [list]. */
    public data class OneOf(
        public val list: String,
    ) : SlotType

    /** A value that is read by rules. */
    public data class Entity(
        public val kind: EntityKind,
    ) : SlotType
}

/** What must be known: one of [values], or anything if there are none. It [fillsSlot] of its name if that is wanted. */
public data class Requirement(
    public val values: List<SlotValue.Scalar> = emptyList(),
    public val fillsSlot: Boolean = false,
)

private fun SlotType.fields(): Map<String, Any> =
    when (this) {
        is SlotType.Text -> mapOf("type" to "text")
        is SlotType.Integer -> mapOf("type" to "integer") + range.bounds()
        is SlotType.Number -> mapOf("type" to "number") + range.bounds()
        is SlotType.OneOf -> mapOf("type" to "list", "list" to list)
        is SlotType.Entity -> mapOf("type" to kind.id)
    }

private fun ClosedRange<*>?.bounds(): Map<String, Any> =
    if (this == null) emptyMap() else mapOf("from" to start, "to" to endInclusive)

private fun Requirement.fields(): Map<String, Any> =
    (if (values.isEmpty()) emptyMap() else mapOf("value" to values)) + mapOf("slot" to fillsSlot)

/** JSON with a line for each part, so that the line of an error leads to it; objects without anything are left out. */
private fun json(value: Any): String =
    when (value) {
        is Map<*, *> ->
            value.entries
                .filterNot { (_, part) -> part.isVoid() }
                .joinToString(",\n", "{", "}") { (key, part) -> quoted(key.toString()) + ": " + json(part!!) }
        is List<*> -> value.joinToString(",\n", "[", "]") { json(it!!) }
        is SlotValue.Text -> quoted(value.value)
        is SlotValue.Integer -> value.value.toString()
        is SlotValue.Number -> value.value.toString()
        is SlotValue.Flag -> value.value.toString()
        is SlotValue.Length -> quoted(value.value.toIsoString())
        is String -> quoted(value)
        else -> value.toString()
    }

private fun Any?.isVoid(): Boolean = this is Map<*, *> && values.all { it.isVoid() }

private fun quoted(text: String): String =
    text.toCharArray().joinToString("", "\"", "\"") { char ->
        when {
            char == '"' || char == '\\' -> "\\$char"
            char < ' ' -> "\\u%04x".format(char.code)
            else -> char.toString()
        }
    }
