package dev.spatz.sample

import android.app.Activity
import android.content.Intent
import android.os.Bundle
import android.provider.Settings
import android.view.LayoutInflater
import android.view.ViewGroup
import android.view.inputmethod.InputMethodManager
import android.widget.ImageView
import android.widget.TextView
import dev.spatz.sample.settings.SettingsActivity
import dev.spatz.sample.voice.CommandsActivity
import dev.spatz.sample.words.LearnedWordsActivity

/** The first screen: how to turn the keyboard on, a field to try it in, and the way to everything else. */
class StartActivity : Activity() {
    override fun onCreate(saved: Bundle?) {
        super.onCreate(saved)
        setContentView(R.layout.start)
        setTitle(R.string.app_name)
        val list = findViewById<ViewGroup>(R.id.entries)
        entry(list, R.drawable.ic_keyboard, R.string.start_enable, R.string.start_enable_about) {
            startActivity(Intent(Settings.ACTION_INPUT_METHOD_SETTINGS))
        }
        entry(list, R.drawable.ic_globe, R.string.start_choose, R.string.start_choose_about) {
            getSystemService(InputMethodManager::class.java).showInputMethodPicker()
        }
        entry(
            list,
            R.drawable.ic_mic,
            R.string.commands_title,
            R.string.start_commands_about,
        ) { open<CommandsActivity>() }
        entry(
            list,
            R.drawable.ic_book,
            R.string.words_title,
            R.string.start_words_about,
        ) { open<LearnedWordsActivity>() }
        entry(
            list,
            R.drawable.ic_settings,
            R.string.settings_title,
            R.string.start_settings_about,
        ) { open<SettingsActivity>() }
    }

    private inline fun <reified A : Activity> open() = startActivity(Intent(this, A::class.java))

    private fun entry(
        list: ViewGroup,
        icon: Int,
        title: Int,
        about: Int,
        onTap: () -> Unit,
    ) {
        val view = LayoutInflater.from(this).inflate(R.layout.entry, list, false)
        view.findViewById<ImageView>(R.id.entry_icon).setImageResource(icon)
        view.findViewById<TextView>(R.id.entry_title).setText(title)
        view.findViewById<TextView>(R.id.entry_about).setText(about)
        view.setOnClickListener { onTap() }
        list.addView(view)
    }
}
