package dev.spatz.sample.ime

import android.view.inputmethod.EditorInfo
import android.view.inputmethod.InputConnection
import dev.spatz.sample.keyboard.TextField

/** The text field of another app, through its [connection]; does nothing while there is none. */
class ConnectionField(
    private val editor: EditorInfo,
    private val connection: () -> InputConnection?,
) : TextField {
    /** Where the cursor is once the other app has done what it was told. */
    private var cursor = editor.initialSelEnd
    private var composingLength = 0

    override fun textBefore(limit: Int): String = connection()?.getTextBeforeCursor(limit, 0)?.toString().orEmpty()

    override fun charAfter(): Char? = connection()?.getTextAfterCursor(1, 0)?.firstOrNull()

    override fun compose(text: String) {
        connection()?.setComposingText(text, 1)
        cursor += text.length - composingLength
        composingLength = text.length
    }

    override fun composeLast(length: Int) {
        connection()?.setComposingRegion(cursor - length, cursor)
        composingLength = length
    }

    override fun commit(text: String) {
        val connection = connection() ?: return
        val replaced = if (composingLength > 0) composingLength else connection.getSelectedText(0)?.length ?: 0
        connection.commitText(text, 1)
        cursor += text.length - replaced
        composingLength = 0
    }

    override fun finishComposing() {
        connection()?.finishComposingText()
        composingLength = 0
    }

    override fun delete(length: Int) {
        val connection = connection() ?: return
        val selected = connection.getSelectedText(0)?.length ?: 0
        if (selected > 0) {
            connection.commitText("", 1)
            cursor -= selected
        } else {
            connection.deleteSurroundingText(length, 0)
            cursor -= length.coerceAtMost(cursor)
        }
    }

    override fun enter() {
        val action = editor.enterAction
        if (action == null) commit("\n") else connection()?.performEditorAction(action)
    }

    /**
     * Takes note of where the other app says the cursor is: it was at [before], it is at [start] to [end] now. Returns whether
     * somebody other than this keyboard moved it. News of our own edits comes late, and one after the other.
     */
    fun movedBySomebody(
        before: Int,
        start: Int,
        end: Int,
    ): Boolean {
        val isOnOurWay = before != cursor && (end - before).toLong() * (cursor - end) >= 0
        if (start == end && (end == cursor || isOnOurWay)) return false
        cursor = end
        return true
    }
}

/** What the enter key does here other than beginning a line; null if nothing. */
internal val EditorInfo.enterAction: Int?
    get() {
        val action = imeOptions and EditorInfo.IME_MASK_ACTION
        val keepsLine = imeOptions and EditorInfo.IME_FLAG_NO_ENTER_ACTION != 0
        val isNone = action == EditorInfo.IME_ACTION_NONE || action == EditorInfo.IME_ACTION_UNSPECIFIED
        return action.takeUnless { keepsLine || isNone }
    }
