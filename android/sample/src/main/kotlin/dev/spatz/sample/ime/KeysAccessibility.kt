package dev.spatz.sample.ime

import android.content.res.Resources
import android.graphics.Rect
import android.os.Bundle
import android.view.MotionEvent
import android.view.View
import android.view.accessibility.AccessibilityEvent
import android.view.accessibility.AccessibilityManager
import android.view.accessibility.AccessibilityNodeInfo
import android.view.accessibility.AccessibilityNodeProvider
import android.widget.Button
import dev.spatz.sample.R
import dev.spatz.sample.keyboard.KeyAction
import dev.spatz.sample.keyboard.KeyDef
import dev.spatz.sample.keyboard.PlacedKey
import dev.spatz.sample.keyboard.Shift

/** What TalkBack says of a key. */
class KeyLabels(
    private val resources: Resources,
) {
    fun of(
        key: KeyDef,
        shift: Shift,
    ): String =
        when (key) {
            is KeyDef.Text -> text(key, shift)
            is KeyDef.Action -> resources.getString(action(key.action, shift))
        }

    private fun text(
        key: KeyDef.Text,
        shift: Shift,
    ): String = if (shift == Shift.OFF) key.text else resources.getString(R.string.say_capital, key.shifted)

    private fun action(
        action: KeyAction,
        shift: Shift,
    ): Int =
        when (action) {
            KeyAction.SHIFT ->
                when (shift) {
                    Shift.OFF -> R.string.say_shift
                    Shift.ONCE -> R.string.say_shift_on
                    Shift.LOCKED -> R.string.say_caps_lock
                }
            KeyAction.DELETE -> R.string.say_delete
            KeyAction.ENTER -> R.string.say_enter
            KeyAction.SPACE -> R.string.say_space
            KeyAction.LETTERS -> R.string.say_letters
            KeyAction.SYMBOLS -> R.string.say_symbols
            KeyAction.MORE_SYMBOLS -> R.string.say_more_symbols
            KeyAction.NEXT_LAYOUT -> R.string.say_next_layout
        }
}

/**
 * The keys of [view] for TalkBack: a button each. A key types when the exploring finger leaves it, as on other
 * keyboards.
 */
class KeysAccessibility(
    private val view: KeysView,
    private val labels: KeyLabels,
) : AccessibilityNodeProvider() {
    private val manager = view.context.getSystemService(AccessibilityManager::class.java)
    private var focused = NONE
    private var hovered = NONE

    private val keys: List<PlacedKey> get() = view.placement?.keys.orEmpty()

    override fun createAccessibilityNodeInfo(id: Int): AccessibilityNodeInfo? =
        if (id == View.NO_ID) host() else keys.getOrNull(id)?.let { node(id, it) }

    private fun host(): AccessibilityNodeInfo {
        val node = AccessibilityNodeInfo.obtain(view)
        view.onInitializeAccessibilityNodeInfo(node)
        keys.indices.forEach { node.addChild(view, it) }
        return node
    }

    private fun node(
        id: Int,
        placed: PlacedKey,
    ): AccessibilityNodeInfo {
        val node = AccessibilityNodeInfo.obtain(view, id)
        node.packageName = view.context.packageName
        node.className = Button::class.java.name
        node.contentDescription = labels.of(placed.key, view.shift)
        node.setParent(view)
        val bounds = Rect(placed.left.toInt(), placed.top.toInt(), placed.right.toInt(), placed.bottom.toInt())
        @Suppress("DEPRECATION") // Services before Android 12 read it.
        node.setBoundsInParent(bounds)
        val origin = IntArray(2).also(view::getLocationOnScreen)
        bounds.offset(origin[0], origin[1])
        node.setBoundsInScreen(bounds)
        node.isEnabled = true
        node.isClickable = true
        node.isVisibleToUser = true
        node.isAccessibilityFocused = id == focused
        node.addAction(AccessibilityNodeInfo.AccessibilityAction.ACTION_CLICK)
        val focus = AccessibilityNodeInfo.AccessibilityAction.ACTION_ACCESSIBILITY_FOCUS
        val unfocus = AccessibilityNodeInfo.AccessibilityAction.ACTION_CLEAR_ACCESSIBILITY_FOCUS
        node.addAction(if (id == focused) unfocus else focus)
        return node
    }

    override fun performAction(
        id: Int,
        action: Int,
        arguments: Bundle?,
    ): Boolean {
        if (id == View.NO_ID) return view.performAccessibilityAction(action, arguments)
        val placed = keys.getOrNull(id) ?: return false
        when (action) {
            AccessibilityNodeInfo.ACTION_CLICK -> view.tap(placed.key)
            AccessibilityNodeInfo.ACTION_ACCESSIBILITY_FOCUS -> {
                focused = id
                send(id, AccessibilityEvent.TYPE_VIEW_ACCESSIBILITY_FOCUSED)
            }
            AccessibilityNodeInfo.ACTION_CLEAR_ACCESSIBILITY_FOCUS -> {
                focused = NONE
                send(id, AccessibilityEvent.TYPE_VIEW_ACCESSIBILITY_FOCUS_CLEARED)
            }
            else -> return false
        }
        view.invalidate()
        return true
    }

    /** A finger explores; returns whether it is on a key. */
    fun hover(event: MotionEvent): Boolean {
        if (!manager.isTouchExplorationEnabled) return false
        val key = view.placement?.keyAt(event.x, event.y) ?: return false
        val id = keys.indexOf(key)
        if (event.actionMasked == MotionEvent.ACTION_HOVER_EXIT) {
            hovered = NONE
            view.tap(key.key)
        } else if (id != hovered) {
            hovered = id
            send(id, AccessibilityEvent.TYPE_VIEW_HOVER_ENTER)
        }
        return true
    }

    /** The keys are others now, or say something else. */
    fun changed() {
        focused = NONE
        hovered = NONE
        if (!manager.isEnabled) return
        val event = event(AccessibilityEvent.TYPE_WINDOW_CONTENT_CHANGED)
        event.contentChangeTypes = AccessibilityEvent.CONTENT_CHANGE_TYPE_SUBTREE
        view.parent?.requestSendAccessibilityEvent(view, event)
    }

    private fun send(
        id: Int,
        type: Int,
    ) {
        if (!manager.isEnabled) return
        val placed = keys.getOrNull(id) ?: return
        val event = event(type)
        event.className = Button::class.java.name
        event.contentDescription = labels.of(placed.key, view.shift)
        event.setSource(view, id)
        view.parent?.requestSendAccessibilityEvent(view, event)
    }

    @Suppress("DEPRECATION") // Its constructor came with Android 11.
    private fun event(type: Int): AccessibilityEvent =
        AccessibilityEvent.obtain(type).apply { packageName = view.context.packageName }

    private companion object {
        const val NONE = -2
    }
}
