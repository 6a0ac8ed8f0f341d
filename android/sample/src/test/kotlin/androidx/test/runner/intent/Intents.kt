package androidx.test.runner.intent

import android.app.Instrumentation.ActivityResult
import android.content.Intent

interface IntentMonitor

interface IntentStubber {
    fun getActivityResultForIntent(intent: Intent): ActivityResult?
}

class IntentMonitorRegistry private constructor() {
    companion object {
        @JvmStatic
        fun registerInstance(
            @Suppress("UNUSED_PARAMETER") monitor: IntentMonitor?,
        ) = Unit
    }
}

class IntentStubberRegistry private constructor() {
    companion object {
        @JvmStatic
        fun isLoaded(): Boolean = false

        @JvmStatic
        fun getInstance(): IntentStubber = error("no stubber is loaded")
    }
}
