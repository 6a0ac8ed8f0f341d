package dev.spatz.sample.ime

import android.view.MotionEvent
import android.view.View
import android.view.ViewConfiguration
import dev.spatz.Touch
import dev.spatz.sample.keyboard.KeyAction
import dev.spatz.sample.keyboard.KeyDef
import dev.spatz.sample.keyboard.PlacedKey

/** What fingers do to keys. */
interface KeyListener {
    fun onTap(
        key: KeyDef,
        time: Long,
        touch: Touch?,
    )

    /** [text] was chosen among the alternatives of a key. */
    fun onChoose(text: String)

    /** The globe key was held: the system's list of keyboards is wanted. */
    fun onHoldGlobe()
}

/**
 * Follows the fingers on [view]. A key types when its finger leaves or the next one comes down; delete repeats while it
 * is held; a letter that is held offers its alternatives.
 */
class KeyTouches(
    private val view: View,
    private val keyAt: (Float, Float) -> PlacedKey?,
    private val popupFor: (PlacedKey) -> Popup?,
    private val onPressed: (PlacedKey?, Popup?) -> Unit,
    private val listener: () -> KeyListener?,
) {
    private class Press(
        val pointer: Int,
        var key: PlacedKey,
        var x: Float,
        var y: Float,
    )

    private var press: Press? = null
    private var popup: Popup? = null

    /** Whether the held key has done its work already. */
    private var isDone = false
    private val hold = Runnable { held() }

    fun handle(event: MotionEvent): Boolean {
        val index = event.actionIndex
        when (event.actionMasked) {
            MotionEvent.ACTION_DOWN, MotionEvent.ACTION_POINTER_DOWN -> {
                release(event.eventTime)
                begin(event.getPointerId(index), event.getX(index), event.getY(index))
            }
            MotionEvent.ACTION_MOVE -> press?.let { move(it, event) }
            MotionEvent.ACTION_UP, MotionEvent.ACTION_POINTER_UP ->
                if (event.getPointerId(index) == press?.pointer) release(event.eventTime)
            MotionEvent.ACTION_CANCEL -> end()
        }
        return true
    }

    private fun begin(
        pointer: Int,
        x: Float,
        y: Float,
    ) {
        val key = keyAt(x, y) ?: return
        press = Press(pointer, key, x, y)
        isDone = false
        view.removeCallbacks(hold)
        view.postDelayed(hold, ViewConfiguration.getLongPressTimeout().toLong())
        onPressed(key, null)
    }

    private fun move(
        press: Press,
        event: MotionEvent,
    ) {
        val index = event.findPointerIndex(press.pointer).takeIf { it >= 0 } ?: return
        press.x = event.getX(index)
        press.y = event.getY(index)
        val popup = popup
        if (popup != null) {
            popup.slide(press.x)
            onPressed(press.key, popup)
            return
        }
        val key = keyAt(press.x, press.y)
        if (key != null && key != press.key && !isDone) begin(press.pointer, press.x, press.y)
    }

    private fun held() {
        val press = press ?: return
        val key = press.key.key
        if (key is KeyDef.Action) {
            when (key.action) {
                KeyAction.DELETE -> {
                    isDone = true
                    listener()?.onTap(key, now(), null)
                    view.postDelayed(hold, REPEAT_MILLIS)
                }
                KeyAction.NEXT_LAYOUT -> {
                    isDone = true
                    listener()?.onHoldGlobe()
                }
                else -> return
            }
        } else {
            popup = popupFor(press.key)
            onPressed(press.key, popup)
        }
    }

    /** The finger left, or another one came: the key does what it does. */
    private fun release(time: Long) {
        val press = press ?: return
        val chosen = popup?.let { it.options[it.chosen] }
        val isDone = isDone
        end()
        when {
            isDone -> return
            chosen != null -> listener()?.onChoose(chosen)
            else -> listener()?.onTap(press.key.key, time, Touch(press.x, press.y))
        }
    }

    private fun end() {
        view.removeCallbacks(hold)
        press = null
        popup = null
        onPressed(null, null)
    }

    private fun now() = android.os.SystemClock.uptimeMillis()

    private companion object {
        const val REPEAT_MILLIS = 60L
    }
}
