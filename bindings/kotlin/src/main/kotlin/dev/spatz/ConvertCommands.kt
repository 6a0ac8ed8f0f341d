package dev.spatz

import dev.spatz.ffi.RustCommand
import dev.spatz.ffi.RustCommandFile
import dev.spatz.ffi.RustCommandSetInfo
import dev.spatz.ffi.RustDate
import dev.spatz.ffi.RustDateTime
import dev.spatz.ffi.RustEntity
import dev.spatz.ffi.RustHypothesis
import dev.spatz.ffi.RustListEntry
import dev.spatz.ffi.RustParse
import dev.spatz.ffi.RustParseContext
import dev.spatz.ffi.RustQuantity
import dev.spatz.ffi.RustRecurrence
import dev.spatz.ffi.RustReply
import dev.spatz.ffi.RustScalar
import dev.spatz.ffi.RustSlot
import dev.spatz.ffi.RustSpan
import dev.spatz.ffi.RustTime
import dev.spatz.ffi.RustTurn
import dev.spatz.ffi.RustValue
import dev.spatz.ffi.RustWhen
import java.time.DayOfWeek
import java.time.LocalDate
import java.time.LocalDateTime
import java.time.LocalTime
import java.time.ZoneId
import java.time.ZonedDateTime
import kotlin.time.Duration.Companion.seconds

internal fun CommandFile.toFfi() = RustCommandFile(name, text)

internal fun RustCommandSetInfo.toPublic() = CommandSetInfo(languages, intents, lists)

internal fun Hypothesis.toFfi() = RustHypothesis(text, score)

internal fun ListEntry.toFfi() = RustListEntry(text, isTemplate, value?.toFfi(), facts.mapValues { it.value.toFfi() })

/** Runs [read] with this context as Rust has it, and with the zone that local times are in. */
internal inline fun <T> ParseContext.read(read: (RustParseContext, ZoneId) -> T): T {
    val now = reference ?: ZonedDateTime.now()
    return read(RustParseContext(language, facts.mapValues { it.value.toFfi() }, preferredSlot, now.toFfi()), now.zone)
}

internal fun ZonedDateTime.toFfi() =
    RustDateTime(
        RustDate(year.toShort(), monthValue.toByte(), dayOfMonth.toByte()),
        RustTime(hour.toByte(), minute.toByte(), second.toByte()),
    )

internal fun RustParse.toPublic(
    utterance: String,
    zone: ZoneId,
): Parse =
    when (this) {
        is RustParse.Command -> Parse.Command(command.toPublic(utterance, zone))
        is RustParse.NeedsValue -> Parse.NeedsValue(command.toPublic(utterance, zone), slot, prompt)
        is RustParse.OutOfScope -> Parse.OutOfScope(confidence)
    }

internal fun RustReply.toPublic(zone: ZoneId) =
    Reply(heard, turns.map { it.toPublic(heard, zone) }, Conversation(conversation, isOpen))

private fun RustTurn.toPublic(
    utterance: String,
    zone: ZoneId,
): Turn =
    when (this) {
        is RustTurn.Run -> Turn.Run(command.toPublic(utterance, zone), corrects)
        is RustTurn.Ask -> Turn.Ask(command.toPublic(utterance, zone), slot, prompt)
        is RustTurn.Confirm -> Turn.Confirm(command.toPublic(utterance, zone), prompt)
        is RustTurn.Cancelled -> Turn.Cancelled
        is RustTurn.NotUnderstood -> Turn.NotUnderstood
    }

internal fun RustCommand.toPublic(
    utterance: String,
    zone: ZoneId,
) = Command(intent, language, confidence, slots.map { it.toPublic(utterance, zone) }, response)

private fun RustSlot.toPublic(
    utterance: String,
    zone: ZoneId,
) = Slot(name, value.toPublic(zone), text, span?.rangeIn(utterance), alternatives.map { it.toPublic(zone) })

internal fun RustEntity.toPublic(
    source: String,
    zone: ZoneId,
) = Entity(EntityKind.entries.first { it.id == kind }, span.rangeIn(source), text, value.toPublic(zone), canonical)

