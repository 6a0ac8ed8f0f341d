package dev.spatz.sample.voice

import android.Manifest
import android.content.ComponentName
import android.content.IntentFilter
import android.os.Bundle
import android.os.Looper
import android.speech.RecognitionService
import android.speech.SpeechRecognizer
import android.view.View
import android.view.ViewGroup
import android.view.inputmethod.EditorInfo
import android.widget.EditText
import android.widget.TextView
import dev.spatz.sample.EngineThreads
import dev.spatz.sample.R
import dev.spatz.sample.RobolectricTest
import dev.spatz.sample.assistant.Room
import org.junit.After
import org.junit.Assert.assertEquals
import org.junit.Assert.assertTrue
import org.junit.Before
import org.junit.Test
import org.robolectric.Robolectric
import org.robolectric.RuntimeEnvironment
import org.robolectric.Shadows.shadowOf
import org.robolectric.android.controller.ActivityController
import org.robolectric.annotation.Config
import org.robolectric.shadows.ShadowSpeechRecognizer
import org.robolectric.shadows.ShadowToast
import java.io.File
import java.time.Clock
import java.time.Duration
import java.time.Instant
import java.time.ZoneId

class CommandsActivityTest : RobolectricTest() {
    private val app = RuntimeEnvironment.getApplication()
    private var now = Instant.parse("2026-11-29T09:00:00Z")
    private lateinit var controller: ActivityController<CommandsActivity>
    private val activity get() = controller.get()

    @Before
    fun setClock() {
        CommandsActivity.clock =
            object : Clock() {
                override fun instant() = now

                override fun getZone(): ZoneId = ZoneId.of("Europe/Berlin")

                override fun withZone(zone: ZoneId) = this
            }
    }

    /** What the parser learns from the command files in seconds, the next test takes from the last one, as a restart does. */
    @Before
    fun bringLearned() {
        learned?.let(file::writeBytes)
    }

    @After
    fun close() {
        learned = file.takeIf { it.exists() }?.readBytes()
        controller.close()
        CommandsActivity.clock = Clock.systemDefaultZone()
    }

    private val file get() = File(app.cacheDir, "commands.learned")

    private fun open() {
        controller = Robolectric.buildActivity(CommandsActivity::class.java).setup()
    }

    private fun texts(id: Int) = texts(activity.findViewById<View>(id))

    private fun texts(view: View): List<String> =
        when (view) {
            is TextView -> listOf(view.text.toString()).filter { it.isNotEmpty() && view.visibility == View.VISIBLE }
            is ViewGroup -> (0 until view.childCount).flatMap { texts(view.getChildAt(it)) }
            else -> emptyList()
        }

    private fun say(text: String) {
        val entries = activity.findViewById<ViewGroup>(R.id.transcript).childCount
        val input = activity.findViewById<EditText>(R.id.input)
        input.setText(text)
        input.onEditorAction(EditorInfo.IME_ACTION_SEND)
        await("an answer to: $text") {
            text in texts(R.id.transcript) &&
                activity.findViewById<ViewGroup>(R.id.transcript).childCount != entries
        }
    }

    private fun lamp(room: Room): String =
        activity
            .findViewById<ViewGroup>(R.id.lamps)
            .getChildAt(room.ordinal)
            .contentDescription
            .toString()

    @Test
    fun `what is typed acts, and a timer counts down until it is done`() {
        open()
        say("set a pasta timer for nine minutes")
        assertEquals(listOf("9:00", "pasta"), texts(R.id.timers))
        assertTrue(texts(R.id.transcript).containsAll(listOf("duration", "9m", "duration · “nine minutes”")))
        now = now.plusSeconds(61)
        await("the countdown") { texts(R.id.timers).first() == "7:59" }
        now = now.plusSeconds(600)
        await("the end") { texts(R.id.timers).first() == "Done" }
        assertTrue(EngineThreads.calls > 0)
    }

