package dev.spatz.sample

import android.graphics.Bitmap
import android.graphics.Canvas
import android.os.Looper
import android.view.View
import org.junit.After
import org.junit.Assert.assertEquals
import org.junit.Before
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import org.robolectric.Shadows.shadowOf
import java.io.File
import java.time.Duration

/** A test on Android's real classes. After each, no call into the engine may have come from the main thread. */
@RunWith(RobolectricTestRunner::class)
abstract class RobolectricTest {
    @Before
    fun countCallsAnew() = EngineThreads.reset()

    @After
    fun theMainThreadNeverCallsTheEngine() = assertEquals(emptyList<String>(), EngineThreads.onMain)

    /** Lets the main thread work, and its clock run, until [condition] holds. */
    fun await(
        what: String,
        seen: () -> Any? = { "" },
        condition: () -> Boolean,
    ) {
        val end = System.nanoTime() + TIMEOUT_NANOS
        while (!condition()) {
            check(System.nanoTime() < end) { "waited in vain: $what ${seen()}" }
            shadowOf(Looper.getMainLooper()).idleFor(STEP)
            Thread.sleep(STEP.toMillis())
        }
        shadowOf(Looper.getMainLooper()).idle()
    }

    /** Draws [view] into `docs/images`-to-be, the folder that the property `photographs` names. */
    fun photograph(
        view: View,
        name: String,
    ) {
        shadowOf(Looper.getMainLooper()).idle()
        val bitmap = Bitmap.createBitmap(view.width, view.height, Bitmap.Config.ARGB_8888)
        view.draw(Canvas(bitmap))
        val folder = File(System.getProperty("photographs")).apply { mkdirs() }
        File(folder, "android-$name.png").outputStream().use { bitmap.compress(Bitmap.CompressFormat.PNG, 100, it) }
    }

    private companion object {
        const val TIMEOUT_NANOS = 60_000_000_000
        val STEP: Duration = Duration.ofMillis(5)
    }
}
