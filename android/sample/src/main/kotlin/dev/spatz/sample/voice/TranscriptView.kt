package dev.spatz.sample.voice

import android.view.LayoutInflater
import android.view.View
import android.view.ViewGroup
import android.widget.ScrollView
import android.widget.TextView
import dev.spatz.sample.R
import dev.spatz.sample.assistant.Exchange
import dev.spatz.sample.assistant.Outcome
import dev.spatz.sample.assistant.ValueRow

/**
 * What was said and what was understood of it, value by value; [onExample] is called with an example that was tapped.
 */
class TranscriptView(
    root: View,
    private val onExample: (String) -> Unit,
) {
    private val scroll = root.findViewById<ScrollView>(R.id.scroll)
    private val list = root.findViewById<ViewGroup>(R.id.transcript)
    private val context = root.context
    private val inflater = LayoutInflater.from(context)
    private var shown = emptyList<Exchange>()

    init {
        showExamples()
    }

    fun show(exchanges: List<Exchange>) {
        if (exchanges == shown) return
        if (shown.isEmpty()) list.removeAllViews()
        exchanges.drop(shown.size).forEach(::add)
        shown = exchanges
        scroll.post { scroll.fullScroll(View.FOCUS_DOWN) }
    }

    private fun showExamples() {
        val title = TextView(context, null, 0, R.style.CardTitle)
        title.setText(R.string.commands_try)
        title.setPadding(title.resources.getDimensionPixelSize(R.dimen.strip_side), 0, 0, 0)
        list.addView(title)
        context.resources.getStringArray(R.array.command_examples).forEach { example ->
            val view = inflate<TextView>(R.layout.example)
            view.text = example
            view.setOnClickListener { onExample(example) }
            list.addView(view)
        }
    }

    private fun add(exchange: Exchange) {
        val said = inflate<TextView>(R.layout.said)
        said.text = exchange.said
        list.addView(said)
        exchange.outcomes.forEach(::add)
    }

    private fun add(outcome: Outcome) {
        val view = inflate<View>(R.layout.understood)
        val intent = view.findViewById<TextView>(R.id.intent)
        val say = view.findViewById<TextView>(R.id.say)
        val values = view.findViewById<ViewGroup>(R.id.values)
        when (outcome) {
            is Outcome.Understood -> {
                intent.text = title(outcome)
                say.text = outcome.say
                val asks = outcome.state == Outcome.State.ASKS || outcome.state == Outcome.State.CONFIRMS
                if (asks) say.setTextColor(context.getColor(R.color.accent))
                outcome.values.forEach { values.addView(row(it, values)) }
            }
            Outcome.Dropped -> say.setText(R.string.commands_dropped)
            Outcome.NotUnderstood -> say.setText(R.string.commands_not_understood)
        }
        if (intent.text.isEmpty()) intent.visibility = View.GONE
        if (values.childCount == 0) values.visibility = View.GONE
        list.addView(view)
    }

    private fun title(outcome: Outcome.Understood): String {
        val percent = (outcome.confidence * 100).toInt()
        val title = context.getString(R.string.commands_confidence, outcome.intent, percent)
        return if (outcome.state ==
            Outcome.State.CORRECTED
        ) {
            context.getString(R.string.commands_corrected, title)
        } else {
            title
        }
    }

    private fun row(
        row: ValueRow,
        parent: ViewGroup,
    ): View {
        val view = inflater.inflate(R.layout.value, parent, false)
        view.findViewById<TextView>(R.id.value_name).text = row.name
        view.findViewById<TextView>(R.id.value).text = row.value
        view.findViewById<TextView>(R.id.value_words).text =
            if (row.words.isEmpty()) row.type else context.getString(R.string.value_words, row.type, row.words)
        return view
    }

    @Suppress("UNCHECKED_CAST")
    private fun <V : View> inflate(layout: Int): V = inflater.inflate(layout, list, false) as V
}
