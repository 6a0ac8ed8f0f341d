package dev.spatz.sample

import android.app.Application

/** Holds what keyboard, spell checker and screens share. */
class SampleApp : Application() {
    val engines: Engines by lazy { Engines(this) }
}
