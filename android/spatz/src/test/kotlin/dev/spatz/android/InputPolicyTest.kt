package dev.spatz.android

import android.text.InputType
import android.view.inputmethod.EditorInfo
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Test

class InputPolicyTest {
    private fun check(
        inputType: Int,
        imeOptions: Int = 0,
        predicts: Boolean,
        learns: Boolean,
    ) {
        val editor = EditorInfo()
        editor.inputType = inputType
        editor.imeOptions = imeOptions
        assertEquals(InputPolicy(predicts, learns), InputPolicy.from(editor))
    }

    @Test
    fun `a message is predicted and learned`() {
        check(InputType.TYPE_CLASS_TEXT or InputType.TYPE_TEXT_VARIATION_SHORT_MESSAGE, predicts = true, learns = true)
    }

    @Test
    fun `an incognito field is predicted but not learned`() {
        val incognito = EditorInfo.IME_FLAG_NO_PERSONALIZED_LEARNING
        check(InputType.TYPE_CLASS_TEXT, incognito, predicts = true, learns = false)
    }

    @Test
    fun `passwords are left alone`() {
        check(InputType.TYPE_CLASS_TEXT or InputType.TYPE_TEXT_VARIATION_PASSWORD, predicts = false, learns = false)
        val web = InputType.TYPE_CLASS_TEXT or InputType.TYPE_TEXT_VARIATION_WEB_PASSWORD
        check(web, predicts = false, learns = false)
        check(InputType.TYPE_CLASS_NUMBER or InputType.TYPE_NUMBER_VARIATION_PASSWORD, predicts = false, learns = false)
    }

    @Test
    fun `addresses and numbers are left alone`() {
        check(InputType.TYPE_CLASS_TEXT or InputType.TYPE_TEXT_VARIATION_URI, predicts = false, learns = false)
        check(InputType.TYPE_CLASS_TEXT or InputType.TYPE_TEXT_VARIATION_EMAIL_ADDRESS, predicts = false, learns = false)
        check(InputType.TYPE_CLASS_PHONE, predicts = false, learns = false)
    }

    @Test
    fun `a field that wants no suggestions gets none`() {
        val none = InputType.TYPE_CLASS_TEXT or InputType.TYPE_TEXT_FLAG_NO_SUGGESTIONS
        check(none, predicts = false, learns = false)
    }
}
