package dev.spatz

import java.time.DayOfWeek
import java.time.LocalDate
import java.time.LocalTime
import java.time.ZonedDateTime
import kotlin.time.Duration
import kotlin.time.Duration.Companion.seconds

/** A typed value: of a slot, or found in a text by [Entities]. */
public sealed interface SlotValue {
    /** What an app can give as well: as a fact around an utterance, or as the value of a list's entry. */
    public sealed interface Scalar : SlotValue

    /** A [quantity] of something. */
    public sealed interface Measured : SlotValue {
        /** How much. */
        public val quantity: Quantity
    }

    /** An entry of a list, or free text. */
    @JvmInline
    public value class Text(
        /** The text. */
        public val value: String,
    ) : Scalar

    /** A whole number. */
    @JvmInline
    public value class Integer(
        /** The number. */
        public val value: Long,
    ) : Scalar

    /** A number with a fraction. */
    @JvmInline
    public value class Number(
        /** The number. */
        public val value: Double,
    ) : Scalar

    /** True or false. */
    @JvmInline
    public value class Flag(
        /** Which. */
        public val value: Boolean,
    ) : Scalar

    /** A length of time. */
    @JvmInline
    public value class Length(
        /** How long. */
        public val value: Duration,
    ) : Scalar

    /** A place in a row: [offset] counts from 1 at the start, from 0 backwards at the end, and from the current place. */
    public data class Ordinal(
        public val from: Anchor,
        public val offset: Long,
    ) : SlotValue

    /** Parts of a hundred; [amount] is null where only the word stands. */
    public data class Percent(
        public val amount: Double?,
    ) : SlotValue

    /** A temperature. */
    public data class Temperature(
        override val quantity: Quantity,
    ) : Measured

    /** A length, weight, volume, area, speed, angle or amount of information. */
    public data class Dimension(
        override val quantity: Quantity,
    ) : Measured

    /** How old someone or something is. */
    public data class Age(
        override val quantity: Quantity,
    ) : Measured

    /** Money: [amount] in the main unit, null where only the currency stands; [code] by ISO 4217, null for "dollar". */
    public data class Currency(
        public val amount: Double?,
        public val code: String?,
        public val name: String,
    ) : SlotValue

    /** A telephone number: digits, with a `+` before an international one. */
    @JvmInline
    public value class Phone(
        /** The number. */
        public val value: String,
    ) : SlotValue

    /** An e-mail address. */
    @JvmInline
    public value class Email(
        /** The address. */
        public val value: String,
    ) : SlotValue

    /** An address on the web, as it was said. */
    @JvmInline
    public value class Url(
        /** The address. */
        public val value: String,
    ) : SlotValue

    /** A colour, 0 to 255 each. */
    public data class Colour(
        public val red: Int,
        public val green: Int,
        public val blue: Int,
    ) : SlotValue

    /**
     * Words about time.
     *
     * @property candidates all that they can mean: the past before the future, the morning before the evening. Empty where
     * they name no day of the calendar, as "February 30" does.
     * @property meant which of them a command means: what comes next.
     * @property looksBack whether the words look back: "since Monday".
     * @property approximate whether the words say that they are not exact: "around noon".
     */
    public data class Moment(
        public val candidates: List<When>,
        public val meant: When?,
        public val looksBack: Boolean,
        public val approximate: Boolean,
    ) : SlotValue
}

/** Where an ordinal counts from. */
public enum class Anchor {
    /** The beginning of the row. */
    START,

    /** The place at hand. */
    CURRENT,

    /** The end of the row. */
    END,
}

/**
 * An amount of a unit.
 *
 * @property amount how many; null where only the unit stands ("into fahrenheit").
 * @property unit the unit's sign: `km/h`.
 * @property unitName the unit's English name: `Kilometer per hour`.
 * @property measures what the unit measures.
 */
public data class Quantity(
    public val amount: Double?,
    public val unit: String,
    public val unitName: String,
    public val measures: Measure,
)

/** What a unit measures. */
public enum class Measure {
    /** Metres and inches. */
    LENGTH,

    /** Grams and pounds. */
    WEIGHT,

    /** Litres and cups. */
    VOLUME,

    /** Hectares and acres. */
    AREA,

    /** Kilometres an hour and knots. */
    SPEED,

    /** Bits and bytes. */
    INFORMATION,

    /** Degrees and radians of a turn. */
    ANGLE,

    /** Degrees Celsius and Fahrenheit. */
    TEMPERATURE,

    /** Years, months, weeks and days, of ages. */
    TIME,
}

/** What words about time can mean. Ranges end before their end; a side that is null is open. */
public sealed interface When {
    /** A day. */
    public data class Date(
        public val value: LocalDate,
    ) : When

    /** A time of day. */
    public data class Time(
        public val value: LocalTime,
    ) : When

    /** A time on a day, in the zone of the reference. */
    public data class DateTime(
        public val value: ZonedDateTime,
    ) : When

    /** Days. */
    public data class Dates(
        public val start: LocalDate?,
        public val end: LocalDate?,
    ) : When

    /** Part of a day. It ends on the next day if the end is not after the start. */
    public data class Times(
        public val start: LocalTime?,
        public val end: LocalTime?,
    ) : When

    /** From one point in time to another. */
    public data class DateTimes(
        public val start: ZonedDateTime?,
        public val end: ZonedDateTime?,
    ) : When

    /** A length of time in units of the calendar. */
    public data class Length(
        public val years: Double,
        public val months: Double,
        public val weeks: Double,
        public val days: Double,
        public val businessDays: Double,
        public val seconds: Double,
    ) : When {
        /** The whole, with months of 30 days and years of 365. */
        public val duration: Duration
            get() = ((years * 365 + months * 30 + weeks * 7 + days + businessDays) * 86_400 + seconds).seconds
    }

    /**
     * What comes again.
     *
     * @property rule as RFC 5545 writes it, which calendars understand: `FREQ=WEEKLY;INTERVAL=2;BYDAY=TU`.
     * @property interval every so many of [frequency].
     * @property nth of the weekdays in a month, only this one; -1 is the last.
     * @property part in this part of the day, which RFC 5545 has no words for.
     */
    public data class Recurrence(
        public val rule: String,
        public val frequency: Frequency,
        public val interval: Int,
        public val weekdays: List<DayOfWeek>,
        public val nth: Int?,
        public val dayOfMonth: Int?,
        public val time: LocalTime?,
        public val part: DayPart?,
    ) : When
}

/** What a recurrence counts. */
public enum class Frequency {
    /** Seconds. */
    SECONDLY,

    /** Minutes. */
    MINUTELY,

    /** Hours. */
    HOURLY,

    /** Days. */
    DAILY,

    /** Weeks. */
    WEEKLY,

    /** Months. */
    MONTHLY,

    /** Years. */
    YEARLY,
}

/** A part of the day. */
public enum class DayPart {
    /** 8 to 12. */
    MORNING,

    /** 11 to 13. */
    LUNCH,

    /** 12 to 16. */
    AFTERNOON,

    /** 16 to 20. */
    EVENING,

    /** 20 to midnight. */
    NIGHT,

    /** 8 to 18. */
    DAYTIME,

    /** 0 to 8. */
    NIGHT_TIME,
}
