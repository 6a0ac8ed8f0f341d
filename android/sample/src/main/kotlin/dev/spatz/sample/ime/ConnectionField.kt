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
    private var selectedLength = editor.initialSelEnd - editor.initialSelStart

    override fun textBefore(limit: Int): String = connection()?.getTextBeforeCursor(limit, 0)?.toString().orEmpty()

    override fun charAfter(): Char? = connection()?.getTextAfterCursor(1, 0)?.firstOrNull()

    override fun compose(text: String) {
        connection()?.setComposingText(text, 1)
        replaced(text)
        composingLength = text.length
    }

    override fun composeLast(length: Int): Boolean {
        val connection = connection() ?: return false
        if (selectedLength != 0 || cursor < length) return false
        composingLength = length
        return connection.setComposingRegion(cursor - length, cursor)
    }

    override fun commit(text: String) {
        connection()?.commitText(text, 1)
        replaced(text)
    }

    /** [text] is now where the composing text was, or what was selected. */
    private fun replaced(text: String) {
        cursor += text.length - if (composingLength > 0) composingLength else selectedLength
        composingLength = 0
        selectedLength = 0
    }

    override fun finishComposing() {
        connection()?.finishComposingText()
        composingLength = 0
    }

    override fun delete(length: Int) {
        if (selectedLength > 0) return commit("")
        connection()?.deleteSurroundingText(length, 0)
        cursor -= length.coerceAtMost(cursor)
    }

    override fun enter() {
        val action = editor.enterAction
        if (action == null) commit("\n") else connection()?.performEditorAction(action)
    }

    /**
     * Takes note of where the other app says the cursor is: it was at [before], it is at [start] to [end] now. Returns
     * whether somebody other than this keyboard moved it. News of our own edits comes late, and one after the other.
     */
    fun movedBySomebody(
        before: Int,
        start: Int,
        end: Int,
    ): Boolean {
        val isOnOurWay = before != cursor && (end - before).toLong() * (cursor - end) >= 0
        if (start == end && (end == cursor || isOnOurWay)) return false
        cursor = end
        selectedLength = end - start
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
