package dev.spatz.sample.ime

import android.inputmethodservice.InputMethodService
import android.os.Build
import android.view.View
import android.view.inputmethod.EditorInfo
import android.view.inputmethod.InputMethodManager
import android.view.inputmethod.InputMethodSubtype
import dev.spatz.Phrase
import dev.spatz.Suggestions
import dev.spatz.TextInput
import dev.spatz.Touch
import dev.spatz.sample.R
import dev.spatz.sample.engines
import dev.spatz.sample.keyboard.EmojiRow
import dev.spatz.sample.keyboard.KeyAction
import dev.spatz.sample.keyboard.KeyDef
import dev.spatz.sample.keyboard.KeyboardModel
import dev.spatz.sample.keyboard.KeyboardSettings
import dev.spatz.sample.keyboard.LetterLayout
import dev.spatz.sample.keyboard.WordEngine
import dev.spatz.sample.settings.SettingsStore

/**
 * The keyboard. This class only joins the parts: [KeyboardModel] types, [KeyboardPanel] shows, [Predictions] asks the
 * engine.
 */
class SpatzKeyboard :
    InputMethodService(),
    WordEngine,
    KeyListener {
    private lateinit var store: SettingsStore
    private lateinit var emoji: EmojiRow
    private var settings = KeyboardSettings()
    private var panel: KeyboardPanel? = null
    private var model: KeyboardModel? = null
    private var field: ConnectionField? = null
    private var predictions: Predictions? = null

    override fun onCreate() {
        super.onCreate()
        store = SettingsStore(this)
        emoji = store.emoji
        settings = store.keyboard
        open()
    }

    override fun onCreateInputView(): View {
        val panel = KeyboardPanel(themed(settings.theme), { model?.pick(it) }, ::onEmoji)
        panel.keys.listener = this
        panel.keys.onPlaced = { predictions?.place(it) }
        this.panel = panel
        return panel
    }

    override fun onStartInput(
        editor: EditorInfo,
        restarting: Boolean,
    ) {
        super.onStartInput(editor, restarting)
        model?.finish()
        takeSettings()
        val field = ConnectionField(editor) { currentInputConnection }
        this.field = field
        model = KeyboardModel(field, fieldTraits(editor, settings), settings, this) { panel?.show(it) }
    }

    override fun onStartInputView(
        editor: EditorInfo,
        restarting: Boolean,
    ) {
        super.onStartInputView(editor, restarting)
        panel?.show(emoji.takeIf { settings.showsEmoji })
        panel?.keys?.showEnter(enterIcon(editor))
        model?.begin()
    }

    override fun onFinishInput() {
        super.onFinishInput()
        model?.finish()
        model = null
    }

    override fun onFinishInputView(finishing: Boolean) {
        super.onFinishInputView(finishing)
        predictions?.trim()
    }

    override fun onUpdateSelection(
        oldStart: Int,
        oldEnd: Int,
        start: Int,
        end: Int,
        composingStart: Int,
        composingEnd: Int,
    ) {
        super.onUpdateSelection(oldStart, oldEnd, start, end, composingStart, composingEnd)
        if (field?.movedBySomebody(oldEnd, start, end) == true) model?.moved()
    }

    override fun onCurrentInputMethodSubtypeChanged(subtype: InputMethodSubtype) {
        super.onCurrentInputMethodSubtypeChanged(subtype)
        val isGerman = subtype.languageTag.startsWith("de")
        model?.show(if (isGerman) LetterLayout.QWERTZ else LetterLayout.QWERTY)
    }

    /** A full-screen editor would hide what is being answered. */
    override fun onEvaluateFullscreenMode(): Boolean = false

    override fun onDestroy() {
        super.onDestroy()
        model?.finish()
        predictions?.stop()
    }

    override fun ask(input: TextInput) {
        predictions?.ask(input)
    }

    override fun sent(message: String) = engines.learn(message)

    override fun rejected(typed: String) {
        predictions?.rejected(typed)
    }

    override fun onTap(
        key: KeyDef,
        time: Long,
        touch: Touch?,
    ) {
        val isGlobe = key is KeyDef.Action && key.action == KeyAction.NEXT_LAYOUT
        if (isGlobe && settings.layouts.size == 1) switchKeyboard() else model?.tap(key, time, touch)
    }

    /** With one layout of our own, the globe key goes on to the next keyboard. */
    private fun switchKeyboard() {
        if (Build.VERSION.SDK_INT >= Build.VERSION_CODES.P) switchToNextInputMethod(false) else onHoldGlobe()
    }

    override fun onChoose(text: String) {
        model?.choose(text)
    }

    override fun onHoldGlobe() {
        getSystemService(InputMethodManager::class.java).showInputMethodPicker()
    }

    private fun onEmoji(chosen: String) {
        model?.emoji(chosen)
        emoji = emoji.used(chosen)
        store.emoji = emoji
    }

    private fun answer(
        input: TextInput,
        suggestions: Suggestions,
        phrase: Phrase?,
    ) {
        model?.answer(input, suggestions, phrase)
    }

    /** Settings may have changed while another app was in front. */
    private fun takeSettings() {
        val new = store.keyboard
        if (new == settings) return
        val old = settings
        settings = new
        if (new.languages != old.languages) open()
        if (new.theme != old.theme && panel != null) setInputView(onCreateInputView())
    }

    private fun open() {
        predictions?.stop()
        predictions = Predictions(engines.keyboard(settings.languages), ::answer)
        panel?.keys?.placement?.let { predictions?.place(it) }
    }

    private fun enterIcon(editor: EditorInfo): Int =
        when (editor.enterAction) {
            EditorInfo.IME_ACTION_SEARCH -> R.drawable.ic_search
            EditorInfo.IME_ACTION_SEND, EditorInfo.IME_ACTION_GO -> R.drawable.ic_send
            EditorInfo.IME_ACTION_NEXT -> R.drawable.ic_next
            EditorInfo.IME_ACTION_DONE -> R.drawable.ic_done
            else -> R.drawable.ic_enter
        }
}
