package dev.spatz

import dev.spatz.ffi.RustCommandParser

/**
 * Turns what people say into commands with typed values, or a clear no.
 *
 * ```kotlin
 * val parser = CommandParser.fromYaml("timer.yaml", yaml)
 * when (val parse = parser.parse("set a timer for five minutes")) {
 *     is Parse.Command -> start(parse.duration("duration"))
 *     is Parse.NeedsValue -> ask(parse.prompt)
 *     is Parse.OutOfScope -> Unit
 * }
 * ```
 */
public class CommandParser private constructor(
    private val ffi: RustCommandParser,
) : AutoCloseable {
    private val lane = Lane()

    /**
     * What [utterance] means. Not understanding is no error but [Parse.OutOfScope].
     *
     * @throws SpatzException.Closed after [close].
     */
    public suspend fun parse(
        utterance: String,
        context: ParseContext = ParseContext(),
    ): Parse {
        val value = context.toFfi()
        return lane.call { ffi.parse(utterance, value).toPublic(utterance) }
    }

    /**
     * A parser that knows other entries of the list called [name]: contacts, rooms, songs. This one stays as it is.
     *
     * @throws SpatzException.InvalidInput if the command file has no such list.
     */
    public suspend fun withList(
        name: String,
        values: List<String>,
    ): CommandParser = lane.call(abandoned = CommandParser::close) { CommandParser(ffi.withList(name, values)) }

    /** Frees the command set. Returns at once; again does nothing. */
    override fun close() {
        ffi.release()
    }

    public companion object {
        /**
         * Compiles the command file [text]; [name] is what errors call the file.
         *
         * @throws SpatzException.InvalidCommands with file, line and column of a mistake.
         */
        public suspend fun fromYaml(
            name: String,
            text: String,
        ): CommandParser =
            Lane().call(abandoned = CommandParser::close) { CommandParser(RustCommandParser.fromYaml(name, text)) }
    }
}

/**
 * What is known around an utterance.
 *
 * @property language the utterance's language (ISO 639-1); null tries all that the command file has.
 * @property facts what the file's `requires_context` and `excludes_context` look at: the room the phone is in, say.
 * @property preferredSlot among several readings, prefer those that say most of this slot.
 */
public data class ParseContext(
    public val language: String? = null,
    public val facts: Map<String, SlotValue> = emptyMap(),
    public val preferredSlot: String? = null,
)
