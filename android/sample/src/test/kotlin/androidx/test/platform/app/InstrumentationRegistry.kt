package androidx.test.platform.app

import android.app.Instrumentation
import android.os.Bundle

/**
 * The classes of `androidx.test` in these folders stand in for Google's, which are in no repository within reach.
 * Robolectric calls these methods of them and no others.
 */
class InstrumentationRegistry private constructor() {
    companion object {
        private var instrumentation: Instrumentation? = null

        @JvmStatic
        fun getInstrumentation(): Instrumentation = checkNotNull(instrumentation)

        @JvmStatic
        @Suppress("UNUSED_PARAMETER")
        fun registerInstance(
            instrumentation: Instrumentation?,
            arguments: Bundle?,
        ) {
            this.instrumentation = instrumentation
        }
    }
}
