package dev.spatz.sample.words

import android.app.Activity
import android.app.AlertDialog
import android.content.Intent
import android.net.Uri
import android.text.InputType
import android.view.View
import android.view.ViewGroup
import android.view.inputmethod.EditorInfo
import android.widget.TextView
import dev.spatz.sample.R
import dev.spatz.sample.RobolectricTest
import dev.spatz.sample.engines
import dev.spatz.sample.ime.KeyboardBench
import dev.spatz.sample.keyboard.KeyAction
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.runBlocking
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Test
import org.robolectric.Robolectric
import org.robolectric.RuntimeEnvironment
import org.robolectric.Shadows.shadowOf
import org.robolectric.shadows.ShadowAlertDialog
import java.io.ByteArrayOutputStream

class LearnedWordsTest : RobolectricTest() {
    private val app = RuntimeEnvironment.getApplication()
    private lateinit var activity: LearnedWordsActivity

    private val words: List<String>
        get() {
            val list = activity.findViewById<ViewGroup>(R.id.entries)
            return (0 until list.childCount).map {
                list
                    .getChildAt(
                        it,
                    ).findViewById<TextView>(R.id.word)
                    .text
                    .toString()
            }
        }

    private fun learned(): List<String> =
        runBlocking(Dispatchers.Default) {
            app.engines
                .learned()
                .list(ownOnly = true)
                .words
                .map { it.text }
        }

    /** Types [message] and sends it, as in a messenger. */
    private fun send(
        message: String,
        inputType: Int = InputType.TYPE_CLASS_TEXT,
        imeOptions: Int = 0,
    ) {
        val bench = KeyboardBench(inputType, imeOptions or EditorInfo.IME_ACTION_SEND)
        bench.type(message)
        bench.tap(bench.key(KeyAction.ENTER))
        bench.service.onDestroy()
    }

    private fun open() {
        activity = Robolectric.setupActivity(LearnedWordsActivity::class.java)
        await("the list") { words.isNotEmpty() || activity.findViewById<View>(R.id.none).visibility == View.VISIBLE }
    }

    @Test
    fun `what is sent is learned, shown, deleted and erased`() {
        send("treffen im kiezladen bei jaruschka")
        await("the words", ::learned) { learned() == listOf("jaruschka", "kiezladen") }
        open()
        assertEquals(listOf("jaruschka", "kiezladen"), words)
        activity
            .findViewById<ViewGroup>(R.id.entries)
            .getChildAt(0)
            .findViewById<View>(R.id.word_delete)
            .performClick()
        await("the deletion") { words == listOf("kiezladen") }
        activity.findViewById<View>(R.id.erase).performClick()
        ShadowAlertDialog.getLatestAlertDialog().getButton(AlertDialog.BUTTON_POSITIVE).performClick()
        await("the erasure") { words.isEmpty() }
        assertEquals(emptyList<String>(), learned())
        assertFalse(activity.findViewById<View>(R.id.export).isEnabled)
    }

    @Test
    fun `the words are exported where the person says`() {
        send("jaruschka")
        await("the word") { learned() == listOf("jaruschka") }
        open()
        activity.findViewById<View>(R.id.export).performClick()
        val asked = shadowOf(activity).nextStartedActivityForResult
        assertEquals(Intent.ACTION_CREATE_DOCUMENT, asked.intent.action)
        val target = Uri.parse("content://documents/words")
        val written = ByteArrayOutputStream()
        shadowOf(app.contentResolver).registerOutputStream(target, written)
        shadowOf(activity).receiveResult(asked.intent, Activity.RESULT_OK, Intent().setData(target))
        await("the file") { "jaruschka" in written.toString() }
    }

    @Test
    fun `passwords, addresses and private fields teach nothing`() {
        send("geheimwortx", InputType.TYPE_CLASS_TEXT or InputType.TYPE_TEXT_VARIATION_PASSWORD)
        send("jaruschka", InputType.TYPE_CLASS_TEXT or InputType.TYPE_TEXT_VARIATION_EMAIL_ADDRESS)
        send("kiezladen", imeOptions = EditorInfo.IME_FLAG_NO_PERSONALIZED_LEARNING)
        send("wortbeispielx")
        await("the last word") { learned().isNotEmpty() }
        assertEquals(listOf("wortbeispielx"), learned())
    }

    @Test
    fun photograph() {
        repeat(2) { send("treffen im kiezladen bei jaruschka") }
        send("das spatzenhaus am grillplatzufer")
        await("the words", ::learned) { learned() == listOf("grillplatzufer", "jaruschka", "kiezladen", "spatzenhaus") }
        open()
        photograph(activity.window.decorView, "learned-words")
    }
}
