package dev.spatz.sample.ime

import android.annotation.SuppressLint
import android.content.Context
import android.util.TypedValue
import android.view.Gravity
import android.widget.HorizontalScrollView
import android.widget.LinearLayout
import android.widget.TextView
import dev.spatz.sample.R

/** A row of emoji that scrolls sideways. */
@SuppressLint("ViewConstructor")
class EmojiView(
    context: Context,
    private val onPick: (String) -> Unit,
) : HorizontalScrollView(context) {
    private val row = LinearLayout(context)

    init {
        isHorizontalScrollBarEnabled = false
        addView(row)
    }

    fun show(emoji: List<String>) {
        row.removeAllViews()
        emoji.forEach { row.addView(cell(it)) }
    }

    private fun cell(emoji: String): TextView =
        TextView(context).apply {
            val width = resources.getDimensionPixelSize(R.dimen.emoji_cell)
            layoutParams = LinearLayout.LayoutParams(width, LinearLayout.LayoutParams.MATCH_PARENT)
            gravity = Gravity.CENTER
            text = emoji
            setTextSize(TypedValue.COMPLEX_UNIT_PX, resources.getDimension(R.dimen.emoji_text))
            setTextColor(OPAQUE)
            setBackgroundResource(R.drawable.touched)
            setOnClickListener { onPick(emoji) }
        }

    private companion object {
        /** A colour font is drawn with the text's opacity. */
        const val OPAQUE = -0x1000000
    }
}
