package dev.spatz.sample.keyboard

import dev.spatz.Phrase
import dev.spatz.Suggestions
import dev.spatz.TextInput
import dev.spatz.Touch

/** What a keyboard wants of the engine; each call returns at once. */
interface WordEngine {
    /** Suggestions for [input] go to [Typist.answer]; an earlier wish is void. */
    fun ask(input: TextInput)

    /** The person has written [message] and sent it, or left the field. */
    fun sent(message: String)

    /** The person took the correction of [typed] back. */
    fun rejected(typed: String)
}

/**
 * Types into [field]: composes words, puts suggestions in their place, keeps the spaces right, mends a word when it
 * ends and takes that back at the next backspace. Knows nothing of keys; all of it runs on one thread and never waits.
 */
class Typist(
    private val field: TextField,
    private val traits: FieldTraits,
    private val corrects: Boolean,
    private val engine: WordEngine,
    private val onStrip: (Strip) -> Unit,
) {
    private var word = ""
    private var touches = emptyList<Touch>()
    private var strip = Strip.EMPTY
    private var asked: TextInput? = null
    private var correction: Correction? = null

    /**
     * Whether the space left of the cursor came with a suggestion: punctuation takes it away, another space is
     * swallowed.
     */
    private var ownsSpace = false
    private val log = MessageLog()

    /** A word that was taken back: it is not mended again, however late the engine hears of it. */
    private var kept: String? = null

    private class Correction(
        val typed: String,
        val word: String,
        val separator: String,
    )

    /** The word being typed. */
    val composing: String get() = word

    /** Begins where the cursor stands. */
    fun begin() {
        resume()
    }

    /** [text] was typed, its key hit at [touch]; null where the hit says nothing, as a long press's. */
    fun type(
        text: String,
        touch: Touch? = null,
    ) {
        correction = null
        if (text.all(::isWordChar) && !(word.isEmpty() && text.none { it.isLetterOrDigit() })) {
            extend(text, touch)
        } else {
            end(text)
        }
    }

    private fun extend(
        text: String,
        touch: Touch?,
    ) {
        if (!traits.predicts) return field.commit(text)
        // A touch a letter, or none at all.
        touches = if (touch != null && touches.size == word.length && text.length == 1) touches + touch else emptyList()
        word += text
        ownsSpace = false
        field.compose(word)
        show(Strip.waiting(word, strip))
        askEngine()
    }

    /** The word ends and [separator] follows. */
    private fun end(separator: String) {
        val closes = separator.length == 1 && separator[0] in CLOSING
        if (word.isEmpty() && closes && ownsSpace && field.textBefore(1) == " ") {
            field.delete(1)
            field.commit("$separator ")
            log.closed(separator)
        } else {
            settle(separator)
            ownsSpace = false
        }
        restart()
    }

    /** Puts the word down for good, mended if it should be. */
    private fun settle(separator: String) {
        val typed = word
        if (typed.isEmpty()) {
            log.separated(separator)
            return field.commit(separator)
        }
        val mended = strip.automatic.takeIf { strip.typed == typed && typed != kept }
        val written = mended ?: typed
        field.commit(written + separator)
        forgetWord()
        if (mended != null) correction = Correction(typed, mended, separator)
        wrote(written, separator)
    }

    fun space(isDoubleTap: Boolean = false) {
        val before = field.textBefore(2)
        val afterWord = before.length == 2 && before[1] == ' ' && before[0].isLetterOrDigit()
        when {
            word.isEmpty() && isDoubleTap && traits.predicts && afterWord -> {
                field.delete(1)
                field.commit(". ")
                correction = null
                restart()
            }
            word.isEmpty() && ownsSpace -> ownsSpace = false
            else -> {
                correction = null
                end(" ")
            }
        }
    }

    fun backspace() {
        val undone = correction
        correction = null
        ownsSpace = false
        when {
            undone != null -> takeBack(undone)
            word.isNotEmpty() -> {
                word = word.dropLast(lastCharLength(word))
                touches = touches.dropLast(1)
                field.compose(word)
                show(Strip.waiting(word, strip))
                askEngine()
            }
            else -> {
                field.delete(lastCharLength(field.textBefore(LONGEST_CHAR)).coerceAtLeast(1))
                resume()
            }
        }
    }

    private fun takeBack(undone: Correction) {
        val written = undone.word + undone.separator
        if (!field.textBefore(written.length).endsWith(written)) return backspace()
        field.delete(written.length)
        word = undone.typed
        log.reopened(undone.word)
        kept = undone.typed
        field.compose(word)
        // Which would make it a word of the person's.
        if (traits.learns) engine.rejected(undone.typed)
        show(Strip.waiting(word, strip))
        askEngine()
    }

    /** A cell of the strip was tapped. */
    fun pick(cell: Cell) {
        field.commit(cell.text + " ")
        forgetWord()
        correction = null
        ownsSpace = true
        wrote(cell.text, " ")
        restart()
    }

    /** Text that is no typing: an emoji. */
    fun insert(text: String) {
        correction = null
        if (word.isNotEmpty()) settle("")
        field.commit(text)
        ownsSpace = false
        restart()
    }

    fun enter() {
        correction = null
        if (traits.isMultiline) return end("\n")
        if (word.isNotEmpty()) settle("")
        field.enter()
        finish()
    }

    /** The field is left, or what was written is sent. */
    fun finish() {
        if (traits.learns && word.isNotEmpty()) log.wrote(word, "")
        forgetWord()
        log.take().takeIf { it.isNotEmpty() }?.let(engine::sent)
    }

    /** The cursor was moved, or the text changed, by somebody else. */
    fun moved() {
        field.finishComposing()
        if (word.isNotEmpty()) wrote(word, " ")
        log.jumped()
        forgetWord()
        correction = null
        ownsSpace = false
        resume()
    }

    /** The engine's answer to [input]; one that a later key has overtaken is dropped. */
    fun answer(
        input: TextInput,
        suggestions: Suggestions,
        phrase: Phrase? = null,
    ) {
        if (input == asked) show(Strip.of(word, suggestions, corrects && word != kept, phrase))
    }

    /** Goes on with the word that the cursor stands behind. */
    private fun resume() {
        if (!traits.predicts) return
        val last = lastWord(field.textBefore(CONTEXT))
        val insideWord = field.charAfter()?.let(::isWordChar) ?: false
        if (last.isNotEmpty() && !insideWord && field.composeLast(last.length)) {
            word = last
            log.reopened(last)
        }
        restart()
    }

    private fun restart() {
        if (!traits.predicts) return
        if (word.isEmpty()) kept = null
        show(Strip.waiting(word, strip))
        askEngine()
    }

    private fun askEngine() {
        val context = field.textBefore(CONTEXT + word.length).dropLast(word.length)
        val input = TextInput(context, word, limit = Strip.CELLS, touches = touches)
        asked = input
        engine.ask(input)
    }

    private fun forgetWord() {
        word = ""
        touches = emptyList()
    }

    private fun wrote(
        written: String,
        separator: String,
    ) {
        if (traits.learns) log.wrote(written, separator)
    }

    private fun show(new: Strip) {
        strip = new
        onStrip(new)
    }

    private companion object {
        /** Characters of context: more than the predictor's 64 tokens look at. */
        const val CONTEXT = 256

        /** A family emoji with skin tones is the longest thing that looks like one character. */
        const val LONGEST_CHAR = 32
    }
}
