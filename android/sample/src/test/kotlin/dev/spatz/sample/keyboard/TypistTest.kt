package dev.spatz.sample.keyboard

import dev.spatz.Phrase
import org.junit.Assert.assertEquals
import org.junit.Test

class TypistTest {
    private val engine = FakeEngine()
    private var strip = Strip.EMPTY
    private lateinit var field: FakeField
    private lateinit var typist: Typist

    private fun start(
        text: String = "",
        traits: FieldTraits = FieldTraits(),
        corrects: Boolean = true,
    ) {
        field = FakeField(text)
        typist = Typist(field, traits, corrects, engine) { strip = it }
        typist.begin()
    }

    private fun type(keys: String) =
        keys.forEach {
            when (it) {
                ' ' -> typist.space()
                '<' -> typist.backspace()
                '\n' -> typist.enter()
                else -> typist.type(it.toString())
            }
        }

    private fun answer(
        vararg words: String,
        autocorrection: String? = null,
    ) = typist.answer(engine.asked.last(), suggestions(*words, autocorrection = autocorrection))

    private fun check(expected: String) = assertEquals(expected, field.shown)

    @Test
    fun `letters compose a word and a space ends it`() {
        start()
        type("hallo")
        check("[hallo]|")
        type(" du")
        check("hallo [du]|")
    }

    @Test
    fun `the engine hears context and word`() {
        start("Wir sehen uns ")
        type("mor")
        assertEquals("Wir sehen uns " to "mor", engine.asked.last().run { context to composing })
    }

    @Test
    fun `a suggestion takes the word's place and brings a space`() {
        start("Wir sehen uns ")
        type("mor")
        answer("morgen", "mort")
        assertEquals(listOf("mor", "morgen", "mort"), strip.cells.map { it.text })
        typist.pick(strip.cells[1])
        check("Wir sehen uns morgen |")
    }

    @Test
    fun `a phrase has the last cell and is taken as a whole`() {
        start("Wir ")
        val phrase = Phrase("sehen uns", "sehen uns", listOf(-0.1f, -0.2f))
        typist.answer(engine.asked.last(), suggestions("sind", "haben", "sehen"), phrase)
        assertEquals(listOf("sind", "haben", "sehen uns"), strip.cells.map { it.text })
        typist.pick(strip.cells.last())
        check("Wir sehen uns |")
    }

    @Test
    fun `a phrase of one word is in the strip already`() {
        start("Wir ")
        typist.answer(engine.asked.last(), suggestions("a", "b", "c"), Phrase("a", "a", listOf(-0.1f)))
        assertEquals(listOf("a", "b", "c"), strip.cells.map { it.text })
    }

    @Test
    fun `the literal text is always the first cell`() {
        start()
        type("xqz")
        assertEquals(Cell("xqz", isLiteral = true), strip.cells.first())
        answer("a", "b", "c", autocorrection = "d")
        assertEquals(listOf("xqz", "d", "a"), strip.cells.map { it.text })
        typist.pick(strip.cells.first())
        check("xqz |")
    }

    @Test
    fun `punctuation takes a suggestion's space away and a space then is swallowed`() {
        start()
        type("mor")
        answer("morgen")
        typist.pick(strip.cells[1])
        type(".")
        check("morgen. |")
        start()
        type("mor")
        answer("morgen")
        typist.pick(strip.cells[1])
        type(" ")
        check("morgen |")
        type(" ")
        check("morgen  |")
    }

    @Test
    fun `a word is mended when it ends and backspace takes that back`() {
        start()
        type("teh")
        answer("tehran", autocorrection = "the")
        type(" ")
        check("the |")
        type("<")
        check("[teh]|")
        assertEquals(listOf("teh"), engine.rejected)
        answer(autocorrection = "the")
        type(" ")
        check("teh |")
    }

    @Test
    fun `a correction that comes too late does nothing`() {
        start()
        type("teh")
        val late = engine.asked.last()
        type("e")
        typist.answer(late, suggestions(autocorrection = "the"))
        type(" ")
        check("tehe |")
    }

    @Test
    fun `nothing is mended unasked where that is switched off`() {
        start(corrects = false)
        type("teh")
        answer(autocorrection = "the")
        type(" ")
        check("teh |")
    }

    @Test
    fun `two spaces end a sentence, but not behind punctuation`() {
        start()
        type("ja ")
        typist.space(isDoubleTap = true)
        check("ja. |")
        typist.space(isDoubleTap = true)
        check("ja.  |")
    }

    @Test
    fun `backspace goes back into the word before`() {
        start("Guten Morgen ")
        type("<")
        check("Guten [Morgen]|")
        type("<<")
        check("Guten [Morg]|")
    }

    @Test
    fun `backspace deletes an emoji whole`() {
        start()
        typist.insert("👍")
        type("<")
        check("|")
    }

    @Test
    fun `an apostrophe is part of a word but begins none`() {
        start()
        type("don't")
        check("[don't]|")
        type(" 'ja")
        check("don't '[ja]|")
    }

    @Test
    fun `a moved cursor resumes the word it stands behind`() {
        start("guten morgen")
        field.cursor = 5
        typist.moved()
        check("[guten]| morgen")
        field.cursor = 3
        typist.moved()
        check("gut|en morgen")
    }

    @Test
    fun `a password is typed letter by letter and nobody is asked`() {
        start(traits = FieldTraits(predicts = false, learns = false, isMultiline = false))
        type("ge heim\n")
        check("ge heim|")
        assertEquals(1, field.sent)
        typist.finish()
        assertEquals(emptyList<Any>(), engine.asked + engine.sent)
    }

    @Test
    fun `what was written is learned when it is sent`() {
        start("alt ", FieldTraits(isMultiline = false))
        type("Bis spater")
        answer(autocorrection = "später")
        type("! Servus\n")
        assertEquals(listOf("Bis später! Servus"), engine.sent)
    }

    @Test
    fun `what was deleted is not learned`() {
        start()
        type("geheim <<<<<<<nein ")
        typist.finish()
        assertEquals(listOf("nein"), engine.sent)
    }

    @Test
    fun `a private field is predicted and not learned`() {
        start(traits = FieldTraits(learns = false))
        type("teh")
        answer(autocorrection = "the")
        type(" <<<<hallo ")
        typist.finish()
        assertEquals(emptyList<String>(), engine.sent + engine.rejected)
        assertEquals("hallo ", engine.asked.last().context)
    }

    @Test
    fun `touches go along until a long press breaks the row`() {
        start()
        typist.type("h", dev.spatz.Touch(1f, 2f))
        typist.type("i", dev.spatz.Touch(3f, 2f))
        assertEquals(
            2,
            engine.asked
                .last()
                .touches.size,
        )
        typist.type("ß")
        assertEquals(
            0,
            engine.asked
                .last()
                .touches.size,
        )
    }
}
