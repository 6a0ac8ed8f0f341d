package dev.spatz

import kotlin.time.Duration

/** What an utterance means to a command set. */
public sealed interface Parse {
    /**
     * A call with all it needs.
     *
     * @property intent its name in the command file.
     * @property confidence probability that this is what was meant, 0 to 1.
     * @property slots its values, in the order in which they were said; those that the file fixes come last.
     */
    public data class Command(
        override val intent: String,
        override val confidence: Float,
        override val slots: List<Slot>,
    ) : Parse,
        Intent

    /**
     * A call that lacks a value.
     *
     * @property slot the name of what is missing.
     * @property prompt the question to ask for it.
     */
    public data class NeedsValue(
        override val intent: String,
        override val confidence: Float,
        override val slots: List<Slot>,
        public val slot: String,
        public val prompt: String,
    ) : Parse,
        Intent

    /**
     * Not meant for this app.
     *
     * @property confidence how sure, 0 to 1.
     */
    public data class OutOfScope(
        public val confidence: Float,
    ) : Parse
}

/** An intent with the values that are known. */
public sealed interface Intent {
    /** The intent's name in the command file. */
    public val intent: String

    /** Probability that this is what was meant, 0 to 1. */
    public val confidence: Float

    /** The values that are known. */
    public val slots: List<Slot>

    /** The value of the slot called [name], if it has one. */
    public operator fun get(name: String): SlotValue? = slots.firstOrNull { it.name == name }?.value

    /** The text of the slot called [name]; null if it is missing or holds something else. */
    public fun text(name: String): String? = (this[name] as? SlotValue.Text)?.value

    /** The whole number in the slot called [name]; null if it is missing or holds something else. */
    public fun integer(name: String): Long? = (this[name] as? SlotValue.Integer)?.value

    /** The number in the slot called [name], whole or not; null if it is missing or holds something else. */
    public fun number(name: String): Double? =
        when (val value = this[name]) {
            is SlotValue.Number -> value.value
            is SlotValue.Integer -> value.value.toDouble()
            else -> null
        }

    /** True or false in the slot called [name]; null if it is missing or holds something else. */
    public fun boolean(name: String): Boolean? = (this[name] as? SlotValue.Flag)?.value

    /** The length of time in the slot called [name]; null if it is missing or holds something else. */
    public fun duration(name: String): Duration? = (this[name] as? SlotValue.Length)?.value
}

/**
 * A named value of a command.
 *
 * @property name its name in the command file.
 * @property value the value.
 * @property text the words that it came from; empty if the command file fixes it.
 * @property range where these words are in the utterance; null if the command file fixes it.
 */
public data class Slot(
    public val name: String,
    public val value: SlotValue,
    public val text: String,
    public val range: IntRange?,
)

/** A slot's value. */
public sealed interface SlotValue {
    /** An entry of a list, or free text. */
    @JvmInline
    public value class Text(
        /** The text. */
        public val value: String,
    ) : SlotValue

    /** A whole number. */
    @JvmInline
    public value class Integer(
        /** The number. */
        public val value: Long,
    ) : SlotValue

    /** A number with a fraction. */
    @JvmInline
    public value class Number(
        /** The number. */
        public val value: Double,
    ) : SlotValue

    /** True or false. */
    @JvmInline
    public value class Flag(
        /** Which. */
        public val value: Boolean,
    ) : SlotValue

    /** A length of time. */
    @JvmInline
    public value class Length(
        /** How long. */
        public val value: Duration,
    ) : SlotValue
}
