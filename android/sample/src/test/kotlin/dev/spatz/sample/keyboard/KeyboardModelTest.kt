package dev.spatz.sample.keyboard

import org.junit.Assert.assertEquals
import org.junit.Assert.assertNull
import org.junit.Test

class KeyboardModelTest {
    private val field = FakeField()
    private lateinit var state: KeyboardState
    private lateinit var model: KeyboardModel
    private var time = 0L

    private fun start(
        traits: FieldTraits = FieldTraits(),
        settings: KeyboardSettings = KeyboardSettings(),
    ) {
        model = KeyboardModel(field, traits, settings, FakeEngine()) { state = it }
        model.begin()
    }

    private fun tap(
        action: KeyAction,
        after: Long = 1000,
    ) {
        time += after
        model.tap(KeyDef.Action(action), time)
    }

    private fun type(text: String) =
        text.forEach {
            time += 1000
            if (it == ' ') tap(KeyAction.SPACE) else model.tap(KeyDef.Text(it.toString()), time)
        }

    @Test
    fun `sentences begin with a capital`() {
        start()
        type("hallo. wie geht's")
        assertEquals("Hallo. Wie [geht's]|", field.shown)
    }

    @Test
    fun `shift is for one letter and a double tap for all`() {
        start(FieldTraits(startsSentences = false))
        tap(KeyAction.SHIFT)
        type("ab")
        tap(KeyAction.SHIFT)
        tap(KeyAction.SHIFT, after = 100)
        assertEquals(Shift.LOCKED, state.shift)
        type("cd")
        tap(KeyAction.SHIFT)
        type("e")
        assertEquals("[AbCDe]|", field.shown)
    }

    @Test
    fun `two quick spaces are a full stop`() {
        start()
        type("ja ")
        tap(KeyAction.SPACE, after = 200)
        assertEquals("Ja. |", field.shown)
        assertEquals(Shift.ONCE, state.shift)
    }

    @Test
    fun `the globe goes through the layouts and symbols come back after a space`() {
        start()
        assertEquals(LetterLayout.QWERTY, state.layout)
        tap(KeyAction.NEXT_LAYOUT)
        assertEquals(LetterLayout.QWERTZ, state.layout)
        tap(KeyAction.SYMBOLS)
        tap(KeyAction.MORE_SYMBOLS)
        assertEquals(Page.MORE_SYMBOLS, state.page)
        tap(KeyAction.SPACE)
        assertEquals(Page.LETTERS, state.page)
    }

    @Test
    fun `a password field has no strip`() {
        start(FieldTraits(predicts = false, learns = false))
        type("a")
        assertNull(state.strip)
    }

    @Test
    fun `a number field has digits`() {
        start(FieldTraits(FieldKind.NUMBER, predicts = false))
        assertEquals(Page.NUMBERS, state.page)
    }

    @Test
    fun `a long press types into the word`() {
        start(FieldTraits(startsSentences = false))
        type("stra")
        model.choose("ß")
        type("e")
        assertEquals("[straße]|", field.shown)
    }
}
