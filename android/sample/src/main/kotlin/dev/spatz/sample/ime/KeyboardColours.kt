package dev.spatz.sample.ime

import android.content.Context
import android.content.res.Configuration
import dev.spatz.sample.R
import dev.spatz.sample.keyboard.ThemeChoice

/** The keyboard's colours, from the resources of day or night. */
class KeyboardColours(
    context: Context,
) {
    val background = context.getColor(R.color.keyboard_background)
    val key = context.getColor(R.color.key)
    val keyPressed = context.getColor(R.color.key_pressed)
    val keyShadow = context.getColor(R.color.key_shadow)
    val function = context.getColor(R.color.key_function)
    val functionPressed = context.getColor(R.color.key_function_pressed)
    val text = context.getColor(R.color.key_text)
    val hint = context.getColor(R.color.key_hint)
    val accent = context.getColor(R.color.accent)
    val onAccent = context.getColor(R.color.on_accent)
    val divider = context.getColor(R.color.divider)
}

/** This context with the colours of [theme]. */
fun Context.themed(theme: ThemeChoice): Context {
    val night =
        when (theme) {
            ThemeChoice.SYSTEM -> return this
            ThemeChoice.LIGHT -> Configuration.UI_MODE_NIGHT_NO
            ThemeChoice.DARK -> Configuration.UI_MODE_NIGHT_YES
        }
    val configuration = Configuration(resources.configuration)
    configuration.uiMode = configuration.uiMode and Configuration.UI_MODE_NIGHT_MASK.inv() or night
    return createConfigurationContext(configuration)
}
