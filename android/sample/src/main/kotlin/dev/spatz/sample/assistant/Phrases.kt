package dev.spatz.sample.assistant

import java.time.Duration
import java.time.Instant

/** What the app says in the language of a command, which need not be the phone's. */
class Phrases private constructor(
    val on: String,
    val off: String,
    private val rooms: Map<Room, String>,
    private val allLamps: String,
    private val noRoom: String,
    val noTimer: String,
    val timerOff: String,
    val allTimersOff: String,
    private val left: String,
    private val emptyList: String,
    private val onList: String,
    private val notListed: String,
    private val decimal: Char,
) {
    fun room(room: Room): String = rooms.getValue(room)

    /** What the lamps of [rooms] do now, or all lamps. */
    fun lamps(
        rooms: List<Room>,
        state: String,
    ): String = "${rooms.joinToString(transform = ::room).ifEmpty { allLamps }}: $state."

    /** There is no room of that name. */
    fun noRoom(name: String): String = noRoom.format(name)

    fun timeLeft(
        timers: List<Timer>,
        now: Instant,
    ): String =
        if (timers.isEmpty()) {
            noTimer
        } else {
            timers.joinToString(" ") {
                left
                    .format(
                        clock(it.left(now)),
                        it.name ?: "",
                    ).trim()
            }
        }

    fun list(items: List<Item>): String =
        if (items.isEmpty()) emptyList else onList.format(items.joinToString { item(it) })

    fun notListed(name: String): String = notListed.format(name)

    /** An entry with its number: "3 eggs". */
    fun item(item: Item): String = item.count?.let { "${amount(it)} ${item.name}" } ?: item.name

    private fun amount(count: Double): String =
        if (count % 1 == 0.0) count.toLong().toString() else count.toString().replace('.', decimal)

    companion object {
        private val ENGLISH =
            Phrases(
                on = "on",
                off = "off",
                rooms = rooms("Living room", "Kitchen", "Bedroom", "Bathroom", "Hall", "Office"),
                allLamps = "All lights",
                noRoom = "There is no room called %s here.",
                noTimer = "No timer is running.",
                timerOff = "The timer is off.",
                allTimersOff = "All timers are off.",
                left = "%1\$s left. %2\$s",
                emptyList = "The list is empty.",
                onList = "On the list: %s.",
                notListed = "%s is not on the list.",
                decimal = '.',
            )
        private val GERMAN =
            Phrases(
                on = "an",
                off = "aus",
                rooms = rooms("Wohnzimmer", "Küche", "Schlafzimmer", "Bad", "Flur", "Büro"),
                allLamps = "Alle Lampen",
                noRoom = "Einen Raum namens %s gibt es hier nicht.",
                noTimer = "Es läuft kein Timer.",
                timerOff = "Der Timer ist aus.",
                allTimersOff = "Alle Timer sind aus.",
                left = "Noch %1\$s. %2\$s",
                emptyList = "Die Liste ist leer.",
                onList = "Auf der Liste: %s.",
                notListed = "%s steht nicht auf der Liste.",
                decimal = ',',
            )

        private fun rooms(vararg names: String) = Room.entries.zip(names).toMap()

        /** The phrases of [language] (ISO 639-1). */
        fun of(language: String): Phrases = if (language == "de") GERMAN else ENGLISH
    }
}

/** A length of time as a clock shows it: `1:05:00`, `4:59`. Begun seconds count whole, as on every countdown. */
fun clock(length: Duration): String {
    val seconds = (length.toMillis() + 999) / 1000
    val minutes = seconds / 60
    val rest = "%02d".format(seconds % 60)
    return if (minutes < 60) "$minutes:$rest" else "%d:%02d:%s".format(minutes / 60, minutes % 60, rest)
}
