package dev.spatz.sample.assistant

import dev.spatz.Command
import dev.spatz.CommandFile
import dev.spatz.CommandParser
import dev.spatz.CommandSet
import dev.spatz.Hypothesis
import dev.spatz.Slot
import dev.spatz.SlotValue
import kotlinx.coroutines.runBlocking
import org.junit.Assert.assertEquals
import org.junit.Assert.assertTrue
import org.junit.Test
import java.io.File
import java.time.Duration
import java.time.ZonedDateTime

/** The app's own command files on the real parser: every command does what it says. */
class AssistantTest {
    private val assistant = Assistant { said, so, far -> parser.converse(said, so, far) }
    private var now = ZonedDateTime.parse("2026-11-29T10:00:00+01:00[Europe/Berlin]")
    private val home get() = assistant.state.home
    private val last get() =
        assistant.state.exchanges
            .last()
            .outcomes
            .last()

    private fun hear(vararg said: String): Outcome {
        runBlocking { said.forEach { assistant.hear(listOf(Hypothesis(it, 1f)), now) } }
        return last
    }

    private fun lamp(room: Room) = home.lamps.first { it.room == room }

    private fun check(
        state: Outcome.State,
        say: String,
        outcome: Outcome = last,
    ) = assertEquals(state to say, (outcome as Outcome.Understood).run { this.state to this.say })

    @Test
    fun `a timer runs, is lengthened, asked for and cancelled`() {
        hear("set a timer for nine minutes")
        assertEquals(Duration.ofMinutes(9), home.timers.single().left(now.toInstant()))
        now = now.plusMinutes(4)
        hear("add two minutes to the timer")
        assertEquals(Duration.ofMinutes(7), home.timers.single().left(now.toInstant()))
        hear("how much time is left")
        check(Outcome.State.DONE, "7:00 left.")
        hear("cancel the timer")
        assertEquals(emptyList<Timer>(), home.timers)
        hear("how much time is left")
        check(Outcome.State.DONE, "No timer is running.")
    }

    @Test
    fun `timers have names`() {
        hear("set a pasta timer for nine minutes", "set a ten minute timer")
        assertEquals(listOf("pasta", null), home.timers.map { it.name })
        hear("cancel the pasta timer")
        assertEquals(listOf<String?>(null), home.timers.map { it.name })
    }

    @Test
    fun `a missing length is asked for`() {
        hear("stell einen Timer")
        check(Outcome.State.ASKS, "Wie lange?")
        assertTrue(assistant.state.isAsking)
        hear("anderthalb Stunden")
        assertEquals(Duration.ofMinutes(90), home.timers.single().length)
    }

    @Test
    fun `all timers go only after a yes`() {
        hear("set a timer for one minute", "set a timer for two minutes", "cancel all timers")
        check(Outcome.State.CONFIRMS, "Cancel all timers?")
        assertEquals(2, home.timers.size)
        hear("yes")
        assertEquals(0, home.timers.size)
    }

    @Test
    fun `a correction goes back to the home before`() {
        hear("set a timer for ten minutes", "no, make it twenty minutes")
        assertEquals(listOf(Duration.ofMinutes(20)), home.timers.map { it.length })
        assertEquals(Outcome.State.CORRECTED, (last as Outcome.Understood).state)
    }

    @Test
    fun `lights go on, off and dim, room by room or all at once`() {
        hear("turn on the light in the kitchen")
        assertTrue(lamp(Room.KITCHEN).isOn)
        check(Outcome.State.DONE, "Kitchen: on.")
        hear("dim the kitchen to 40 percent")
        assertEquals(40, lamp(Room.KITCHEN).brightness)
        hear("mach alle Lichter an")
        assertTrue(home.lamps.all { it.isOn })
        hear("mach das Licht im Schlafzimmer aus")
        assertEquals(listOf(Room.BEDROOM), home.lamps.filterNot { it.isOn }.map { it.room })
        hear("dimm das Licht im Büro")
        check(Outcome.State.ASKS, "Wie hell, in Prozent?")
        hear("dreißig")
        assertEquals(30, lamp(Room.OFFICE).brightness)
    }

    @Test
    fun `the shopping list fills, is read, struck and cleared after a yes`() {
        hear("put three lemons on the list", "add milk and bread to the shopping list")
        assertEquals(listOf(Item("lemons", 3.0), Item("milk"), Item("bread")), home.items)
        hear("setz zwei Zitronen auf die Liste", "what is on the list")
        check(Outcome.State.DONE, "On the list: 3 lemons, milk, bread, 2 Zitronen.")
        hear("remove the milk from the list")
        assertEquals(listOf("lemons", "bread", "Zitronen"), home.items.map { it.name })
        hear("streich den Käse von der Liste")
        check(Outcome.State.DONE, "Käse steht nicht auf der Liste.")
        hear("leere die Einkaufsliste")
        check(Outcome.State.CONFIRMS, "Die ganze Liste leeren?")
        hear("nein")
        assertEquals(3, home.items.size)
        hear("leere die Einkaufsliste", "ja")
        assertEquals(emptyList<Item>(), home.items)
    }

    @Test
    fun `values are shown with their type and their words`() {
        val understood = hear("set a timer for nine minutes") as Outcome.Understood
        assertEquals(listOf(ValueRow("duration", "duration", "9m", "nine minutes")), understood.values)
    }

    @Test
    fun `the likeliest of what may have been heard is taken`() {
        runBlocking {
            val heard =
                listOf(
                    Hypothesis("turn on the light in the chicken", 0.6f),
                    Hypothesis("turn on the light in the kitchen", 0.4f),
                )
            assistant.hear(heard, now)
        }
        assertEquals(
            "turn on the light in the kitchen",
            assistant.state.exchanges
                .single()
                .said,
        )
        assertTrue(lamp(Room.KITCHEN).isOn)
    }

    @Test
    fun `what an encoder hears for a room need not be one, and may be several`() {
        fun turnOn(vararg rooms: String): Deed {
            val slots = rooms.map { Slot("room", SlotValue.Text(it), it, range = null, alternatives = emptyList()) }
            return Home().perform(Command("TurnOn", "en", 1f, slots, response = null), now.toInstant())
        }
        assertEquals(Deed(Home(), "There is no room called chicken here."), turnOn("chicken"))
        val two = turnOn("kitchen", "hall")
        assertEquals(
            listOf(Room.KITCHEN, Room.HALL),
            two.home.lamps
                .filter { it.isOn }
                .map { it.room },
        )
        assertEquals("Kitchen, Hall: on.", two.say)
    }

    @Test
    fun `what is nothing for this app changes nothing`() {
        assertEquals(Outcome.NotUnderstood, hear("what is the capital of France"))
        assertEquals(Home(), home)
    }

    @Test
    fun `clocks count begun seconds whole`() {
        mapOf(299_001L to "5:00", 59_000L to "0:59", 3_900_000L to "1:05:00", 0L to "0:00")
            .forEach { (millis, shown) -> assertEquals(shown, clock(Duration.ofMillis(millis))) }
    }

    companion object {
        private val files = File("src/main/assets/commands").listFiles().orEmpty().sorted()
        private val set = CommandSet(files.map { CommandFile(it.name, it.readText()) })
        private val parser = runBlocking { CommandParser.open(set) }
    }
}
