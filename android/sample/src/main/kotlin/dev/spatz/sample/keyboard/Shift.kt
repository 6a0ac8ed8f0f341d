package dev.spatz.sample.keyboard

/** Whether letters come as capitals. */
enum class Shift { OFF, ONCE, LOCKED }

/** The shift key: a tap is for one letter, a double tap for all until the next tap. */
class ShiftKey {
    var state: Shift = Shift.OFF
        private set

    private var tappedAt: Long? = null

    /** Whether the state came from the start of a sentence, not from a tap. */
    private var automatic = false

    /** The key was tapped at [time], milliseconds on any clock. */
    fun tap(time: Long) {
        val double = tappedAt?.let { time - it <= DOUBLE_TAP_MILLIS } ?: false
        state =
            when {
                double && state != Shift.LOCKED -> Shift.LOCKED
                state == Shift.OFF -> Shift.ONCE
                else -> Shift.OFF
            }
        tappedAt = if (double) null else time
        automatic = false
    }

    /** A letter was typed. */
    fun typed() {
        if (state == Shift.ONCE) state = Shift.OFF
        tappedAt = null
        automatic = false
    }

    /** The cursor came to stand where a sentence begins, or where none does. */
    fun place(startsSentence: Boolean) {
        when {
            startsSentence && state == Shift.OFF -> {
                state = Shift.ONCE
                automatic = true
            }
            !startsSentence && automatic && state == Shift.ONCE -> {
                state = Shift.OFF
                automatic = false
            }
        }
    }

    /** Another field has the cursor. */
    fun reset() {
        state = Shift.OFF
        tappedAt = null
        automatic = false
    }

    private companion object {
        /** As Android's `ViewConfiguration.getDoubleTapTimeout`. */
        const val DOUBLE_TAP_MILLIS = 300
    }
}
