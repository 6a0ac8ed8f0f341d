package dev.spatz.sample.assistant

import java.time.Duration
import java.time.Instant

/** The room that a lamp is in; [key] is its value in `lights.yaml`. */
enum class Room(
    val key: String,
) {
    LIVING_ROOM("living_room"),
    KITCHEN("kitchen"),
    BEDROOM("bedroom"),
    BATHROOM("bathroom"),
    HALL("hall"),
    OFFICE("office"),
}

/** A lamp; [brightness] in percent is kept while it is off. */
data class Lamp(
    val room: Room,
    val isOn: Boolean = false,
    val brightness: Int = 100,
)

/** A timer that runs out at [endsAt]. */
data class Timer(
    val id: Int,
    val name: String?,
    val length: Duration,
    val endsAt: Instant,
) {
    /** What is left at [now]; never negative. */
    fun left(now: Instant): Duration = Duration.between(now, endsAt).coerceAtLeast(Duration.ZERO)

    fun isDone(now: Instant): Boolean = left(now).isZero
}

/** An entry of the shopping list; [count] is null where none was said. */
data class Item(
    val name: String,
    val count: Double? = null,
)

/** All that commands act on. A plain value: a command makes a new one, and a correction goes back to the old. */
data class Home(
    val lamps: List<Lamp> = Room.entries.map(::Lamp),
    val timers: List<Timer> = emptyList(),
    val items: List<Item> = emptyList(),
) {
    /** With the lamps of [rooms] changed. */
    fun light(
        rooms: Collection<Room>,
        change: (Lamp) -> Lamp,
    ): Home = copy(lamps = lamps.map { if (it.room in rooms) change(it) else it })

    /** With another timer. */
    fun start(
        length: Duration,
        name: String?,
        now: Instant,
    ): Home {
        val id = (timers.maxOfOrNull { it.id } ?: 0) + 1
        return copy(timers = timers + Timer(id, name, length, now + length))
    }

    /** Without the timer of that [id]. */
    fun stop(id: Int): Home = copy(timers = timers.filter { it.id != id })

    /** With [more] time on the timer of that [id]; one that has run out begins again. */
    fun extend(
        id: Int,
        more: Duration,
        now: Instant,
    ): Home =
        copy(
            timers =
                timers.map {
                    if (it.id ==
                        id
                    ) {
                        it.copy(length = it.length + more, endsAt = maxOf(it.endsAt, now) + more)
                    } else {
                        it
                    }
                },
        )

    /** With [item] on the list; what is on it already is counted up. */
    fun add(item: Item): Home {
        val there =
            items.firstOrNull { it.name.equals(item.name, ignoreCase = true) } ?: return copy(items = items + item)
        val count = if (there.count == null && item.count == null) null else (there.count ?: 1.0) + (item.count ?: 1.0)
        return copy(items = items.map { if (it === there) it.copy(count = count) else it })
    }

    /** Without the entry called [name]. */
    fun remove(name: String): Home = copy(items = items.filterNot { it.name.equals(name, ignoreCase = true) })
}
