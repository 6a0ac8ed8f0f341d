package dev.spatz

import dev.spatz.ffi.RustCommandParser
import java.time.ZonedDateTime

/**
 * Turns what people say into commands with typed values, or a clear no.
 *
 * ```kotlin
 * val parser = CommandParser.open(CommandSet.fromYaml("timer.yaml", yaml))
 * when (val parse = parser.parse("set a timer for five minutes")) {
 *     is Parse.Command -> start(parse.duration("duration"))
 *     is Parse.NeedsValue -> ask(parse.prompt)
 *     is Parse.OutOfScope -> Unit
 * }
 * ```
 *
 * [parse] takes an utterance for itself, [converse] after what was said before. Both also take all that a recogniser may
 * have heard.
 */
public class CommandParser private constructor(
    private val ffi: RustCommandParser,
) : AutoCloseable {
    private val lane = Lane()

    /** The languages of the set, its intents in the order of the files, and the lists that [withList] may fill. */
    public val info: CommandSetInfo = ffi.info().toPublic()

    /**
     * What [utterance] means. Not understanding is no error but [Parse.OutOfScope].
     *
     * @throws SpatzException.Closed after [close], as all here.
     */
    public suspend fun parse(
        utterance: String,
        context: ParseContext = ParseContext(),
    ): Parse = context.read { value, zone -> lane.call { ffi.parse(utterance, value).toPublic(utterance, zone) } }

    /** Which of [hypotheses] was most probably said, and what it means. */
    public suspend fun parse(
        hypotheses: List<Hypothesis>,
        context: ParseContext = ParseContext(),
    ): Heard =
        context.read { value, zone ->
            val (text, parse) = lane.call { ffi.parseNBest(hypotheses.map(Hypothesis::toFfi), value) }
            Heard(text, parse.toPublic(text, zone))
        }

    /**
     * Up to [limit] commands that [utterance] may mean, the most probable first, even if it is probably out of scope: for
     * an app that asks "did you mean …?". More than one needs an encoder.
     */
    public suspend fun alternatives(
        utterance: String,
        context: ParseContext = ParseContext(),
        limit: Int = 2,
    ): List<Command> {
        require(limit >= 0) { "limit is $limit; it must not be negative" }
        return context.read { value, zone ->
            val commands = lane.call { ffi.parseAlternatives(utterance, value, limit.toUInt()) }
            commands.map { it.toPublic(utterance, zone) }
        }
    }

    /**
     * What [utterance] means after what was said before: an answer to a question, a correction, a command, or several.
     *
     * @throws SpatzException.InvalidInput if [conversation] was stored by another version.
     */
    public suspend fun converse(
        utterance: String,
        conversation: Conversation = Conversation(),
        context: ParseContext = ParseContext(),
    ): Reply = converse(listOf(Hypothesis(utterance, 1f)), conversation, context)

    /** As above, of what a recogniser may have heard taking what fits best at this place of the conversation. */
    public suspend fun converse(
        hypotheses: List<Hypothesis>,
        conversation: Conversation = Conversation(),
        context: ParseContext = ParseContext(),
    ): Reply =
        context.read { value, zone ->
            lane.call { ffi.converse(hypotheses.map(Hypothesis::toFfi), conversation.state, value) }.toPublic(zone)
        }

    /**
     * A parser that knows other entries of the list called [name]: contacts, rooms, songs. This one stays as it is.
     *
     * @throws SpatzException.InvalidInput if the set has no such list.
     */
    public suspend fun withList(
        name: String,
        values: List<String>,
    ): CommandParser = withEntries(name, values.map { ListEntry(it) })

    /** As [withList], with entries that have another value than their text, or several ways to be said. */
    public suspend fun withEntries(
        name: String,
        entries: List<ListEntry>,
    ): CommandParser =
        lane.call(abandoned = CommandParser::close) {
            CommandParser(ffi.withList(name, entries.map(ListEntry::toFfi)))
        }

    /** What was learned from the set with an encoder; [open] takes it instead of learning anew. Null without an encoder. */
    public suspend fun save(): ByteArray? = lane.call { ffi.save() }

    /** What is well formed in the set and probably not meant, a sentence each: for a test, since it may take a second. */
    public suspend fun check(): List<String> = lane.call { ffi.check() }

    /** Frees the command set. Returns at once; again does nothing. */
    override fun close() {
        ffi.release()
    }

    public companion object {
        /**
         * Compiles [set]. With [encoder], a sentence package, utterances are understood that are only like the set's
         * sentences; that takes a second or two of learning, but none if [saved] is what [save] gave for the same set and
         * encoder. Anything else in [saved] does no harm.
         *
         * @throws SpatzException.InvalidCommands with file, line and column of a mistake.
         */
        public suspend fun open(
            set: CommandSet,
            encoder: Model? = null,
            saved: ByteArray? = null,
        ): CommandParser =
            Lane().call(abandoned = CommandParser::close) {
                CommandParser(RustCommandParser.open(set.files.map(CommandFile::toFfi), encoder?.ffi, saved))
            }

        /** Compiles the one command file [text]; [name] is what errors call the file. */
        public suspend fun fromYaml(
            name: String,
            text: String,
        ): CommandParser = open(CommandSet.fromYaml(name, text))
    }
}

/**
 * What is known around an utterance.
 *
 * @property language the utterance's language (ISO 639-1); null tries all that the set has.
 * @property facts what the set's `requires_context` and `excludes_context` look at: the room the phone is in, say.
 * @property preferredSlot among several readings, prefer those that say most of this slot.
 * @property reference what "tomorrow" is seen from; null is the moment of the call, in the phone's time zone.
 */
public data class ParseContext(
    public val language: String? = null,
    public val facts: Map<String, SlotValue.Scalar> = emptyMap(),
    public val preferredSlot: String? = null,
    public val reference: ZonedDateTime? = null,
)

/** What a recogniser may have heard; [score] is a probability or its logarithm, as the recogniser gives it. */
public data class Hypothesis(
    public val text: String,
    public val score: Float,
)

/** Of several hypotheses the [text] that was most probably said, and what it means. */
public data class Heard(
    public val text: String,
    public val parse: Parse,
)

/** What a command set has; languages are ISO 639-1 codes. */
public data class CommandSetInfo(
    public val languages: List<String>,
    public val intents: List<String>,
    public val lists: List<String>,
)

/**
 * An entry of a list.
 *
 * @property text how it is said.
 * @property value what the slot receives; null is the text, or what was said of a template.
 * @property facts what is known once it was said, for `requires_context`.
 * @property isTemplate whether [text] has several ways to say it: `(tv|television)`.
 */
public data class ListEntry(
    public val text: String,
    public val value: SlotValue.Scalar? = null,
    public val facts: Map<String, SlotValue.Scalar> = emptyMap(),
    public val isTemplate: Boolean = false,
)
