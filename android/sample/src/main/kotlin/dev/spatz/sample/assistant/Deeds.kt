package dev.spatz.sample.assistant

import dev.spatz.Intent
import dev.spatz.SlotValue
import java.time.Instant
import kotlin.time.toJavaDuration

/** What a command did: the [home] after it, and what to [say]; null leaves that to the command file. */
data class Deed(
    val home: Home,
    val say: String? = null,
)

/** Does what [intent] says, at [now]. Every intent of the command files is here. */
fun Home.perform(
    intent: Intent,
    now: Instant,
): Deed {
    val phrases = Phrases.of(intent.language)
    return when (intent.intent) {
        "TurnOn" -> light(intent, phrases, phrases.on) { it.copy(isOn = true) }
        "TurnOff" -> light(intent, phrases, phrases.off) { it.copy(isOn = false) }
        "SetBrightness" -> dim(intent, phrases)
        "StartTimer" -> Deed(start(length(intent), intent.text("name"), now))
        "AddTime" -> extend(intent, phrases, now)
        "CancelTimer" -> cancel(intent, phrases)
        "CancelAllTimers" -> Deed(copy(timers = emptyList()), phrases.allTimersOff)
        "TimeLeft" -> Deed(this, phrases.timeLeft(timers.filterNot { it.isDone(now) }, now))
        "AddItem" -> Deed(items(intent).fold(this) { home, item -> home.add(item) })
        "RemoveItem" -> strike(intent, phrases)
        "ReadList" -> Deed(this, phrases.list(items))
        "ClearList" -> Deed(copy(items = emptyList()))
        else -> error("the command files have an intent that the app lacks: ${intent.intent}")
    }
}

private fun Home.dim(
    intent: Intent,
    phrases: Phrases,
): Deed {
    val level = intent.integer("brightness")?.toInt() ?: 100
    return light(intent, phrases, "$level %") {
        it.copy(isOn = level > 0, brightness = if (level > 0) level else it.brightness)
    }
}

/** Changes the lamps of the rooms that were said, or all; what was heard for a room need not be one of this home. */
private fun Home.light(
    intent: Intent,
    phrases: Phrases,
    state: String,
    change: (Lamp) -> Lamp,
): Deed {
    val said = intent.values("room").filterIsInstance<SlotValue.Text>().map { it.value }
    val rooms =
        said.map { name ->
            Room.entries.firstOrNull { it.key == name }
                ?: return Deed(this, phrases.noRoom(name))
        }
    return Deed(light(rooms.ifEmpty { Room.entries }, change), phrases.lamps(rooms, state))
}

/** The timer that is meant: the one of that name, or the youngest. */
private fun Home.timer(intent: Intent): Timer? {
    val name = intent.text("name") ?: return timers.lastOrNull()
    return timers.lastOrNull { it.name.equals(name, ignoreCase = true) }
}

private fun Home.extend(
    intent: Intent,
    phrases: Phrases,
    now: Instant,
): Deed {
    val timer = timer(intent) ?: return Deed(this, phrases.noTimer)
    val extended = extend(timer.id, length(intent), now)
    return Deed(extended, phrases.timeLeft(extended.timers.filter { it.id == timer.id }, now))
}

private fun Home.cancel(
    intent: Intent,
    phrases: Phrases,
): Deed {
    val timer = timer(intent) ?: return Deed(this, phrases.noTimer)
    return Deed(stop(timer.id), phrases.timerOff)
}

private fun Home.strike(
    intent: Intent,
    phrases: Phrases,
): Deed {
    val name = intent.text("item").orEmpty()
    val without = remove(name)
    return if (without == this) Deed(this, phrases.notListed(name)) else Deed(without)
}

private fun length(intent: Intent): java.time.Duration =
    checkNotNull(intent.duration("duration")) { "the command file requires it" }.toJavaDuration()

/** "Milk and eggs" are two entries. */
private fun items(intent: Intent): List<Item> {
    val names =
        intent
            .text("item")
            .orEmpty()
            .split(Regex(",| and | und "))
            .map { it.trim() }
            .filter { it.isNotEmpty() }
    val count = intent.number("count").takeIf { names.size == 1 }
    return names.map { Item(it, count) }
}
