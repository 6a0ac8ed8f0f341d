package dev.spatz.sample

import android.os.Looper
import org.robolectric.annotation.Implementation
import org.robolectric.annotation.Implements
import org.robolectric.shadow.api.Shadow
import org.robolectric.util.ReflectionHelpers.ClassParameter.from
import java.util.concurrent.CopyOnWriteArrayList
import java.util.concurrent.atomic.AtomicInteger

/**
 * The main-thread guard: stands where every call into the engine ends (the generated layer checks its status there) and
 * notes which thread made it. In force in all tests of this module, by `robolectric.properties`.
 */
@Implements(className = "dev.spatz.ffi.Spatz_bindingsKt", isInAndroidSdk = false, looseSignatures = true)
class EngineThreads {
    companion object {
        private const val FFI = "dev.spatz.ffi."
        private val count = AtomicInteger()
        private val offences = CopyOnWriteArrayList<String>()

        /** Calls into the engine since the test began. */
        val calls: Int get() = count.get()

        /** Where the main thread called the engine. */
        val onMain: List<String> get() = offences

        @JvmStatic
        @Implementation
        fun uniffiCheckCallStatus(
            handler: Any?,
            status: Any?,
        ) {
            count.incrementAndGet()
            if (Looper.getMainLooper().thread == Thread.currentThread()) offences += Throwable().stackTraceToString()
            val layer = Class.forName(FFI + "Spatz_bindingsKt")
            try {
                Shadow.directlyOn<Unit, Any>(
                    @Suppress("UNCHECKED_CAST") (layer as Class<Any>),
                    "uniffiCheckCallStatus",
                    from(type("UniffiRustCallStatusErrorHandler"), handler),
                    from(type("UniffiRustCallStatus"), status),
                )
            } catch (error: RuntimeException) {
                throw error.cause?.takeIf { it.javaClass.name.startsWith(FFI) } ?: error
            }
        }

        @Suppress("UNCHECKED_CAST")
        private fun type(name: String) = Class.forName(FFI + name) as Class<Any>

        /** Forgets the calls so far. */
        fun reset() {
            count.set(0)
            offences.clear()
        }
    }
}
