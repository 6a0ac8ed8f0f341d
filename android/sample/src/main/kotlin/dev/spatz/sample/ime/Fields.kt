package dev.spatz.sample.ime

import android.text.InputType
import android.view.inputmethod.EditorInfo
import dev.spatz.android.InputPolicy
import dev.spatz.sample.keyboard.FieldKind
import dev.spatz.sample.keyboard.FieldTraits
import dev.spatz.sample.keyboard.KeyboardSettings

/** What the field that [editor] describes asks of the keyboard, as far as [settings] allow it. */
fun fieldTraits(
    editor: EditorInfo,
    settings: KeyboardSettings,
): FieldTraits {
    val policy = InputPolicy.from(editor)
    val isText = editor.inputType and InputType.TYPE_MASK_CLASS == InputType.TYPE_CLASS_TEXT
    val sentences = editor.inputType and InputType.TYPE_TEXT_FLAG_CAP_SENTENCES != 0
    return FieldTraits(
        kind = kind(editor),
        predicts = policy.predicts && settings.languages.isNotEmpty(),
        learns = policy.learns && settings.learns,
        startsSentences = isText && sentences && policy.predicts,
        isMultiline = editor.enterAction == null,
    )
}

private fun kind(editor: EditorInfo): FieldKind =
    when (editor.inputType and InputType.TYPE_MASK_CLASS) {
        InputType.TYPE_CLASS_NUMBER, InputType.TYPE_CLASS_PHONE, InputType.TYPE_CLASS_DATETIME -> FieldKind.NUMBER
        InputType.TYPE_CLASS_TEXT ->
            when (editor.inputType and InputType.TYPE_MASK_VARIATION) {
                InputType.TYPE_TEXT_VARIATION_EMAIL_ADDRESS -> FieldKind.EMAIL
                InputType.TYPE_TEXT_VARIATION_WEB_EMAIL_ADDRESS -> FieldKind.EMAIL
                InputType.TYPE_TEXT_VARIATION_URI -> FieldKind.URL
                else -> FieldKind.TEXT
            }
        else -> FieldKind.TEXT
    }
