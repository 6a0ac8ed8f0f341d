package dev.spatz.sample.settings

import android.app.Activity
import android.os.Bundle
import android.view.LayoutInflater
import android.view.View
import android.view.ViewGroup
import android.widget.CompoundButton
import android.widget.TextView
import dev.spatz.sample.R
import dev.spatz.sample.keyboard.KeyboardSettings
import dev.spatz.sample.keyboard.LetterLayout
import dev.spatz.sample.keyboard.ThemeChoice
import dev.spatz.sample.setUpHeader

/** The keyboard's settings. What is changed holds at the next text field. */
class SettingsActivity : Activity() {
    private lateinit var store: SettingsStore
    private lateinit var list: ViewGroup

    override fun onCreate(saved: Bundle?) {
        super.onCreate(saved)
        setContentView(R.layout.list_screen)
        setUpHeader(R.string.settings_title)
        store = SettingsStore(this)
        list = findViewById(R.id.entries)
        show(store.keyboard)
    }

    private fun show(settings: KeyboardSettings) {
        list.removeAllViews()
        languages(settings)
        layouts(settings)
        typing(settings)
        theme(settings)
    }

    private fun languages(settings: KeyboardSettings) {
        val card = card(R.string.settings_languages)

        fun language(
            code: String,
            name: Int,
        ) = card.check(name, code in settings.languages) { on ->
            change { it.copy(languages = if (on) it.languages + code else it.languages - code) }
        }
        language("en", R.string.settings_english)
        language("de", R.string.settings_german)
    }

    private fun layouts(settings: KeyboardSettings) {
        val card = card(R.string.settings_layouts)

        fun layout(
            layout: LetterLayout,
            name: Int,
        ) = card.check(name, layout in settings.layouts) { on ->
            change {
                it.copy(
                    layouts = (if (on) it.layouts + layout else it.layouts - layout).ifEmpty { listOf(layout) },
                )
            }
            show(store.keyboard)
        }
        layout(LetterLayout.QWERTY, R.string.settings_qwerty)
        layout(LetterLayout.QWERTZ, R.string.settings_qwertz)
    }

    private fun typing(settings: KeyboardSettings) {
        val card = card(R.string.settings_typing)
        card.switch(R.string.settings_corrects, R.string.settings_corrects_about, settings.corrects) { on ->
            change { it.copy(corrects = on) }
        }
        card.switch(R.string.settings_learns, R.string.settings_learns_about, settings.learns) { on ->
            change { it.copy(learns = on) }
        }
        card.switch(R.string.settings_emoji, R.string.settings_emoji_about, settings.showsEmoji) { on ->
            change { it.copy(showsEmoji = on) }
        }
    }

    private fun theme(settings: KeyboardSettings) {
        val card = card(R.string.settings_theme)

        fun theme(
            theme: ThemeChoice,
            name: Int,
        ) = card.row(R.layout.choice, name, theme == settings.theme) {
            change { it.copy(theme = theme) }
            show(store.keyboard)
        }
        theme(ThemeChoice.SYSTEM, R.string.settings_system)
        theme(ThemeChoice.LIGHT, R.string.settings_light)
        theme(ThemeChoice.DARK, R.string.settings_dark)
    }

    private fun change(change: (KeyboardSettings) -> KeyboardSettings) {
        store.keyboard = change(store.keyboard)
    }

    private fun card(title: Int): ViewGroup {
        val card = LayoutInflater.from(this).inflate(R.layout.section, list, false) as ViewGroup
        card.findViewById<TextView>(R.id.section_title).setText(title)
        list.addView(card)
        return card.findViewById(R.id.section_rows)
    }

    private fun ViewGroup.check(
        title: Int,
        isChecked: Boolean,
        onChange: (Boolean) -> Unit,
    ) = row(R.layout.check, title, isChecked, onChange)

    private fun ViewGroup.switch(
        title: Int,
        about: Int,
        isChecked: Boolean,
        onChange: (Boolean) -> Unit,
    ) {
        val view = row(R.layout.switch_row, title, isChecked, onChange)
        view.findViewById<TextView>(R.id.row_about).setText(about)
    }

    private fun ViewGroup.row(
        layout: Int,
        title: Int,
        isChecked: Boolean,
        onChange: (Boolean) -> Unit,
    ): View {
        val view = LayoutInflater.from(context).inflate(layout, this, false)
        view.findViewById<TextView>(R.id.row_title).setText(title)
        val button = view.findViewById<CompoundButton>(R.id.row_button)
        button.isChecked = isChecked
        button.setOnCheckedChangeListener { _, on -> onChange(on) }
        view.setOnClickListener { button.toggle() }
        addView(view)
        return view
    }
}
