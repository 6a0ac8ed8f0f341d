package dev.spatz.android

import android.text.InputType
import android.view.inputmethod.EditorInfo

/**
 * What a keyboard may do in a text field.
 *
 * @property predicts whether to show suggestions at all.
 * @property learns whether what is typed may be remembered.
 */
public data class InputPolicy(
    public val predicts: Boolean,
    public val learns: Boolean,
) {
    public companion object {
        private val PASSWORDS =
            setOf(
                InputType.TYPE_TEXT_VARIATION_PASSWORD,
                InputType.TYPE_TEXT_VARIATION_VISIBLE_PASSWORD,
                InputType.TYPE_TEXT_VARIATION_WEB_PASSWORD,
            )

        /** Fields of names and codes: predicting words there only gets in the way. */
        private val ADDRESSES =
            setOf(
                InputType.TYPE_TEXT_VARIATION_EMAIL_ADDRESS,
                InputType.TYPE_TEXT_VARIATION_WEB_EMAIL_ADDRESS,
                InputType.TYPE_TEXT_VARIATION_URI,
            )

        /** What the field that [editor] describes asks for. */
        public fun from(editor: EditorInfo): InputPolicy {
            val isText = editor.inputType and InputType.TYPE_MASK_CLASS == InputType.TYPE_CLASS_TEXT
            val variation = editor.inputType and InputType.TYPE_MASK_VARIATION
            val wantsNone = editor.inputType and InputType.TYPE_TEXT_FLAG_NO_SUGGESTIONS != 0
            val isPrivate = editor.imeOptions and EditorInfo.IME_FLAG_NO_PERSONALIZED_LEARNING != 0
            val predicts = isText && !wantsNone && variation !in PASSWORDS && variation !in ADDRESSES
            return InputPolicy(predicts = predicts, learns = predicts && !isPrivate)
        }
    }
}
