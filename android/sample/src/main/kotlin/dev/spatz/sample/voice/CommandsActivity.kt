package dev.spatz.sample.voice

import android.Manifest
import android.app.Activity
import android.content.pm.PackageManager
import android.media.RingtoneManager
import android.os.Bundle
import android.view.View
import android.view.ViewGroup
import android.view.inputmethod.EditorInfo
import android.widget.EditText
import android.widget.ImageButton
import android.widget.TextView
import android.widget.Toast
import dev.spatz.Hypothesis
import dev.spatz.sample.R
import dev.spatz.sample.assistant.AssistantState
import dev.spatz.sample.assistant.Phrases
import dev.spatz.sample.engines
import dev.spatz.sample.setUpHeader
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.MainScope
import kotlinx.coroutines.cancel
import kotlinx.coroutines.delay
import kotlinx.coroutines.launch
import java.time.Clock
import java.time.ZonedDateTime
import java.util.Locale

/** The command screen: says what it understands, value by value, and does it. [Assistant] has the logic. */
class CommandsActivity : Activity() {
    private val scope: CoroutineScope = MainScope()
    private lateinit var session: CommandSession
    private lateinit var home: HomePanel
    private lateinit var transcript: TranscriptView
    private lateinit var input: EditText
    private lateinit var speak: ImageButton
    private lateinit var listening: Listening
    private var isListening = false

    /** The recogniser hears one language at a time; what is typed may be in any. */
    private var speaks = Locale.getDefault().language.takeIf { it == "de" } ?: "en"

    /** Which timers were done at the last look. */
    private var done = emptySet<Int>()

    override fun onCreate(saved: Bundle?) {
        super.onCreate(saved)
        session = retained ?: CommandSession(engines)
        setContentView(R.layout.commands)
        setUpHeader(R.string.commands_title)
        speaks = saved?.getString("speaks") ?: speaks
        addLanguageSwitch()
        input = findViewById(R.id.input)
        speak = findViewById(R.id.speak)
        val root = findViewById<View>(android.R.id.content)
        val phrases = Phrases.of(resources.configuration.locales[0].language)
        home =
            HomePanel(
                root,
                phrases,
                onStop = { timer -> session.change { it.stop(timer.id) } },
                onLamp = { room -> session.change { it.light(setOf(room)) { lamp -> lamp.copy(isOn = !lamp.isOn) } } },
            )
        transcript = TranscriptView(root, ::hear)
        listening = Listening(this, ::onHeard)
        speak.setOnClickListener { toggleListening() }
        input.setOnEditorActionListener {
            _,
            action,
            _,
            ->
            (action == EditorInfo.IME_ACTION_SEND).also { if (it) send() }
        }
        session.onState = ::show
        scope.launch { tick() }
    }

    /** Timers, list and conversation outlive a turn of the phone. */
    @Suppress("OVERRIDE_DEPRECATION")
    override fun onRetainNonConfigurationInstance(): Any = session

    private val retained get() =
        @Suppress("DEPRECATION")
        (lastNonConfigurationInstance as CommandSession?)

    override fun onSaveInstanceState(state: Bundle) {
        super.onSaveInstanceState(state)
        state.putString("speaks", speaks)
    }

    override fun onDestroy() {
        listening.close()
        scope.cancel()
        session.onState = null
        if (!isChangingConfigurations) session.close()
        super.onDestroy()
    }

    override fun onRequestPermissionsResult(
        code: Int,
        permissions: Array<String>,
        results: IntArray,
    ) {
        if (results.firstOrNull() ==
            PackageManager.PERMISSION_GRANTED
        ) {
            listen()
        } else {
            say(getString(R.string.speech_denied))
        }
    }

    private fun addLanguageSwitch() {
        val actions = findViewById<ViewGroup>(R.id.actions)
        val view = layoutInflater.inflate(R.layout.language, actions, false) as TextView

        fun show() {
            view.text = speaks.uppercase()
            view.contentDescription = getString(R.string.say_language, Locale(speaks).displayLanguage)
        }
        view.setOnClickListener {
            speaks = if (speaks == "de") "en" else "de"
            show()
        }
        show()
        actions.addView(view)
    }

    private fun send() {
        val said = input.text.toString().trim()
        if (said.isEmpty()) return
        input.text.clear()
        hear(said)
    }

    private fun hear(said: String) = hear(listOf(Hypothesis(said, 1f)))

    private fun hear(hypotheses: List<Hypothesis>) = session.hear(hypotheses, ZonedDateTime.now(clock))

    private fun toggleListening() {
        when {
            isListening -> listening.stop()
            !listening.isAvailable -> say(getString(R.string.speech_none))
            checkSelfPermission(Manifest.permission.RECORD_AUDIO) == PackageManager.PERMISSION_GRANTED -> listen()
            else -> requestPermissions(arrayOf(Manifest.permission.RECORD_AUDIO), 0)
        }
    }

    private fun listen() {
        if (!listening.isOnDevice) say(getString(R.string.speech_elsewhere))
        listening.start(if (speaks == "de") "de-DE" else "en-US")
        showListening(true)
    }

    private fun onHeard(heard: Heard) {
        when (heard) {
            is Heard.Partial -> input.hint = heard.text
            is Heard.Result -> {
                showListening(false)
                hear(heard.hypotheses)
            }
            is Heard.Failed -> {
                showListening(false)
                say(getString(heard.message, heard.code))
            }
        }
    }

    private fun showListening(now: Boolean) {
        isListening = now
        speak.setBackgroundResource(if (now) R.drawable.round_listening else R.drawable.round)
        speak.contentDescription = getString(if (now) R.string.say_stop else R.string.say_speak)
        showHint()
    }

    private fun showHint() {
        val hint =
            when {
                isListening -> R.string.commands_listening
                session.state.isAsking -> R.string.commands_answer
                else -> R.string.commands_hint
            }
        input.setHint(hint)
    }

    private fun show(state: AssistantState) {
        home.show(state.home, clock.instant())
        transcript.show(state.exchanges)
        showHint()
    }

    private suspend fun tick() {
        while (true) {
            val now = clock.instant()
            val timers = session.state.home.timers
            home.show(session.state.home, now)
            val over = timers.filter { it.isDone(now) }.map { it.id }.toSet()
            if ((over - done).isNotEmpty()) ring()
            done = over
            delay(TICK_MILLIS)
        }
    }

    private fun ring() {
        RingtoneManager.getRingtone(this, RingtoneManager.getDefaultUri(RingtoneManager.TYPE_NOTIFICATION))?.play()
    }

    private fun say(text: String) = Toast.makeText(this, text, Toast.LENGTH_LONG).show()

    companion object {
        private const val TICK_MILLIS = 250L

        /** What time it is. */
        internal var clock: Clock = Clock.systemDefaultZone()
    }
}
