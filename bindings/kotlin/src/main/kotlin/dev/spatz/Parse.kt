package dev.spatz

import java.time.LocalDate
import java.time.LocalTime
import java.time.ZonedDateTime
import kotlin.time.Duration

/** What an utterance means to a command set. */
public sealed interface Parse {
    /** A [command] with all it needs. */
    public data class Command(
        public val command: dev.spatz.Command,
    ) : Parse,
        Intent by command

    /** A [command] that lacks the value of [slot]; [prompt] is the set's question for it, empty if it has none. */
    public data class NeedsValue(
        public val command: dev.spatz.Command,
        public val slot: String,
        public val prompt: String,
    ) : Parse,
        Intent by command

    /** Not meant for this app; [confidence] says how sure, 0 to 1. */
    public data class OutOfScope(
        public val confidence: Float,
    ) : Parse
}

/**
 * A call.
 *
 * @property intent its name in the command set.
 * @property language the language it was given in (ISO 639-1).
 * @property confidence probability that this is what was meant, 0 to 1.
 * @property slots its values, in the order in which they were said; those that the set fixes come last.
 * @property response what to say once it is done, the values filled in; null if the set has nothing in this language.
 */
public data class Command(
    override val intent: String,
    override val language: String,
    override val confidence: Float,
    override val slots: List<Slot>,
    override val response: String?,
) : Intent

/** An intent with the values that are known: a [Command], or what holds one. */
public sealed interface Intent {
    /** The intent's name in the command set. */
    public val intent: String

    /** The language it was given in (ISO 639-1). */
    public val language: String

    /** Probability that this is what was meant, 0 to 1. */
    public val confidence: Float

    /** The values that are known. */
    public val slots: List<Slot>

    /** What to say once it is done; null if the set has nothing in this language. */
    public val response: String?

    /** The first value of the slot called [name]. This and all below are null if it is missing or of another type. */
    public operator fun get(name: String): SlotValue? = slots.firstOrNull { it.name == name }?.value

    /** All values of the slot called [name], where several were said. */
    public fun values(name: String): List<SlotValue> = slots.filter { it.name == name }.map { it.value }

    /** A list's entry or free text; a telephone number, e-mail or web address. */
    public fun text(name: String): String? =
        when (val value = this[name]) {
            is SlotValue.Text -> value.value
            is SlotValue.Phone -> value.value
            is SlotValue.Email -> value.value
            is SlotValue.Url -> value.value
            else -> null
        }

    /** A whole number. */
    public fun integer(name: String): Long? = (this[name] as? SlotValue.Integer)?.value

    /** A number, whole or not. */
    public fun number(name: String): Double? =
        when (val value = this[name]) {
            is SlotValue.Number -> value.value
            is SlotValue.Integer -> value.value.toDouble()
            else -> null
        }

    /** True or false. */
    public fun boolean(name: String): Boolean? = (this[name] as? SlotValue.Flag)?.value

    /** A length of time. */
    public fun duration(name: String): Duration? = (this[name] as? SlotValue.Length)?.value

    /** A place in a row. */
    public fun ordinal(name: String): SlotValue.Ordinal? = this[name] as? SlotValue.Ordinal

    /** Parts of a hundred. */
    public fun percent(name: String): Double? = (this[name] as? SlotValue.Percent)?.amount

    /** A temperature, an age, or an amount of another unit. */
    public fun quantity(name: String): Quantity? = (this[name] as? SlotValue.Measured)?.quantity

    /** An amount of money. */
    public fun currency(name: String): SlotValue.Currency? = this[name] as? SlotValue.Currency

    /** A colour. */
    public fun colour(name: String): SlotValue.Colour? = this[name] as? SlotValue.Colour

    /** What is meant by words about time: a day, a range, what comes again. */
    public fun moment(name: String): When? = (this[name] as? SlotValue.Moment)?.meant

    /** A day. */
    public fun date(name: String): LocalDate? = (moment(name) as? When.Date)?.value

    /** A time of day. */
    public fun time(name: String): LocalTime? = (moment(name) as? When.Time)?.value

    /** A time on a day, in the zone of the reference. */
    public fun dateTime(name: String): ZonedDateTime? = (moment(name) as? When.DateTime)?.value
}

/**
 * A named value of a command.
 *
 * @property name its name in the command set.
 * @property value the value.
 * @property text the words that it came from; empty if the set fixes it.
 * @property range where these words are in the utterance; null if the set fixes it, or if they were said earlier in the
 * conversation.
 * @property alternatives other values that the words fit as well: two contacts called Anna. Most often empty.
 */
public data class Slot(
    public val name: String,
    public val value: SlotValue,
    public val text: String,
    public val range: IntRange?,
    public val alternatives: List<SlotValue>,
)
