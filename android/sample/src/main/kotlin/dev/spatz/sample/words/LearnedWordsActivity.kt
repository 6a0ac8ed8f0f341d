package dev.spatz.sample.words

import android.app.Activity
import android.app.AlertDialog
import android.content.Intent
import android.net.Uri
import android.os.Bundle
import android.view.View
import android.view.ViewGroup
import android.widget.TextView
import android.widget.Toast
import dev.spatz.LearnedWord
import dev.spatz.LearnedWords
import dev.spatz.SpatzException
import dev.spatz.sample.R
import dev.spatz.sample.engines
import dev.spatz.sample.setUpHeader
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.MainScope
import kotlinx.coroutines.NonCancellable
import kotlinx.coroutines.cancel
import kotlinx.coroutines.launch
import kotlinx.coroutines.withContext
import java.io.IOException

/** The words that the keyboard has learned and no dictionary has: see, delete, export, erase. */
class LearnedWordsActivity : Activity() {
    private val scope: CoroutineScope = MainScope()

    override fun onCreate(saved: Bundle?) {
        super.onCreate(saved)
        setContentView(R.layout.words)
        setUpHeader(R.string.words_title)
        findViewById<View>(R.id.export).setOnClickListener { askWhere() }
        findViewById<View>(R.id.erase).setOnClickListener { askToErase() }
        onLearned(::list)
    }

    override fun onDestroy() {
        scope.cancel()
        super.onDestroy()
    }

    @Suppress("OVERRIDE_DEPRECATION") // Its successor is in androidx.
    override fun onActivityResult(
        request: Int,
        result: Int,
        data: Intent?,
    ) {
        val target = data?.data ?: return
        if (request != EXPORT || result != RESULT_OK) return
        onLearned { words ->
            val text = words.export()
            withContext(Dispatchers.IO) { write(text, target) }
            say(getString(R.string.words_exported))
        }
    }

    private fun write(
        text: String,
        target: Uri,
    ) {
        val stream = contentResolver.openOutputStream(target) ?: throw IOException(target.toString())
        stream.bufferedWriter().use { it.write(text) }
    }

    /** Does [work] with the learned words, and ends it even if this screen goes. */
    private fun onLearned(work: suspend (LearnedWords) -> Unit) {
        scope.launch {
            try {
                withContext(NonCancellable) { work(engines.learned()) }
            } catch (error: SpatzException) {
                say(getString(R.string.words_failed, error.message))
            } catch (error: IOException) {
                say(getString(R.string.words_failed, error.message))
            }
        }
    }

    private suspend fun list(words: LearnedWords) = show(words.list(ownOnly = true).words)

    private fun show(words: List<LearnedWord>) {
        val list = findViewById<ViewGroup>(R.id.entries)
        list.removeAllViews()
        words.forEach { list.addView(row(it, list)) }
        findViewById<View>(R.id.none).visibility = if (words.isEmpty()) View.VISIBLE else View.GONE
        list.visibility = if (words.isEmpty()) View.GONE else View.VISIBLE
        findViewById<View>(R.id.export).isEnabled = words.isNotEmpty()
        findViewById<View>(R.id.erase).isEnabled = words.isNotEmpty()
    }

    private fun row(
        word: LearnedWord,
        list: ViewGroup,
    ): View {
        val view = layoutInflater.inflate(R.layout.word, list, false)
        view.findViewById<TextView>(R.id.word).text = word.text
        view.findViewById<TextView>(R.id.word_about).text =
            resources.getQuantityString(R.plurals.words_sent, word.sent, word.sent)
        val delete = view.findViewById<View>(R.id.word_delete)
        delete.contentDescription = getString(R.string.words_delete, word.text)
        delete.setOnClickListener {
            onLearned { words ->
                words.forget(word.text)
                list(words)
            }
        }
        return view
    }

    private fun askWhere() {
        val intent =
            Intent(Intent.ACTION_CREATE_DOCUMENT)
                .addCategory(Intent.CATEGORY_OPENABLE)
                .setType("text/plain")
                .putExtra(Intent.EXTRA_TITLE, "spatz-words.txt")
        @Suppress("DEPRECATION") // Its successor is in androidx.
        startActivityForResult(intent, EXPORT)
    }

    private fun askToErase() {
        AlertDialog
            .Builder(this)
            .setMessage(R.string.words_erase_question)
            .setNegativeButton(R.string.words_cancel, null)
            .setPositiveButton(R.string.words_erase_yes) { _, _ ->
                onLearned { words ->
                    words.erase()
                    list(words)
                }
            }.show()
    }

    private fun say(text: String) = Toast.makeText(this, text, Toast.LENGTH_LONG).show()

    private companion object {
        const val EXPORT = 1
    }
}
