package dev.spatz.sample.ime

import android.annotation.SuppressLint
import android.content.Context
import android.view.View
import android.view.WindowInsets
import android.widget.FrameLayout
import android.widget.LinearLayout
import dev.spatz.sample.R
import dev.spatz.sample.keyboard.Cell
import dev.spatz.sample.keyboard.EmojiRow
import dev.spatz.sample.keyboard.KeyboardState

/** All of the keyboard: strip, emoji, keys, and above them what a long press offers. */
@SuppressLint("ViewConstructor")
class KeyboardPanel(
    context: Context,
    onPick: (Cell) -> Unit,
    onEmoji: (String) -> Unit,
) : FrameLayout(context) {
    private val colours = KeyboardColours(context)
    private val popups = PopupView(context, colours)
    private val column = LinearLayout(context)

    val strip = StripView(context, colours, onPick)
    val emoji = EmojiView(context, onEmoji)
    val keys = KeysView(context, colours, popups)

    init {
        setBackgroundColor(colours.background)
        column.orientation = LinearLayout.VERTICAL
        column.addView(strip, LayoutParams.MATCH_PARENT, resources.getDimensionPixelSize(R.dimen.strip_height))
        column.addView(emoji, LayoutParams.MATCH_PARENT, resources.getDimensionPixelSize(R.dimen.emoji_height))
        column.addView(keys, LayoutParams.MATCH_PARENT, LayoutParams.WRAP_CONTENT)
        addView(column, LayoutParams.MATCH_PARENT, LayoutParams.WRAP_CONTENT)
        addView(popups)
        // The keys' own margin, and the bar of gesture navigation below it.
        setOnApplyWindowInsetsListener { _, insets ->
            column.setPadding(0, 0, 0, bottom(insets))
            insets
        }
    }

    fun show(state: KeyboardState) {
        strip.visibility = if (state.strip == null) View.GONE else View.VISIBLE
        state.strip?.let(strip::show)
        keys.show(state)
    }

    /** Shows [row]; null hides it. */
    fun show(row: EmojiRow?) {
        emoji.visibility = if (row == null) View.GONE else View.VISIBLE
        row?.let { emoji.show(it.emoji) }
    }

    override fun onMeasure(
        widthSpec: Int,
        heightSpec: Int,
    ) {
        column.measure(widthSpec, MeasureSpec.makeMeasureSpec(0, MeasureSpec.UNSPECIFIED))
        val height = MeasureSpec.makeMeasureSpec(column.measuredHeight, MeasureSpec.EXACTLY)
        super.onMeasure(widthSpec, height)
    }

    override fun onLayout(
        changed: Boolean,
        left: Int,
        top: Int,
        right: Int,
        bottom: Int,
    ) {
        super.onLayout(changed, left, top, right, bottom)
        popups.offset = keys.top.toFloat()
    }

    @Suppress("DEPRECATION") // Insets by type came with Android 11.
    private fun bottom(insets: WindowInsets): Int = insets.systemWindowInsetBottom
}
