package dev.spatz

import dev.spatz.ffi.RustCommandParser
import dev.spatz.ffi.RustParseContext

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
     * @param language the utterance's language (ISO 639-1); null tries all that the set has.
     * @throws SpatzException.Closed after [close].
     */
    public suspend fun parse(
        utterance: String,
        language: String? = null,
    ): Parse = lane.call { ffi.parse(utterance, RustParseContext(language)).toPublic(utterance) }

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
