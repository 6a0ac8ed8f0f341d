package dev.spatz.sample.ime

import android.content.res.Configuration
import android.text.InputType
import android.view.MotionEvent
import android.view.View
import android.view.accessibility.AccessibilityNodeInfo
import android.view.inputmethod.EditorInfo
import dev.spatz.sample.EngineThreads
import dev.spatz.sample.RobolectricTest
import dev.spatz.sample.keyboard.KeyAction
import dev.spatz.sample.keyboard.KeyboardSettings
import dev.spatz.sample.keyboard.LetterLayout
import dev.spatz.sample.keyboard.ThemeChoice
import dev.spatz.sample.settings.SettingsStore
import org.junit.Assert.assertEquals
import org.junit.Assert.assertNotEquals
import org.junit.Assert.assertTrue
import org.junit.Test
import org.robolectric.RuntimeEnvironment
import org.robolectric.Shadows.shadowOf
import java.time.Duration

class SpatzKeyboardTest : RobolectricTest() {
    private fun settings(settings: KeyboardSettings) {
        SettingsStore(RuntimeEnvironment.getApplication()).keyboard = settings
    }

    @Test
    fun `typing key by key and taking the suggestion`() {
        val bench = KeyboardBench()
        bench.type("Wir sehen uns mor")
        await("morgen in the strip", bench::strip) { "morgen" in bench.strip }
        assertEquals("“mor”", bench.strip.first())
        bench.pick("morgen")
        assertEquals("Wir sehen uns morgen ", bench.text)
        assertTrue(EngineThreads.calls > 0)
    }

    @Test
    fun `an error is mended at the space and backspace takes it back`() {
        val bench = KeyboardBench()
        bench.type("I think teh")
        await("the correction", bench::strip) { "the" in bench.strip }
        bench.type(" ")
        assertEquals("I think the ", bench.text)
        bench.tap(bench.key(KeyAction.DELETE))
        assertEquals("I think teh", bench.text)
        await("an answer for the word that was kept", bench::strip) { bench.strip.size > 1 }
        bench.type(" ")
        assertEquals("I think teh ", bench.text)
    }

    @Test
    fun `the newest of many quick keys gets the answer`() {
        val bench = KeyboardBench()
        bench.type("Guten Morg")
        await("an answer to all letters", bench::strip) { bench.strip.drop(1).any { it == "Morgen" } }
        assertEquals("“Morg”", bench.strip.first())
    }

    @Test
    fun `a password field has no strip and nothing of it reaches the engine`() {
        val bench = KeyboardBench(InputType.TYPE_CLASS_TEXT or InputType.TYPE_TEXT_VARIATION_PASSWORD)
        await("the predictor, which opens anyway") { EngineThreads.calls > 2 }
        shadowOf(android.os.Looper.getMainLooper()).idleFor(Duration.ofMillis(200))
        Thread.sleep(300)
        val calls = EngineThreads.calls
        bench.type("geheim")
        Thread.sleep(200)
        bench.idle()
        assertEquals("geheim", bench.text)
        assertEquals(View.GONE, bench.panel.strip.visibility)
        assertEquals(calls, EngineThreads.calls)
    }

    @Test
    fun `an e-mail field has its sign and no strip`() {
        val bench = KeyboardBench(InputType.TYPE_CLASS_TEXT or InputType.TYPE_TEXT_VARIATION_EMAIL_ADDRESS)
        bench.tap(bench.key("@"))
        assertEquals("@", bench.text)
        assertEquals(emptyList<String>(), bench.strip)
    }

    @Test
    fun `a long press offers accents and the finger chooses`() {
        val bench = KeyboardBench()
        bench.type("Stra")
        val s = bench.key("s")
        bench.press(s)
        shadowOf(android.os.Looper.getMainLooper()).idleFor(Duration.ofMillis(600))
        bench.touch(MotionEvent.ACTION_MOVE, s.centerX, s.centerY)
        bench.lift(s)
        bench.type("e")
        assertEquals("Straße", bench.text)
    }

    @Test
    fun `delete repeats while it is held`() {
        val bench = KeyboardBench()
        bench.type("ab cd ef ")
        val delete = bench.key(KeyAction.DELETE)
        bench.press(delete)
        bench.edited { shadowOf(android.os.Looper.getMainLooper()).idleFor(Duration.ofMillis(1500)) }
        bench.lift(delete)
        assertEquals("", bench.text)
    }

    @Test
    fun `two fingers type in the order in which they come down`() {
        val bench = KeyboardBench()
        val (h, i) = bench.key("h") to bench.key("i")
        val down = MotionEvent.obtain(0, 0, MotionEvent.ACTION_DOWN, h.centerX, h.centerY, 0)
        val both =
            twoFingers(
                MotionEvent.ACTION_POINTER_DOWN or (1 shl MotionEvent.ACTION_POINTER_INDEX_SHIFT),
                h.centerX to h.centerY,
                i.centerX to i.centerY,
            )
        val up =
            twoFingers(
                MotionEvent.ACTION_POINTER_UP or (1 shl MotionEvent.ACTION_POINTER_INDEX_SHIFT),
                h.centerX to h.centerY,
                i.centerX to i.centerY,
            )
        listOf(down, both, up).forEach { event -> bench.edited { bench.panel.keys.dispatchTouchEvent(event) } }
        assertEquals("Hi", bench.text)
    }

