package dev.spatz

import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeout
import org.junit.jupiter.api.Assumptions.assumeTrue
import org.junit.jupiter.api.Assertions.assertTrue
import java.nio.file.Files
import java.nio.file.Path
import kotlin.time.Duration.Companion.minutes

/** What the tests run on; `cargo xtask kotlin` passes the paths. */
object Fixtures {
    val modelPath: Path = existing("spatz.model")
    val encoderPath: Path = existing("spatz.encoder")
    val vectors: Path = existing("spatz.vectors")
    val commands: Path = existing("spatz.commands")

    /** One mapping for the whole suite: opening is tested where it is the subject. */
    val model: Model by lazy { runBlocking { Model.open(modelPath) } }

    /** A chat model, if this machine has one; CI must. */
    fun chatModelPath(): Path {
        val path = System.getProperty("spatz.chat.model").orEmpty()
        if (path.isEmpty()) {
            println("skipped: no chat model; `spatz models get smollm2-135m-instruct` installs one")
            assertTrue(System.getenv("CI") == null, "CI must have a chat model")
        }
        assumeTrue(path.isNotEmpty(), "no chat model")
        return Path.of(path)
    }

    private fun existing(property: String): Path {
        val path = Path.of(checkNotNull(System.getProperty(property)) { "run the tests with `cargo xtask kotlin`" })
        check(Files.exists(path)) { "$property: there is no $path" }
        return path
    }
}

/** Runs a test on a thread that must never block, and not for ever. */
fun test(body: suspend CoroutineScope.() -> Unit): Unit = runBlocking { withTimeout(2.minutes) { body() } }
