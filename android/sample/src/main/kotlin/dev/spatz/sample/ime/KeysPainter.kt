package dev.spatz.sample.ime

import android.content.Context
import android.graphics.Canvas
import android.graphics.Paint
import android.graphics.RectF
import android.graphics.Typeface
import dev.spatz.sample.R
import dev.spatz.sample.keyboard.KeyAction
import dev.spatz.sample.keyboard.KeyDef
import dev.spatz.sample.keyboard.KeyboardState
import dev.spatz.sample.keyboard.PlacedKey
import dev.spatz.sample.keyboard.Shift

/** Draws keys: letters on caps, functions on tinted ones, the enter key in the accent colour. */
class KeysPainter(
    private val context: Context,
    private val colours: KeyboardColours,
) {
    private val resources = context.resources
    private val radius = resources.getDimension(R.dimen.key_radius)
    private val iconSize = resources.getDimensionPixelSize(R.dimen.key_icon)
    private val shadow = resources.getDimension(R.dimen.key_shadow)
    private val letterSize = resources.getDimension(R.dimen.key_letter)
    private val labelSize = resources.getDimension(R.dimen.key_label)
    private val hintSize = resources.getDimension(R.dimen.key_hint)
    private val cap = Paint(Paint.ANTI_ALIAS_FLAG)
    private val box = RectF()
    private val text = Paint(Paint.ANTI_ALIAS_FLAG).apply { textAlign = Paint.Align.CENTER }
    private val medium = Typeface.create("sans-serif-medium", Typeface.NORMAL)

    /** What the enter key shows. */
    var enterIcon: Int = R.drawable.ic_enter

    fun draw(
        canvas: Canvas,
        placed: PlacedKey,
        state: KeyboardState,
        pressed: Boolean,
    ) {
        drawCap(canvas, placed, pressed)
        when (val key = placed.key) {
            is KeyDef.Text -> {
                val upper = state.shift != Shift.OFF
                write(
                    canvas,
                    if (upper) key.shifted else key.text,
                    placed.centerX,
                    placed.centerY,
                    letterSize,
                    colours.text,
                )
                key.hint?.let {
                    write(canvas, it, placed.right - hintSize * 0.7f, placed.top + hintSize, hintSize, colours.hint)
                }
            }
            is KeyDef.Action -> drawAction(canvas, placed, key.action, state)
        }
    }

    private fun drawCap(
        canvas: Canvas,
        placed: PlacedKey,
        pressed: Boolean,
    ) {
        box.set(placed.left, placed.top + shadow, placed.right, placed.bottom + shadow)
        cap.color = colours.keyShadow
        canvas.drawRoundRect(box, radius, radius, cap)
        box.offset(0f, -shadow)
        cap.color = capColour(placed.key, pressed)
        canvas.drawRoundRect(box, radius, radius, cap)
    }

    private fun capColour(
        key: KeyDef,
        pressed: Boolean,
    ): Int {
        val action = (key as? KeyDef.Action)?.action
        return when {
            action == null || action == KeyAction.SPACE -> if (pressed) colours.keyPressed else colours.key
            pressed -> colours.functionPressed
            action == KeyAction.ENTER -> colours.accent
            else -> colours.function
        }
    }

    private fun drawAction(
        canvas: Canvas,
        placed: PlacedKey,
        action: KeyAction,
        state: KeyboardState,
    ) {
        val label =
            when (action) {
                KeyAction.SPACE -> return write(canvas, state.layout.language, placed, labelSize, colours.hint)
                KeyAction.LETTERS -> resources.getString(R.string.key_letters)
                KeyAction.SYMBOLS -> resources.getString(R.string.key_symbols)
                KeyAction.MORE_SYMBOLS -> resources.getString(R.string.key_more_symbols)
                else -> null
            }
        if (label != null) return write(canvas, label, placed, labelSize, colours.text)
        val icon =
            when (action) {
                KeyAction.DELETE -> R.drawable.ic_delete
                KeyAction.ENTER -> enterIcon
                KeyAction.NEXT_LAYOUT -> R.drawable.ic_globe
                else ->
                    when (state.shift) {
                        Shift.OFF -> R.drawable.ic_shift
                        Shift.ONCE -> R.drawable.ic_shift_once
                        Shift.LOCKED -> R.drawable.ic_shift_locked
                    }
            }
        val tint = if (action == KeyAction.ENTER) colours.onAccent else colours.text
        drawIcon(canvas, icon, placed, tint)
    }

    private fun drawIcon(
        canvas: Canvas,
        icon: Int,
        placed: PlacedKey,
        tint: Int,
    ) {
        val drawable = context.getDrawable(icon)?.mutate() ?: return
        val left = (placed.centerX - iconSize / 2).toInt()
        val top = (placed.centerY - iconSize / 2).toInt()
        drawable.setBounds(left, top, left + iconSize, top + iconSize)
        drawable.setTint(tint)
        drawable.draw(canvas)
    }

    private fun write(
        canvas: Canvas,
        label: String,
        placed: PlacedKey,
        size: Float,
        colour: Int,
    ) {
        text.typeface = medium
        write(canvas, label, placed.centerX, placed.centerY, size, colour)
        text.typeface = Typeface.DEFAULT
    }

    /** Writes [label] with its capitals' middle at ([x], [y]), so that letters of a row stand on one line. */
    private fun write(
        canvas: Canvas,
        label: String,
        x: Float,
        y: Float,
        size: Float,
        colour: Int,
    ) {
        text.textSize = size
        text.color = colour
        canvas.drawText(label, x, y + size * HALF_CAPITAL, text)
    }

    private companion object {
        /** Half the height of Roboto's capitals, of its size. */
        const val HALF_CAPITAL = 0.355f
    }
}
