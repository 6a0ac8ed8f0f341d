package dev.spatz.sample.ime

import android.content.Context
import android.graphics.Canvas
import android.graphics.Paint
import android.graphics.RectF
import android.view.View
import dev.spatz.sample.R
import dev.spatz.sample.keyboard.PlacedKey

/**
 * What a long press on [anchor] offers, in cells as wide as the key; [chosen] is the one under the finger. With one
 * option and nothing to choose it is the magnified letter of the pressed key.
 */
class Popup(
    val anchor: PlacedKey,
    val options: List<String>,
    width: Float,
    height: Float,
    boardWidth: Float,
) {
    private val cell = maxOf(anchor.right - anchor.left, width)
    val left: Float = (anchor.centerX - cell / 2).coerceIn(0f, maxOf(0f, boardWidth - cell * options.size))
    val top: Float = anchor.top - height
    val right: Float = left + cell * options.size
    val bottom: Float = anchor.top
    var chosen: Int = if (options.size > 1) at(anchor.centerX) else 0
        private set

    /** The finger is at [x]. */
    fun slide(x: Float) {
        chosen = at(x)
    }

    fun center(option: Int): Float = left + cell * (option + 0.5f)

    private fun at(x: Float) = ((x - left) / cell).toInt().coerceIn(options.indices)
}

/** Shows the [Popup] above strip and keys; [offset] is how far below its top the keys begin. */
class PopupView(
    context: Context,
    private val colours: KeyboardColours,
) : View(context) {
    private val radius = resources.getDimension(R.dimen.popup_radius)
    private val edge = resources.getDimension(R.dimen.popup_edge)
    private val paint = Paint(Paint.ANTI_ALIAS_FLAG).apply { textAlign = Paint.Align.CENTER }
    private val box = RectF()

    var offset: Float = 0f
    var popup: Popup? = null
        set(value) {
            field = value
            invalidate()
        }

    init {
        importantForAccessibility = IMPORTANT_FOR_ACCESSIBILITY_NO
        paint.textSize = resources.getDimension(R.dimen.popup_letter)
    }

    override fun onDraw(canvas: Canvas) {
        val popup = popup ?: return
        val top = maxOf(edge, popup.top + offset)
        box.set(popup.left + edge, top, popup.right - edge, top + popup.bottom - popup.top)
        paint.setShadowLayer(edge * 2, 0f, edge / 2, colours.keyShadow)
        paint.color = colours.key
        canvas.drawRoundRect(box, radius, radius, paint)
        paint.clearShadowLayer()
        val middle = box.centerY()
        popup.options.forEachIndexed { index, option ->
            val isChosen = popup.options.size > 1 && index == popup.chosen
            if (isChosen) {
                val half = (popup.right - popup.left) / popup.options.size / 2 - 2 * edge
                val center = popup.center(index)
                box.set(center - half, box.top, center + half, box.bottom)
                paint.color = colours.accent
                canvas.drawRoundRect(box.left, box.top + edge, box.right, box.bottom - edge, radius, radius, paint)
            }
            paint.color = if (isChosen) colours.onAccent else colours.text
            canvas.drawText(option, popup.center(index), middle + paint.textSize * 0.355f, paint)
        }
    }
}
