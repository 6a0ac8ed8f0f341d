package dev.spatz.sample.voice

import android.view.LayoutInflater
import android.view.View
import android.view.ViewGroup
import android.widget.ImageView
import android.widget.ProgressBar
import android.widget.TextView
import dev.spatz.sample.R
import dev.spatz.sample.assistant.Home
import dev.spatz.sample.assistant.Lamp
import dev.spatz.sample.assistant.Phrases
import dev.spatz.sample.assistant.Room
import dev.spatz.sample.assistant.Timer
import dev.spatz.sample.assistant.clock
import java.time.Instant

/**
 * Timers, shopping list and lamps: what commands act on, and fingers too.
 *
 * @param phrases names of rooms and things, in the app's language.
 * @param onStop a timer's cross was tapped.
 * @param onLamp a lamp was tapped.
 */
class HomePanel(
    root: View,
    private val phrases: Phrases,
    private val onStop: (Timer) -> Unit,
    private val onLamp: (Room) -> Unit,
) {
    private val context = root.context
    private val inflater = LayoutInflater.from(context)
    private val timers = root.findViewById<ViewGroup>(R.id.timers)
    private val items = root.findViewById<TextView>(R.id.items)
    private val lamps: Map<Room, View>

    /** How many timers have a view; none before the first look. */
    private var shown: Int? = null

    init {
        val grid = root.findViewById<ViewGroup>(R.id.lamps)
        lamps =
            Room.entries.associateWith { room ->
                val view = inflater.inflate(R.layout.lamp, grid, false)
                view.setOnClickListener { onLamp(room) }
                grid.addView(view)
                view
            }
    }

    fun show(
        home: Home,
        now: Instant,
    ) {
        home.lamps.forEach { show(lamps.getValue(it.room), it) }
        show(home.timers, now)
        items.setTextAppearance(if (home.items.isEmpty()) R.style.Soft else R.style.Body)
        items.text =
            home.items
                .joinToString(
                    "\n",
                ) { "• ${phrases.item(it)}" }
                .ifEmpty { context.getString(R.string.home_empty_list) }
    }

    private fun show(
        view: View,
        lamp: Lamp,
    ) {
        val state =
            if (lamp.isOn) {
                context.getString(
                    R.string.lamp_on,
                    lamp.brightness,
                )
            } else {
                context.getString(R.string.lamp_off)
            }
        val colour = context.getColor(if (lamp.isOn) R.color.lamp_on_text else R.color.text)
        val room = phrases.room(lamp.room)
        view.setBackgroundResource(if (lamp.isOn) R.drawable.lamp_on else R.drawable.lamp_off)
        view.contentDescription = "$room, $state"
        view.findViewById<ImageView>(R.id.lamp_icon).setColorFilter(colour)
        view.findViewById<TextView>(R.id.lamp_room).run {
            text = room
            setTextColor(colour)
        }
        view.findViewById<TextView>(R.id.lamp_state).run {
            text = state
            setTextColor(if (lamp.isOn) colour else context.getColor(R.color.text_soft))
        }
    }

    private fun show(
        running: List<Timer>,
        now: Instant,
    ) {
        if (running.size != shown) rebuild(running)
        running.forEachIndexed { index, timer -> show(timers.getChildAt(index), timer, now) }
    }

    private fun rebuild(running: List<Timer>) {
        timers.removeAllViews()
        shown = running.size
        if (running.isEmpty()) {
            val none = TextView(context, null, 0, R.style.Soft)
            none.setText(R.string.home_no_timers)
            timers.addView(none)
        }
        running.forEach { _ -> timers.addView(inflater.inflate(R.layout.timer, timers, false)) }
    }

    private fun show(
        view: View,
        timer: Timer,
        now: Instant,
    ) {
        val left = view.findViewById<TextView>(R.id.timer_left)
        val isDone = timer.isDone(now)
        left.text = if (isDone) context.getString(R.string.home_done) else clock(timer.left(now))
        left.setTextColor(context.getColor(if (isDone) R.color.warning else R.color.text))
        view.findViewById<TextView>(R.id.timer_name).text = timer.name.orEmpty()
        view.findViewById<ProgressBar>(R.id.timer_progress).progress =
            (1000 * timer.left(now).toMillis() / timer.length.toMillis().coerceAtLeast(1)).toInt()
        view.findViewById<View>(R.id.timer_stop).setOnClickListener { onStop(timer) }
    }
}