    private fun twoFingers(
        action: Int,
        vararg at: Pair<Float, Float>,
    ): MotionEvent {
        val ids = at.indices.map { MotionEvent.PointerProperties().apply { id = it } }.toTypedArray()
        val places =
            at
                .map { (x, y) ->
                    MotionEvent.PointerCoords().apply {
                        this.x = x
                        this.y = y
                    }
                }.toTypedArray()
        return MotionEvent.obtain(0, 1, action, at.size, ids, places, 0, 0, 1f, 1f, 0, 0, 0, 0)
    }

    @Test
    fun `the cursor put elsewhere resumes the word there`() {
        val bench = KeyboardBench()
        bench.type("guten tag ")
        bench.edited { bench.edit.setSelection(5) }
        bench.tap(bench.key(KeyAction.DELETE))
        assertEquals("gute tag ", bench.text)
        await(
            "suggestions for the word",
            bench::strip,
        ) { bench.strip.firstOrNull() == "“gute”" && bench.strip.size > 1 }
    }

    @Test
    fun `what is selected is typed over and deleted`() {
        val bench = KeyboardBench()
        bench.type("guten tag ")
        bench.edited { bench.edit.setSelection(0, 5) }
        bench.type("mor")
        assertEquals("mor tag ", bench.text)
        bench.edited { bench.edit.setSelection(3, 8) }
        bench.tap(bench.key(KeyAction.DELETE))
        bench.type("gen")
        assertEquals("morgen", bench.text)
    }

    @Test
    fun `TalkBack finds every key by name and can press it`() {
        val bench = KeyboardBench()
        val nodes = bench.panel.keys.accessibilityNodeProvider
        val host = checkNotNull(nodes.createAccessibilityNodeInfo(View.NO_ID))
        assertEquals(bench.keys.size, host.childCount)
        val labels = bench.keys.indices.map { nodes.createAccessibilityNodeInfo(it)!!.contentDescription.toString() }
        assertTrue(
            labels.containsAll(
                listOf("Capital Q", "Shift, on", "Delete", "Space", "Enter", "Next language", "Symbols"),
            ),
        )
        bench.edited { nodes.performAction(labels.indexOf("Capital Q"), AccessibilityNodeInfo.ACTION_CLICK, null) }
        assertEquals("Q", bench.text)
    }

    @Test
    fun `settings hold at the next field`() {
        settings(KeyboardSettings(layouts = listOf(LetterLayout.QWERTZ), showsEmoji = false, corrects = false))
        val bench = KeyboardBench()
        assertEquals(View.GONE, bench.panel.emoji.visibility)
        bench.tap(bench.key("ü"))
        assertEquals("Ü", bench.text)
    }

    @Test
    fun `an emoji is typed and comes first next time`() {
        val bench = KeyboardBench()
        bench.type("ja ")
        val cell = (bench.panel.emoji.getChildAt(0) as android.view.ViewGroup).getChildAt(3)
        bench.edited { cell.performClick() }
        assertEquals("ja 😉", bench.text)
        assertEquals("😉", SettingsStore(bench.service).emoji.emoji.first())
    }

    @Test
    fun `dark and light differ whatever the phone says`() {
        fun background(theme: ThemeChoice) =
            KeyboardColours(RuntimeEnvironment.getApplication().themed(theme)).background
        assertNotEquals(background(ThemeChoice.LIGHT), background(ThemeChoice.DARK))
        RuntimeEnvironment.setQualifiers("+night")
        assertEquals(background(ThemeChoice.DARK), background(ThemeChoice.SYSTEM))
        assertEquals(
            Configuration.UI_MODE_NIGHT_YES,
            RuntimeEnvironment
                .getApplication()
                .resources.configuration.uiMode and Configuration.UI_MODE_NIGHT_MASK,
        )
    }

    @Test
    fun `a phone on its side keeps room for the text`() {
        RuntimeEnvironment.setQualifiers("+land")
        val bench = KeyboardBench()
        assertTrue(bench.panel.height < bench.activity.window.decorView.height * 2 / 3)
        bench.type("Wir")
        assertEquals("Wir", bench.text)
    }

    @Test
    fun `the enter key does what the field asks for`() {
        val bench = KeyboardBench(InputType.TYPE_CLASS_TEXT, EditorInfo.IME_ACTION_SEND)
        var action = 0
        bench.edit.setOnEditorActionListener { _, asked, _ ->
            action = asked
            true
        }
        bench.type("ja")
        bench.tap(bench.key(KeyAction.ENTER))
        assertEquals(EditorInfo.IME_ACTION_SEND, action)
        assertEquals("ja", bench.text)
    }
}
