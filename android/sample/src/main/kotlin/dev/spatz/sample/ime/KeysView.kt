package dev.spatz.sample.ime

import android.annotation.SuppressLint
import android.content.Context
import android.graphics.Canvas
import android.view.MotionEvent
import android.view.View
import android.view.accessibility.AccessibilityNodeProvider
import dev.spatz.sample.R
import dev.spatz.sample.keyboard.KeyDef
import dev.spatz.sample.keyboard.KeyboardState
import dev.spatz.sample.keyboard.PlacedKey
import dev.spatz.sample.keyboard.Placement
import dev.spatz.sample.keyboard.Shift

/** The keys: one view that draws them all and follows the fingers on them. */
@SuppressLint("ViewConstructor")
class KeysView(
    context: Context,
    colours: KeyboardColours,
    private val popups: PopupView,
) : View(context) {
    private val painter = KeysPainter(context, colours)
    private val rowHeight = resources.getDimension(R.dimen.key_row)
    private val margin = resources.getDimension(R.dimen.keyboard_margin)
    private val gapX = resources.getDimension(R.dimen.key_gap_x)
    private val gapY = resources.getDimension(R.dimen.key_gap_y)
    private val popupWidth = resources.getDimension(R.dimen.popup_cell)
    private val popupHeight = resources.getDimension(R.dimen.popup_height)
    private var pressed: PlacedKey? = null
    private var state: KeyboardState? = null
    private val touches = KeyTouches(this, ::keyAt, ::alternatives, ::showPressed) { listener }
    private val nodes = KeysAccessibility(this, KeyLabels(resources))

    var listener: KeyListener? = null

    /** Told where the keys are whenever that changes. */
    var onPlaced: (Placement) -> Unit = {}

    /** Where the keys are; null before the first layout. */
    var placement: Placement? = null
        private set

    fun show(new: KeyboardState) {
        val old = state
        state = new
        if (old?.board != new.board) {
            if (old?.board?.rows?.size != new.board.rows.size) requestLayout()
            place()
        }
        if (old?.shift != new.shift || old.board != new.board) nodes.changed()
        invalidate()
    }

    fun showEnter(icon: Int) {
        painter.enterIcon = icon
        invalidate()
    }

    /** Types [key] as a tap in its middle does. */
    fun tap(key: KeyDef) {
        listener?.onTap(key, android.os.SystemClock.uptimeMillis(), null)
    }

    /** How letters come at the moment. */
    val shift: Shift get() = state?.shift ?: Shift.OFF

    override fun onMeasure(
        widthSpec: Int,
        heightSpec: Int,
    ) {
        val rows = state?.board?.rows?.size ?: 4
        setMeasuredDimension(MeasureSpec.getSize(widthSpec), (rows * rowHeight + 2 * margin).toInt())
    }

    override fun onSizeChanged(
        width: Int,
        height: Int,
        oldWidth: Int,
        oldHeight: Int,
    ) {
        place()
    }

    override fun onDraw(canvas: Canvas) {
        val state = state ?: return
        placement?.keys?.forEach { painter.draw(canvas, it, state, it == pressed) }
    }

    @SuppressLint("ClickableViewAccessibility") // KeysAccessibility has a node with a click for every key.
    override fun onTouchEvent(event: MotionEvent): Boolean = touches.handle(event)

    override fun dispatchHoverEvent(event: MotionEvent): Boolean = nodes.hover(event) || super.dispatchHoverEvent(event)

    override fun getAccessibilityNodeProvider(): AccessibilityNodeProvider = nodes

    private fun place() {
        val board = state?.board ?: return
        if (width == 0) return
        placement = Placement(board, width.toFloat(), rowHeight, gapX, gapY, margin).also(onPlaced)
    }

    private fun keyAt(
        x: Float,
        y: Float,
    ): PlacedKey? = placement?.keyAt(x, y)

    private fun alternatives(placed: PlacedKey): Popup? {
        val key = placed.key as? KeyDef.Text ?: return null
        return key.offered(upper = shift != Shift.OFF).takeIf { it.isNotEmpty() }?.let { popup(placed, it) }
    }

    private fun popup(
        placed: PlacedKey,
        options: List<String>,
    ) = Popup(placed, options, popupWidth, popupHeight, width.toFloat())

    private fun showPressed(
        key: PlacedKey?,
        popup: Popup?,
    ) {
        pressed = key
        val text = key?.key as? KeyDef.Text
        popups.popup =
            when {
                popup != null -> popup
                text != null -> popup(key, listOf(if (shift == Shift.OFF) text.text else text.shifted))
                else -> null
            }
        invalidate()
    }
}
