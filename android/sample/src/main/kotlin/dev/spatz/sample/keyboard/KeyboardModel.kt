package dev.spatz.sample.keyboard

import dev.spatz.Phrase
import dev.spatz.Suggestions
import dev.spatz.TextInput
import dev.spatz.Touch

/**
 * What the keyboard shows.
 *
 * @property board the keys.
 * @property shift how letters come.
 * @property strip the suggestion strip; null where the field wants none.
 */
data class KeyboardState(
    val board: Board,
    val page: Page,
    val layout: LetterLayout,
    val shift: Shift,
    val strip: Strip?,
)

/**
 * The keyboard in one text field: turns keys into typing and says what to show. All of it runs on one thread.
 *
 * @property onState receives what to show whenever that changes.
 */
class KeyboardModel(
    private val field: TextField,
    private val traits: FieldTraits,
    private val settings: KeyboardSettings,
    engine: WordEngine,
    private val onState: (KeyboardState) -> Unit,
) {
    private val shift = ShiftKey()
    private var page = if (traits.kind == FieldKind.NUMBER) Page.NUMBERS else Page.LETTERS
    private var layout = settings.layouts.first()
    private var strip = Strip.EMPTY
    private var spaceAt: Long? = null
    private val typist = Typist(field, traits, settings.corrects, engine) { strip = it }

    /** Shows the first state. */
    fun begin() {
        typist.begin()
        placeShift()
        publish()
    }

    /** [key] was tapped at [time] (milliseconds on any clock), the finger at [touch]. */
    fun tap(
        key: KeyDef,
        time: Long,
        touch: Touch? = null,
    ) {
        when (key) {
            is KeyDef.Text -> text(if (shift.state == Shift.OFF) key.text else key.shifted, touch)
            is KeyDef.Action -> act(key.action, time)
        }
        spaceAt = time.takeIf { key is KeyDef.Action && key.action == KeyAction.SPACE }
        publish()
    }

    /** [text] was chosen from a long press. */
    fun choose(text: String) {
        text(text, null)
        publish()
    }

    /** A cell of the strip was tapped. */
    fun pick(cell: Cell) {
        typist.pick(cell)
        placeShift()
        publish()
    }

    /** [emoji] was tapped. */
    fun emoji(emoji: String) {
        typist.insert(emoji)
        publish()
    }

    /** The engine's answer to [input]. */
    fun answer(
        input: TextInput,
        suggestions: Suggestions,
        phrase: Phrase? = null,
    ) {
        typist.answer(input, suggestions, phrase)
        publish()
    }

    /** Somebody else moved the cursor or changed the text. */
    fun moved() {
        typist.moved()
        placeShift()
        publish()
    }

    /** The field is left. */
    fun finish() = typist.finish()

    /** Shows [layout], as the system's language switch asks. */
    fun show(layout: LetterLayout) {
        this.layout = layout
        publish()
    }

    private fun text(
        text: String,
        touch: Touch?,
    ) {
        typist.type(text, touch)
        shift.typed()
        placeShift()
    }

    private fun act(
        action: KeyAction,
        time: Long,
    ) {
        when (action) {
            KeyAction.SHIFT -> shift.tap(time)
            KeyAction.DELETE -> typist.backspace()
            KeyAction.ENTER -> typist.enter()
            KeyAction.SPACE -> typist.space(isDoubleTap = spaceAt?.let { time - it <= DOUBLE_SPACE_MILLIS } ?: false)
            KeyAction.LETTERS -> page = Page.LETTERS
            KeyAction.SYMBOLS -> page = Page.SYMBOLS
            KeyAction.MORE_SYMBOLS -> page = Page.MORE_SYMBOLS
            KeyAction.NEXT_LAYOUT -> layout = following(layout)
        }
        // A space behind a symbol leads back to letters: few write two symbols with a space between.
        if (action == KeyAction.SPACE && page != Page.NUMBERS) page = Page.LETTERS
        if (action != KeyAction.SHIFT) placeShift()
    }

    private fun following(layout: LetterLayout): LetterLayout {
        val all = settings.layouts
        return all[(all.indexOf(layout) + 1) % all.size]
    }

    private fun placeShift() {
        if (traits.startsSentences) shift.place(startsSentence(field.textBefore(SENTENCE_END)))
    }

    private fun publish() {
        val strip = strip.takeIf { traits.predicts }
        onState(KeyboardState(board(page, layout, traits.kind), page, layout, shift.state, strip))
    }

    private companion object {
        const val DOUBLE_SPACE_MILLIS = 700

        /** A full stop, a closing quote and some spaces. */
        const val SENTENCE_END = 8
    }
}