    @Test
    fun `lights and list show what was done`() {
        open()
        say("turn on the light in the kitchen")
        assertEquals("Kitchen, 100 %", lamp(Room.KITCHEN))
        say("put three lemons on the list")
        assertEquals(listOf("• 3 lemons"), texts(R.id.items))
        activity.findViewById<ViewGroup>(R.id.lamps).getChildAt(Room.KITCHEN.ordinal).performClick()
        assertEquals("Kitchen, Off", lamp(Room.KITCHEN))
    }

    @Test
    fun `a question waits for its answer, through a turn of the phone`() {
        open()
        say("dim the light in the office")
        val input = activity.findViewById<EditText>(R.id.input)
        assertEquals("Answer", input.hint)
        RuntimeEnvironment.setQualifiers("+land")
        controller.configurationChange(app.resources.configuration)
        say("forty")
        assertEquals("Office, 40 %", lamp(Room.OFFICE))
        assertEquals("Say or type a command", activity.findViewById<EditText>(R.id.input).hint)
    }

    @Test
    fun `all that the recogniser heard is weighed`() {
        recogniser()
        open()
        activity.findViewById<View>(R.id.speak).performClick()
        shadowOf(Looper.getMainLooper()).idle()
        val recognizer = shadowOf(ShadowSpeechRecognizer.getLatestSpeechRecognizer())
        val results = Bundle()
        val heard = arrayListOf("put three lemons on the missed", "put three lemons on the list")
        results.putStringArrayList(SpeechRecognizer.RESULTS_RECOGNITION, heard)
        results.putFloatArray(SpeechRecognizer.CONFIDENCE_SCORES, floatArrayOf(0.6f, 0.4f))
        recognizer.triggerOnResults(results)
        await("the list") { texts(R.id.items) == listOf("• 3 lemons") }
        assertTrue("put three lemons on the list" in texts(R.id.transcript))
    }

    private fun recogniser() {
        shadowOf(app).grantPermissions(Manifest.permission.RECORD_AUDIO)
        val service = ComponentName("com.example.speech", "Recogniser")
        val packages = shadowOf(app.packageManager)
        packages.addServiceIfNotPresent(service)
        packages.addIntentFilterForService(service, IntentFilter(RecognitionService.SERVICE_INTERFACE))
        ShadowSpeechRecognizer.setIsOnDeviceRecognitionAvailable(true)
    }

    @Test
    fun `a phone without a recogniser takes typed commands`() {
        ShadowSpeechRecognizer.setIsOnDeviceRecognitionAvailable(false)
        open()
        activity.findViewById<View>(R.id.speak).performClick()
        assertEquals("This phone has no speech recogniser. Type instead.", ShadowToast.getTextOfLatestToast())
        activity.findViewById<ViewGroup>(R.id.transcript).getChildAt(2).performClick()
        await("the example") { lamp(Room.KITCHEN) == "Kitchen, 100 %" }
    }

    @Test
    @Config(qualifiers = "w411dp-h780dp-xhdpi")
    fun `photograph English`() {
        open()
        photograph(activity.window.decorView, "commands-start")
        say("set a pasta timer for nine minutes")
        say("turn on the light in the kitchen and the hall")
        say("put three lemons on the list")
        now = now.plus(Duration.ofSeconds(83))
        say("dim the light in the office")
        photograph(activity.window.decorView, "commands-question")
        say("forty")
        photograph(activity.window.decorView, "commands-answered")
    }

    @Test
    @Config(qualifiers = "de-w411dp-h780dp-night-xhdpi")
    fun `photograph German`() {
        open()
        say("stell einen Timer auf 25 Minuten")
        say("mach das Licht im Wohnzimmer an")
        say("schreib zwei Flaschen Milch auf die Einkaufsliste")
        say("leere die Liste")
        photograph(activity.window.decorView, "commands-german-question")
        say("nein")
        photograph(activity.window.decorView, "commands-german")
    }

    private companion object {
        var learned: ByteArray? = null
    }
}
