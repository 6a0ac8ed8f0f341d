package dev.spatz.sample.keyboard

import kotlin.math.abs

/** Where a key is drawn, in pixels from the view's left top corner. */
data class PlacedKey(
    val key: KeyDef,
    val left: Float,
    val top: Float,
    val right: Float,
    val bottom: Float,
) {
    val centerX: Float get() = (left + right) / 2
    val centerY: Float get() = (top + bottom) / 2
}

/**
 * The keys of [board] in a view: each row as wide as it needs, [gapX] and [gapY] pixels between keys, [margin] around
 * all.
 */
class Placement(
    private val board: Board,
    width: Float,
    private val rowHeight: Float,
    gapX: Float,
    gapY: Float,
    private val margin: Float,
) {
    private val unit = (width - 2 * margin) / board.units

    /** Every key, top to bottom, left to right. */
    val keys: List<PlacedKey> =
        board.rows.flatMapIndexed { row, keys ->
            val top = margin + row * rowHeight
            var x = margin + (board.units - keys.map { it.units }.sum()) / 2 * unit
            keys.map { key ->
                val left = x
                x += key.units * unit
                PlacedKey(key, left + gapX / 2, top + gapY / 2, x - gapX / 2, top + rowHeight - gapY / 2)
            }
        }

    /** The view's height. */
    val height: Float = 2 * margin + board.rows.size * rowHeight

    /** The key that a finger at ([x], [y]) means: the nearest one of the row, since fingers also hit gaps. */
    fun keyAt(
        x: Float,
        y: Float,
    ): PlacedKey? {
        val row = ((y - margin) / rowHeight).toInt().coerceIn(board.rows.indices)
        val top = margin + row * rowHeight
        val inRow = keys.filter { it.top >= top && it.bottom <= top + rowHeight }
        return inRow.minByOrNull { if (x in it.left..it.right) 0f else minOf(abs(x - it.left), abs(x - it.right)) }
    }

    /** The letter keys as the engine's spatial model wants them, in pixels. */
    fun engineKeys(): List<dev.spatz.Key> =
        keys.mapNotNull { placed ->
            val text = (placed.key as? KeyDef.Text)?.text?.takeIf { it.single().isLetter() } ?: return@mapNotNull null
            dev.spatz.Key(text, placed.centerX, placed.centerY, width = placed.key.units * unit, height = rowHeight)
        }
}
