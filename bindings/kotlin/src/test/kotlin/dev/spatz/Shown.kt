package dev.spatz

import java.time.LocalTime
import java.time.ZonedDateTime
import java.time.format.DateTimeFormatter

// Values, parses and turns as the conformance vectors show them: by their parts.

fun Parse.shown(): String =
    when (this) {
        is Parse.Command -> command.shown()
        is Parse.NeedsValue -> "needs ${command.shown()} $slot: $prompt"
        is Parse.OutOfScope -> "-"
    }

fun Turn.shown(): String =
    when (this) {
        is Turn.Run ->
            (if (corrects) "correct " else "run ") + command.shown() + response?.let { " → $it" }.orEmpty()
        is Turn.Ask -> "ask ${command.shown()} $slot: $prompt"
        is Turn.Confirm -> "confirm ${command.shown()}: $prompt"
        is Turn.Cancelled -> "cancelled"
        is Turn.NotUnderstood -> "not understood"
    }

private fun Command.shown(): String =
    intent +
        slots.joinToString("") { slot ->
            val others = slot.alternatives.joinToString { it.shown() }
            " ${slot.name}=${slot.value.shown()}" + if (others.isEmpty()) "" else " [$others]"
        }

fun SlotValue.shown(): String =
    when (this) {
        is SlotValue.Text -> value
        is SlotValue.Integer -> value.toString()
        is SlotValue.Number -> plain(value)
        is SlotValue.Flag -> value.toString()
        is SlotValue.Length -> "${value.inWholeSeconds} s"
        is SlotValue.Ordinal -> from.name.lowercase() + "%+d".format(offset)
        is SlotValue.Percent -> amount?.let { "${plain(it)} %" } ?: "%"
        is SlotValue.Measured ->
            quantity.amount?.let { plain(it) + " " }.orEmpty() + quantity.unit + " " + quantity.measures.name.lowercase()
        is SlotValue.Currency -> amount?.let { plain(it) + " " }.orEmpty() + (code ?: name)
        is SlotValue.Phone -> value
        is SlotValue.Email -> value
        is SlotValue.Url -> value
        is SlotValue.Colour -> "#%02x%02x%02x".format(red, green, blue)
        is SlotValue.Moment ->
            (meant?.shown() ?: "nothing") + (if (candidates.size > 1) " of ${candidates.size}" else "") +
                (if (looksBack) " <" else "") + if (approximate) " ~" else ""
    }

private fun When.shown(): String =
    when (this) {
        is When.Date -> value.toString()
        is When.Time -> clock(value)
        is When.DateTime -> moment(value)
        is When.Dates -> "${start ?: ".."}/${end ?: ".."}"
        is When.Times -> "${start?.let(::clock) ?: ".."}/${end?.let(::clock) ?: ".."}"
        is When.DateTimes -> "${start?.let(::moment) ?: ".."}/${end?.let(::moment) ?: ".."}"
        is When.Length ->
            listOf(years to "years", months to "months", weeks to "weeks", days to "days")
                .plus(listOf(businessDays to "business days", seconds to "s"))
                .filter { it.first != 0.0 }
                .joinToString(" ") { (count, unit) -> "${plain(count)} $unit" }
        is When.Recurrence ->
            listOfNotNull(
                "every $interval ${frequency.name.lowercase()}",
                weekdays.takeIf { it.isNotEmpty() }?.let { days -> "weekdays " + days.joinToString(" ") { "${it.value}" } },
                nth?.let { "nth $it" },
                dayOfMonth?.let { "day $it" },
                time?.let { "time ${clock(it)}" },
                part?.let { "part ${it.name.lowercase().replace("_", "")}" },
            ).joinToString(", ", "$rule (", ")")
    }

private fun clock(time: LocalTime) = time.format(DateTimeFormatter.ISO_LOCAL_TIME)

private fun moment(time: ZonedDateTime) = time.format(DateTimeFormatter.ISO_OFFSET_DATE_TIME)

private fun plain(number: Double) = if (number % 1.0 == 0.0) number.toLong().toString() else number.toString()
