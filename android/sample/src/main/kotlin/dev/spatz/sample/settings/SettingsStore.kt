package dev.spatz.sample.settings

import android.content.Context
import dev.spatz.sample.keyboard.EmojiRow
import dev.spatz.sample.keyboard.KeyboardSettings
import dev.spatz.sample.keyboard.LetterLayout
import dev.spatz.sample.keyboard.ThemeChoice

/** Keeps [KeyboardSettings] in the app's preferences. */
class SettingsStore(
    context: Context,
) {
    private val preferences = context.getSharedPreferences("keyboard", Context.MODE_PRIVATE)

    var keyboard: KeyboardSettings
        get() {
            val default = KeyboardSettings()
            return KeyboardSettings(
                languages = list("languages") ?: default.languages,
                layouts = list("layouts")?.mapNotNull(::layout)?.ifEmpty { null } ?: default.layouts,
                corrects = preferences.getBoolean("corrects", default.corrects),
                learns = preferences.getBoolean("learns", default.learns),
                showsEmoji = preferences.getBoolean("emoji", default.showsEmoji),
                theme =
                    ThemeChoice.entries.firstOrNull {
                        it.name ==
                            preferences.getString(
                                "theme",
                                null,
                            )
                    } ?: default.theme,
            )
        }
        set(value) {
            preferences
                .edit()
                .putString("languages", value.languages.joinToString(","))
                .putString("layouts", value.layouts.joinToString(",") { it.name })
                .putBoolean("corrects", value.corrects)
                .putBoolean("learns", value.learns)
                .putBoolean("emoji", value.showsEmoji)
                .putString("theme", value.theme.name)
                .apply()
        }

    var emoji: EmojiRow
        get() = EmojiRow.restore(preferences.getString("recent emoji", null).orEmpty())
        set(value) = preferences.edit().putString("recent emoji", value.save()).apply()

    private fun list(name: String) = preferences.getString(name, null)?.split(",")?.filter { it.isNotEmpty() }

    private fun layout(name: String) = LetterLayout.entries.firstOrNull { it.name == name }
}
