package dev.spatz.sample.ime

import android.app.Activity
import android.inputmethodservice.InputMethodService
import android.os.Looper
import android.os.SystemClock
import android.text.InputType
import android.view.Gravity
import android.view.MotionEvent
import android.view.View
import android.view.inputmethod.BaseInputConnection
import android.view.inputmethod.EditorInfo
import android.view.inputmethod.InputConnection
import android.widget.EditText
import android.widget.FrameLayout
import android.widget.TextView
import dev.spatz.sample.StartActivity
import dev.spatz.sample.keyboard.KeyAction
import dev.spatz.sample.keyboard.KeyDef
import dev.spatz.sample.keyboard.PlacedKey
import org.robolectric.Robolectric
import org.robolectric.Shadows.shadowOf
import java.time.Duration

/** The real keyboard under the app's own text field: fingers on keys, text in the field. */
class KeyboardBench(
    private val inputType: Int = MESSAGE,
    private val imeOptions: Int = 0,
) {
    val activity: Activity = Robolectric.setupActivity(StartActivity::class.java)
    val edit: EditText = findEdit(activity.window.decorView)
    val service: SpatzKeyboard = Robolectric.setupService(SpatzKeyboard::class.java)
    val panel: KeyboardPanel
    private val editor = EditorInfo()

    init {
        edit.inputType = inputType
        edit.imeOptions = imeOptions
        edit.requestFocus()
        // As the system does: the view is there, then the field, then it is shown.
        panel = service.onCreateInputView() as KeyboardPanel
        val bottom =
            FrameLayout.LayoutParams(
                FrameLayout.LayoutParams.MATCH_PARENT,
                FrameLayout.LayoutParams.WRAP_CONTENT,
            )
        bottom.gravity = Gravity.BOTTOM
        activity.addContentView(panel, bottom)
        start()
        idle()
    }

    /** The field, or the same anew, gets the keyboard. */
    fun start() {
        val connection: InputConnection = checkNotNull(edit.onCreateInputConnection(editor))
        editor.initialSelStart = edit.selectionStart
        editor.initialSelEnd = edit.selectionEnd
        method().startInput(connection, editor)
        service.onStartInputView(editor, false)
        idle()
    }

    private fun method() = service.onCreateInputMethodInterface() as InputMethodService.InputMethodImpl

    val text: String get() = edit.text.toString()

    val keys: List<PlacedKey> get() = panel.keys.placement!!.keys

    /** The words in the strip, the letters as typed in quotes. */
    val strip: List<String>
        get() =
            (0 until panel.strip.childCount)
                .map(panel.strip::getChildAt)
                .filter { it.visibility == View.VISIBLE && panel.strip.visibility == View.VISIBLE }
                .filterIsInstance<TextView>()
                .map { it.text.toString() }

    fun key(text: String): PlacedKey = keys.first { (it.key as? KeyDef.Text)?.text == text }

    fun key(action: KeyAction): PlacedKey = keys.first { (it.key as? KeyDef.Action)?.action == action }

    /** Types [text] key by key: capitals with a shift unless it is on, spaces on the space bar. */
    fun type(text: String) =
        text.forEach {
            if (it == ' ') {
                tap(key(KeyAction.SPACE))
            } else {
                val wants = it.isUpperCase()
                val isUpper = panel.keys.shift != dev.spatz.sample.keyboard.Shift.OFF
                if (wants != isUpper) tap(key(KeyAction.SHIFT))
                tap(key(it.lowercase()))
            }
        }

    /** Puts a finger on the middle of [key] and lifts it. */
    fun tap(key: PlacedKey) {
        press(key)
        lift(key)
    }

    fun press(key: PlacedKey) = touch(MotionEvent.ACTION_DOWN, key.centerX, key.centerY)

    fun lift(key: PlacedKey) = touch(MotionEvent.ACTION_UP, key.centerX, key.centerY)

    fun touch(
        action: Int,
        x: Float,
        y: Float,
    ) {
        val time = SystemClock.uptimeMillis()
        edited {
            val event = MotionEvent.obtain(time, time, action, x, y, 0)
            panel.keys.dispatchTouchEvent(event)
            event.recycle()
        }
        // Two taps are never a double tap by accident.
        if (action ==
            MotionEvent.ACTION_UP
        ) {
            shadowOf(Looper.getMainLooper()).idleFor(Duration.ofMillis(AT_LEISURE_MILLIS))
        }
    }

    /** Taps the strip's cell that shows [word]. */
    fun pick(word: String) {
        val cell =
            (0 until panel.strip.childCount)
                .map(
                    panel.strip::getChildAt,
                ).first { (it as? TextView)?.text == word }
        edited { cell.performClick() }
    }

    /** Does [edit], and tells the keyboard where the cursor came to stand, as the system does. */
    fun edited(change: () -> Unit) {
        val before = edit.selectionStart to edit.selectionEnd
        change()
        val start = BaseInputConnection.getComposingSpanStart(edit.text)
        val end = BaseInputConnection.getComposingSpanEnd(edit.text)
        if (before != edit.selectionStart to edit.selectionEnd) {
            service.onUpdateSelection(before.first, before.second, edit.selectionStart, edit.selectionEnd, start, end)
        }
        idle()
    }

    fun idle() = shadowOf(Looper.getMainLooper()).idle()

    companion object {
        const val MESSAGE =
            InputType.TYPE_CLASS_TEXT or InputType.TYPE_TEXT_FLAG_CAP_SENTENCES or InputType.TYPE_TEXT_FLAG_MULTI_LINE
        private const val AT_LEISURE_MILLIS = 800L

        private fun findEdit(view: View): EditText =
            view.findViewById<android.view.ViewGroup>(android.R.id.content).let { root ->
                descendants(root).filterIsInstance<EditText>().first()
            }

        private fun descendants(view: View): Sequence<View> =
            sequence {
                yield(view)
                if (view is android.view.ViewGroup) {
                    for (index in 0 until view.childCount) {
                        yieldAll(
                            descendants(view.getChildAt(index)),
                        )
                    }
                }
            }
    }
}
