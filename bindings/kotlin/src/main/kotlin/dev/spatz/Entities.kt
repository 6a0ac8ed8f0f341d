package dev.spatz

import dev.spatz.ffi.recognizeEntities
import java.time.ZonedDateTime

/** Finds values in any text, by rules, in English and German. */
public object Entities {
    /**
     * The values in [text], left to right. Kinds do not see each other: in "3 euros" stand a number and an amount of money.
     *
     * @param language the text's language: `en`, `de-AT`.
     * @param reference what "tomorrow" is seen from; null is the moment of the call, in the phone's time zone.
     * @param kinds what to look for; none is everything.
     * @throws SpatzException.InvalidInput if there are no rules for the language.
     */
    public suspend fun recognize(
        text: String,
        language: String,
        reference: ZonedDateTime? = null,
        kinds: Set<EntityKind> = emptySet(),
    ): List<Entity> {
        val now = reference ?: ZonedDateTime.now()
        val found = Lane().call { recognizeEntities(text, language, now.toFfi(), kinds.map { it.id }) }
        return found.map { it.toPublic(text, now.zone) }
    }
}

/**
 * A value found in a text.
 *
 * @property range where its words are in the text.
 * @property text the words as written.
 * @property value what they mean.
 * @property canonical what they mean as a text that is the same for all ways to say it; ISO 8601 for dates and times.
 */
public data class Entity(
    public val kind: EntityKind,
    public val range: IntRange,
    public val text: String,
    public val value: SlotValue,
    public val canonical: String,
)

/** What an entity is, and a slot's type. */
public enum class EntityKind {
    /** An amount: `25`, "two and a half". */
    NUMBER,

    /** A place in a row: "third", "last". */
    ORDINAL,

    /** Parts of a hundred. */
    PERCENT,

    /** Degrees. */
    TEMPERATURE,

    /** A length, weight, volume, area, speed, angle or amount of information. */
    DIMENSION,

    /** Money. */
    CURRENCY,

    /** How old someone or something is. */
    AGE,

    /** Yes or no. */
    BOOLEAN,

    /** A telephone number. */
    PHONE,

    /** An e-mail address. */
    EMAIL,

    /** An address on the web. */
    URL,

    /** A colour. */
    COLOUR,

    /** A day. */
    DATE,

    /** A time of day. */
    TIME,

    /** A time on a day. */
    DATE_TIME,

    /** From one day to another. */
    DATE_RANGE,

    /** From one time of day to another. */
    TIME_RANGE,

    /** From one point in time to another. */
    DATE_TIME_RANGE,

    /** A length of time. */
    DURATION,

    /** What comes again: "every Monday". */
    RECURRENCE,
    ;

    /** Its name in command files. */
    internal val id: String get() = name.lowercase().replace("_", "")
}
