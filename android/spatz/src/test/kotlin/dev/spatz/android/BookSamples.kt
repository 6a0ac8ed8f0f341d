package dev.spatz.android

import android.app.Activity
import android.content.Context
import android.inputmethodservice.InputMethodService
import android.os.Bundle
import android.text.Editable
import android.text.TextWatcher
import android.view.inputmethod.EditorInfo
import android.widget.EditText
import android.widget.LinearLayout
import android.widget.TextView
import dev.spatz.CommandParser
import dev.spatz.Model
import dev.spatz.Parse
import dev.spatz.TextInput
import dev.spatz.TextPredictor
import kotlinx.coroutines.MainScope
import kotlinx.coroutines.cancel
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.launch

// The Kotlin of docs/book that needs Android, word for word; `tests/book.rs` compares them.

// BOOK
class NoteActivity : Activity() {
    private val scope = MainScope()
    private val typed = MutableStateFlow(TextInput(context = ""))

    override fun onCreate(state: Bundle?) {
        super.onCreate(state)
        val words = TextView(this)
        val field = EditText(this)
        val column = LinearLayout(this).apply { orientation = LinearLayout.VERTICAL }
        column.addView(words)
        column.addView(field)
        setContentView(column)
        field.addTextChangedListener(
            object : TextWatcher {
                override fun afterTextChanged(text: Editable) {
                    val word = text.takeLastWhile { it.isLetter() }.toString()
                    typed.value = TextInput(text.dropLast(word.length).toString(), word)
                }

                override fun beforeTextChanged(text: CharSequence, start: Int, count: Int, after: Int) = Unit

                override fun onTextChanged(text: CharSequence, start: Int, before: Int, count: Int) = Unit
            },
        )
        scope.launch {
            val predictor = Model.fromAsset(this@NoteActivity, "spatz-base.gguf").use { TextPredictor.open(it) }
            predictor.use { keyboard ->
                keyboard.suggestions(typed).collect { strip ->
                    words.text = strip.candidates.joinToString("   ") { it.text }
                }
            }
        }
    }

    override fun onDestroy() {
        scope.cancel()
        super.onDestroy()
    }
}
// BOOK

// BOOK
suspend fun answer(
    context: Context,
    said: String,
): String {
    val yaml = context.assets.open("timer.yaml").bufferedReader().readText()
    return CommandParser.fromYaml("timer.yaml", yaml).use { parser ->
        when (val parse = parser.parse(said)) {
            is Parse.Command -> "${parse.intent}: ${parse.duration("duration")}"
            is Parse.NeedsValue -> parse.prompt
            is Parse.OutOfScope -> "I did not understand that."
        }
    }
}
// BOOK

// BOOK
class NoteKeyboard : InputMethodService() {
    private var policy = InputPolicy(predicts = false, learns = false)

    override fun onStartInput(
        editor: EditorInfo,
        restarting: Boolean,
    ) {
        super.onStartInput(editor, restarting)
        policy = InputPolicy.from(editor)
    }
}
// BOOK
