package dev.spatz.sample.assistant

import dev.spatz.Slot
import dev.spatz.SlotValue
import dev.spatz.When

/**
 * A value that was understood, as the screen shows it.
 *
 * @property type what the engine made of the words: an integer, a duration.
 * @property words the words it came from; empty if the command file fixes it.
 */
data class ValueRow(
    val name: String,
    val type: String,
    val value: String,
    val words: String,
)

/** How [slot] is shown. */
fun valueRow(slot: Slot): ValueRow {
    val (type, value) = shown(slot.value)
    return ValueRow(slot.name, type, value, slot.text)
}

private fun shown(value: SlotValue): Pair<String, String> =
    when (value) {
        is SlotValue.Text -> "text" to value.value
        is SlotValue.Integer -> "integer" to value.value.toString()
        is SlotValue.Number -> "number" to value.value.toString().removeSuffix(".0")
        is SlotValue.Flag -> "flag" to value.value.toString()
        is SlotValue.Length -> "duration" to value.value.toString()
        is SlotValue.Ordinal -> "ordinal" to value.offset.toString()
        is SlotValue.Percent -> "percent" to "${value.amount ?: ""} %"
        is SlotValue.Measured -> "quantity" to "${value.quantity.amount ?: ""} ${value.quantity.unit}"
        is SlotValue.Currency -> "money" to "${value.amount ?: ""} ${value.name}"
        is SlotValue.Phone -> "phone" to value.value
        is SlotValue.Email -> "e-mail" to value.value
        is SlotValue.Url -> "address" to value.value
        is SlotValue.Colour -> "colour" to "#%02x%02x%02x".format(value.red, value.green, value.blue)
        is SlotValue.Moment -> "time" to value.meant?.let(::moment).orEmpty()
    }

private fun moment(value: When): String =
    when (value) {
        is When.Date -> value.value.toString()
        is When.Time -> value.value.toString()
        is When.DateTime -> value.value.toLocalDateTime().toString()
        is When.Dates -> "${value.start ?: ""} – ${value.end ?: ""}"
        is When.Times -> "${value.start ?: ""} – ${value.end ?: ""}"
        is When.DateTimes -> "${value.start?.toLocalDateTime() ?: ""} – ${value.end?.toLocalDateTime() ?: ""}"
        is When.Length -> value.duration.toString()
        is When.Recurrence -> value.rule
    }
