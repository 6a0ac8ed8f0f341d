package dev.spatz.sample.settings

import android.view.View
import android.view.ViewGroup
import android.widget.CompoundButton
import android.widget.TextView
import dev.spatz.sample.R
import dev.spatz.sample.RobolectricTest
import dev.spatz.sample.keyboard.KeyboardSettings
import dev.spatz.sample.keyboard.LetterLayout
import dev.spatz.sample.keyboard.ThemeChoice
import org.junit.Assert.assertEquals
import org.junit.Assert.assertTrue
import org.junit.Test
import org.robolectric.Robolectric

class SettingsActivityTest : RobolectricTest() {
    private val activity = Robolectric.setupActivity(SettingsActivity::class.java)
    private val settings get() = SettingsStore(activity).keyboard

    private fun rows(view: View): List<View> =
        when {
            view.findViewById<View>(R.id.row_button) != null && view.isClickable -> listOf(view)
            view is ViewGroup -> (0 until view.childCount).flatMap { rows(view.getChildAt(it)) }
            else -> emptyList()
        }

    private fun row(title: String): View =
        rows(activity.findViewById(R.id.entries)).first { it.findViewById<TextView>(R.id.row_title).text == title }

    private fun isChecked(title: String) = row(title).findViewById<CompoundButton>(R.id.row_button).isChecked

    @Test
    fun `every row changes its setting`() {
        assertEquals(KeyboardSettings(), settings)
        listOf(
            "English",
            "QWERTY",
            "Correct errors",
            "Learn new words",
            "Emoji row",
            "Dark",
        ).forEach { row(it).performClick() }
        val wanted =
            KeyboardSettings(
                languages = listOf("de"),
                layouts = listOf(LetterLayout.QWERTZ),
                corrects = false,
                learns = false,
                showsEmoji = false,
                theme = ThemeChoice.DARK,
            )
        assertEquals(wanted, settings)
    }

    @Test
    fun photograph() = photograph(activity.window.decorView, "settings")

    @Test
    fun `one layout stays and one appearance is chosen`() {
        row("QWERTY").performClick()
        row("QWERTZ").performClick()
        assertEquals(listOf(LetterLayout.QWERTZ), settings.layouts)
        assertTrue(isChecked("QWERTZ"))
        row("Light").performClick()
        assertEquals(listOf(false, true, false), listOf("As the phone", "Light", "Dark").map(::isChecked))
    }
}
