package dev.spatz.sample.keyboard

import dev.spatz.Candidate
import dev.spatz.CandidateKind
import dev.spatz.Suggestions
import dev.spatz.TextInput

/** A text field of one cursor, without Android. */
class FakeField(
    text: String = "",
) : TextField {
    private val content = StringBuilder(text)
    private var composing = 0
    var cursor = text.length
    var sent = 0

    /** The text, the composing part in brackets, the cursor as a bar. */
    val shown: String
        get() {
            val shown = StringBuilder(content).insert(cursor, if (composing > 0) "]|" else "|")
            return (if (composing > 0) shown.insert(cursor - composing, "[") else shown).toString()
        }

    override fun textBefore(limit: Int) = content.substring(0, cursor).takeLast(limit)

    override fun charAfter() = content.getOrNull(cursor)

    override fun compose(text: String) {
        commit(text)
        composing = text.length
    }

    override fun composeLast(length: Int): Boolean {
        composing = length
        return true
    }

    override fun commit(text: String) {
        content.replace(cursor - composing, cursor, text)
        cursor += text.length - composing
        composing = 0
    }

    override fun finishComposing() {
        composing = 0
    }

    override fun delete(length: Int) {
        val start = (cursor - length).coerceAtLeast(0)
        content.delete(start, cursor)
        cursor = start
    }

    override fun enter() {
        sent++
    }
}

/** An engine that says what the test says. */
class FakeEngine : WordEngine {
    val asked = mutableListOf<TextInput>()
    val sent = mutableListOf<String>()
    val rejected = mutableListOf<String>()

    override fun ask(input: TextInput) {
        asked += input
    }

    override fun sent(message: String) {
        sent += message
    }

    override fun rejected(typed: String) {
        rejected += typed
    }
}

fun suggestions(
    vararg words: String,
    autocorrection: String? = null,
) = Suggestions(
    words.map { Candidate(it, -1f, CandidateKind.COMPLETION) },
    typedIsKnown = autocorrection == null,
    autocorrection = autocorrection?.let { Candidate(it, -1f, CandidateKind.CORRECTION) },
)
