package dev.spatz

import dev.spatz.ffi.RustTextPredictor
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.async
import kotlinx.coroutines.cancel
import kotlinx.coroutines.currentCoroutineContext
import kotlinx.coroutines.launch
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Test
import java.util.concurrent.CountDownLatch

class LaneTest {
    @Test
    fun `a cancelled coroutine, which may come after the next one, ends no other`() =
        test {
            val lane = Lane()
            val begun = CompletableDeferred<Unit>()
            val mayGoOn = CountDownLatch(1)
            RustTextPredictor(Fixtures.model.ffi, PredictorOptions().toFfi()).use { engine ->
                val newest =
                    async {
                        lane.callNewest { token ->
                            begun.complete(Unit)
                            mayGoOn.await()
                            engine.suggest(TextInput("I am ").toFfi(), null, token)
                        }
                    }
                begun.await()
                launch {
                    currentCoroutineContext().cancel()
                    lane.callNewest { }
                }.join()
                mayGoOn.countDown()
                assertEquals(3, newest.await().candidates.size)
            }
        }
}
