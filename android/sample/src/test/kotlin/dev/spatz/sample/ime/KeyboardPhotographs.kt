package dev.spatz.sample.ime

import android.os.Looper
import android.view.MotionEvent
import dev.spatz.sample.RobolectricTest
import dev.spatz.sample.keyboard.KeyboardSettings
import dev.spatz.sample.keyboard.LetterLayout
import dev.spatz.sample.settings.SettingsStore
import org.junit.Test
import org.robolectric.RuntimeEnvironment
import org.robolectric.Shadows.shadowOf
import org.robolectric.annotation.Config
import java.time.Duration

/** The pictures of the keyboard in `docs/images`. */
@Config(qualifiers = "w411dp-h640dp-xhdpi")
class KeyboardPhotographs : RobolectricTest() {
    private fun layout(layout: LetterLayout) {
        SettingsStore(RuntimeEnvironment.getApplication()).keyboard = KeyboardSettings(layouts = listOf(layout))
    }

    @Test
    fun english() {
        layout(LetterLayout.QWERTY)
        val bench = KeyboardBench()
        bench.type("See you tomor")
        await("tomorrow", bench::strip) { "tomorrow" in bench.strip.drop(1) && bench.strip.size == 3 }
        photograph(bench.activity.window.decorView, "keyboard-light")
    }

    @Test
    @Config(qualifiers = "de-w411dp-h640dp-night-xhdpi")
    fun german() {
        layout(LetterLayout.QWERTZ)
        val bench = KeyboardBench()
        bench.type("Wir sehen uns mor")
        await("morgen", bench::strip) { "morgen" in bench.strip.drop(1) && bench.strip.size == 3 }
        photograph(bench.activity.window.decorView, "keyboard-dark")
    }

    @Test
    fun `long press`() {
        val bench = KeyboardBench()
        bench.type("Stra")
        await("suggestions") { bench.strip.size == 3 }
        val key = bench.key("s")
        bench.press(key)
        shadowOf(Looper.getMainLooper()).idleFor(Duration.ofMillis(600))
        bench.touch(MotionEvent.ACTION_MOVE, key.centerX, key.centerY)
        photograph(bench.panel, "keyboard-accents")
    }
}
