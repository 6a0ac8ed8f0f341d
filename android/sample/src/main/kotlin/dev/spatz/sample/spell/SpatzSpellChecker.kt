package dev.spatz.sample.spell

import android.service.textservice.SpellCheckerService
import android.view.textservice.SentenceSuggestionsInfo
import android.view.textservice.SuggestionsInfo
import android.view.textservice.TextInfo
import dev.spatz.TextPredictor
import dev.spatz.sample.engines
import dev.spatz.sample.settings.SettingsStore
import kotlinx.coroutines.Deferred
import kotlinx.coroutines.runBlocking
import java.util.Locale

/** The system's spell checker: underlines what the predictor would correct. */
class SpatzSpellChecker : SpellCheckerService() {
    override fun createSession(): Session = SpellSession()

    /** A text field's session. The system calls it on a thread of its own and waits, so it may block. */
    inner class SpellSession : Session() {
        private lateinit var predictor: Deferred<TextPredictor>
        private lateinit var check: SpellCheck

        override fun onCreate() {
            val asked = Locale.forLanguageTag(locale.orEmpty().replace('_', '-'))
            // Who types in two languages is not wrong in one of them.
            val languages = SettingsStore(this@SpatzSpellChecker).keyboard.languages + asked.language
            val opened = engines.reader(languages.distinct())
            predictor = opened
            check = SpellCheck(asked) { opened.await().correct(it) }
        }

        override fun onGetSuggestions(
            info: TextInfo,
            limit: Int,
        ): SuggestionsInfo = runBlocking { info(check.word(info.text, context = "", limit), info) }

        override fun onGetSentenceSuggestionsMultiple(
            infos: Array<TextInfo>,
            limit: Int,
        ): Array<SentenceSuggestionsInfo> = runBlocking { infos.map { sentence(it, limit) }.toTypedArray() }

        override fun onClose() {
            engines.close(predictor)
        }

        private suspend fun sentence(
            info: TextInfo,
            limit: Int,
        ): SentenceSuggestionsInfo {
            val words = check.sentence(info.text, limit)
            return SentenceSuggestionsInfo(
                words.map { info(it.verdict, info) }.toTypedArray(),
                words.map { it.start }.toIntArray(),
                words.map { it.length }.toIntArray(),
            )
        }

        private fun info(
            verdict: Verdict,
            asked: TextInfo,
        ): SuggestionsInfo {
            val looksWrong = !verdict.isKnown && verdict.replacements.isNotEmpty()
            var attributes = 0
            if (verdict.isKnown) attributes = attributes or SuggestionsInfo.RESULT_ATTR_IN_THE_DICTIONARY
            if (looksWrong) attributes = attributes or SuggestionsInfo.RESULT_ATTR_LOOKS_LIKE_TYPO
            if (looksWrong &&
                verdict.isSure
            ) {
                attributes = attributes or SuggestionsInfo.RESULT_ATTR_HAS_RECOMMENDED_SUGGESTIONS
            }
            val info = SuggestionsInfo(attributes, verdict.replacements.toTypedArray())
            info.setCookieAndSequence(asked.cookie, asked.sequence)
            return info
        }
    }
}