/** Rust counts code points, Kotlin UTF-16 units. */
private fun RustSpan.rangeIn(text: String): IntRange {
    val first = text.offsetByCodePoints(0, start.toInt())
    return first..<text.offsetByCodePoints(first, (end - start).toInt())
}

internal fun SlotValue.Scalar.toFfi(): RustScalar =
    when (this) {
        is SlotValue.Text -> RustScalar.Text(value)
        is SlotValue.Integer -> RustScalar.Integer(value)
        is SlotValue.Number -> RustScalar.Number(value)
        is SlotValue.Flag -> RustScalar.Boolean(value)
        is SlotValue.Length -> RustScalar.Duration(value.inWholeSeconds)
    }

private fun RustScalar.toPublic(): SlotValue =
    when (this) {
        is RustScalar.Text -> SlotValue.Text(text)
        is RustScalar.Integer -> SlotValue.Integer(number)
        is RustScalar.Number -> SlotValue.Number(number)
        is RustScalar.Boolean -> SlotValue.Flag(boolean)
        is RustScalar.Duration -> SlotValue.Length(seconds.seconds)
    }

private fun RustValue.toPublic(zone: ZoneId): SlotValue =
    when (this) {
        is RustValue.Scalar -> value.toPublic()
        is RustValue.Ordinal -> SlotValue.Ordinal(Anchor.valueOf(from.name), offset)
        is RustValue.Percent -> SlotValue.Percent(amount)
        is RustValue.Temperature -> SlotValue.Temperature(quantity.toPublic())
        is RustValue.Dimension -> SlotValue.Dimension(quantity.toPublic())
        is RustValue.Age -> SlotValue.Age(quantity.toPublic())
        is RustValue.Currency -> SlotValue.Currency(amount, code, name)
        is RustValue.Phone -> SlotValue.Phone(text)
        is RustValue.Email -> SlotValue.Email(text)
        is RustValue.Url -> SlotValue.Url(text)
        is RustValue.Colour -> SlotValue.Colour(red.toInt(), green.toInt(), blue.toInt())
        is RustValue.Moment -> {
            val all = candidates.map { it.toPublic(zone) }
            SlotValue.Moment(all, all.getOrNull(preferred.toInt()), looksBack, approximate)
        }
    }

private fun RustQuantity.toPublic() = Quantity(amount, unit, name, Measure.valueOf(dimension.name))

private fun RustWhen.toPublic(zone: ZoneId): When =
    when (this) {
        is RustWhen.Date -> When.Date(date.toPublic())
        is RustWhen.Time -> When.Time(time.toPublic())
        is RustWhen.DateTime -> When.DateTime(at.toPublic(zone))
        is RustWhen.Dates -> When.Dates(start?.toPublic(), end?.toPublic())
        is RustWhen.Times -> When.Times(start?.toPublic(), end?.toPublic())
        is RustWhen.DateTimes -> When.DateTimes(start?.toPublic(zone), end?.toPublic(zone))
        is RustWhen.Length ->
            with(length) { When.Length(years, months, weeks, days, businessDays, seconds) }
        is RustWhen.Recurrence -> recurrence.toPublic()
    }

private fun RustRecurrence.toPublic() =
    When.Recurrence(
        rule = rule,
        frequency = Frequency.valueOf(frequency.name),
        interval = interval.toInt(),
        weekdays = weekdays.map { DayOfWeek.of(it.toInt()) },
        nth = nth?.toInt(),
        dayOfMonth = dayOfMonth?.toInt(),
        time = time?.toPublic(),
        part = part?.let { DayPart.valueOf(it.name) },
    )

private fun RustDate.toPublic() = LocalDate.of(year.toInt(), month.toInt(), day.toInt())

private fun RustTime.toPublic() = LocalTime.of(hour.toInt(), minute.toInt(), second.toInt())

private fun RustDateTime.toPublic(zone: ZoneId) = LocalDateTime.of(date.toPublic(), time.toPublic()).atZone(zone)
