package dev.spatz.sample.ime

import android.annotation.SuppressLint
import android.content.Context
import android.graphics.Typeface
import android.text.TextUtils
import android.util.TypedValue
import android.view.Gravity
import android.view.View
import android.widget.LinearLayout
import android.widget.TextView
import dev.spatz.sample.R
import dev.spatz.sample.keyboard.Cell
import dev.spatz.sample.keyboard.Strip

/** The suggestion strip: the letters as typed first, in quotes; what replaces them by itself in bold, a phrase in grey. */
@SuppressLint("ViewConstructor")
class StripView(
    context: Context,
    private val colours: KeyboardColours,
    private val onPick: (Cell) -> Unit,
) : LinearLayout(context) {
    private val cells = List(Strip.CELLS) { cell() }
    private val dividers = List(Strip.CELLS - 1) { divider() }

    init {
        orientation = HORIZONTAL
        gravity = Gravity.CENTER_VERTICAL
        cells.forEachIndexed { index, cell ->
            if (index > 0) addView(dividers[index - 1])
            addView(cell)
        }
    }

    fun show(strip: Strip) {
        cells.forEachIndexed { index, view ->
            val cell = strip.cells.getOrNull(index)
            view.visibility = if (cell == null) INVISIBLE else VISIBLE
            if (index > 0) dividers[index - 1].visibility = view.visibility
            if (cell != null) show(view, cell)
        }
    }

    private fun show(
        view: TextView,
        cell: Cell,
    ) {
        view.text = if (cell.isLiteral) resources.getString(R.string.strip_literal, cell.text) else cell.text
        view.typeface = if (cell.isAutomatic) BOLD else Typeface.DEFAULT
        view.setTextColor(
            when {
                cell.isAutomatic -> colours.accent
                cell.isLiteral || cell.isPhrase -> colours.hint
                else -> colours.text
            },
        )
        val said =
            when {
                cell.isLiteral -> R.string.say_literal
                cell.isAutomatic -> R.string.say_automatic
                else -> R.string.say_suggestion
            }
        view.contentDescription = resources.getString(said, cell.text)
        view.setOnClickListener { onPick(cell) }
    }

    private fun cell(): TextView =
        TextView(context).apply {
            layoutParams = LayoutParams(0, LayoutParams.MATCH_PARENT, 1f)
            gravity = Gravity.CENTER
            isSingleLine = true
            ellipsize = TextUtils.TruncateAt.MIDDLE
            setTextSize(TypedValue.COMPLEX_UNIT_PX, resources.getDimension(R.dimen.strip_text))
            val side = resources.getDimensionPixelSize(R.dimen.strip_side)
            setPadding(side, 0, side, 0)
            setBackgroundResource(R.drawable.touched)
            visibility = INVISIBLE
        }

    private fun divider(): View =
        View(context).apply {
            val height = resources.getDimensionPixelSize(R.dimen.strip_divider)
            layoutParams = LayoutParams(resources.getDimensionPixelSize(R.dimen.hairline), height)
            setBackgroundColor(colours.divider)
            visibility = INVISIBLE
        }

    private companion object {
        val BOLD: Typeface = Typeface.create("sans-serif-medium", Typeface.NORMAL)
    }
}
