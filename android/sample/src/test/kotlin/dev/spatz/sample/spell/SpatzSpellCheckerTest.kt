package dev.spatz.sample.spell

import android.content.Intent
import android.os.Bundle
import android.view.textservice.SentenceSuggestionsInfo
import android.view.textservice.SuggestionsInfo
import android.view.textservice.TextInfo
import com.android.internal.textservice.ISpellCheckerService
import com.android.internal.textservice.ISpellCheckerServiceCallback
import com.android.internal.textservice.ISpellCheckerSession
import com.android.internal.textservice.ISpellCheckerSessionListener
import dev.spatz.sample.EngineThreads
import dev.spatz.sample.RobolectricTest
import org.junit.After
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertTrue
import org.junit.Test
import org.robolectric.Robolectric
import java.util.concurrent.CompletableFuture
import java.util.concurrent.TimeUnit

/** The spell checker through the binder that the system uses, on a thread that is not the main one. */
class SpatzSpellCheckerTest : RobolectricTest() {
    private val service = Robolectric.setupService(SpatzSpellChecker::class.java)
    private var words = emptyList<SuggestionsInfo>()
    private var sentence: SentenceSuggestionsInfo? = null
    private val session: ISpellCheckerSession = open()

    private fun open(): ISpellCheckerSession {
        val listener =
            object : ISpellCheckerSessionListener.Stub() {
                override fun onGetSuggestions(results: Array<SuggestionsInfo>) {
                    words = results.asList()
                }

                override fun onGetSentenceSuggestions(results: Array<SentenceSuggestionsInfo>) {
                    sentence = results.single()
                }
            }
        val opened = CompletableFuture<ISpellCheckerSession>()
        val callback =
            object : ISpellCheckerServiceCallback.Stub() {
                override fun onSessionCreated(session: ISpellCheckerSession) {
                    opened.complete(session)
                }
            }
        val binder = ISpellCheckerService.Stub.asInterface(service.onBind(Intent()))
        binder.getISpellCheckerSession("en_US", listener, Bundle(), 0, callback)
        return opened.get()
    }

    private fun aside(work: () -> Unit) {
        CompletableFuture.runAsync(work).get(60, TimeUnit.SECONDS)
    }

    private fun check(word: String): SuggestionsInfo {
        aside { session.onGetSuggestionsMultiple(arrayOf(TextInfo(word)), 3, false) }
        return words.single()
    }

    private fun SuggestionsInfo.has(attribute: Int) = suggestionsAttributes and attribute != 0

    private val SuggestionsInfo.words get() = (0 until suggestionsCount).map(::getSuggestionAt)

    @After
    fun close() = session.onClose()

    @Test
    fun `a known word is known and an error has replacements`() {
        val known = check("house")
        assertTrue(known.has(SuggestionsInfo.RESULT_ATTR_IN_THE_DICTIONARY))
        assertFalse(known.has(SuggestionsInfo.RESULT_ATTR_LOOKS_LIKE_TYPO))
        for ((error, meant) in mapOf("hosue" to "house", "teh" to "the", "nciht" to "nicht")) {
            val wrong = check(error)
            assertTrue(error, wrong.has(SuggestionsInfo.RESULT_ATTR_LOOKS_LIKE_TYPO))
            assertFalse(error, wrong.has(SuggestionsInfo.RESULT_ATTR_IN_THE_DICTIONARY))
            assertTrue("$error: ${wrong.words}", wrong.words.any { it.equals(meant, ignoreCase = true) })
        }
        assertTrue(EngineThreads.calls > 0)
    }

    @Test
    fun `every word of a sentence is checked in its place, in both languages`() {
        val text = "Wir sehen uns mogren, mail an a@b.de"
        aside { session.onGetSentenceSuggestionsMultiple(arrayOf(TextInfo(text, 7, 9)), 5) }
        val info = checkNotNull(sentence)
        val words =
            (0 until info.suggestionsCount).map {
                val start = info.getOffsetAt(it)
                text.substring(start, start + info.getLengthAt(it))
            }
        assertEquals(listOf("Wir", "sehen", "uns", "mogren", "mail", "an"), words)
        assertTrue(info.getSuggestionsInfoAt(0).has(SuggestionsInfo.RESULT_ATTR_IN_THE_DICTIONARY))
        val morgen = info.getSuggestionsInfoAt(3)
        assertEquals(7 to 9, morgen.cookie to morgen.sequence)
        assertTrue(morgen.words.toString(), "morgen" in morgen.words)
    }
}
