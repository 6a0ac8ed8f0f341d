package dev.spatz

import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.launch
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import java.lang.ref.WeakReference
import java.nio.file.Files
import java.nio.file.Path
import kotlin.concurrent.thread
import kotlin.time.Duration.Companion.minutes

/** Who frees what, when, and on which thread. */
class LifetimeTest {
    private val sentence = TextInput("I am looking forward to seeing you ")

    @Test
    fun `a thousand open and close cycles leave no memory behind`() =
        test {
            val looks = mutableListOf<Long>()
            repeat(1_000) { cycle ->
                Model.open(Fixtures.modelPath).use { model ->
                    TextPredictor.open(model).use { keyboard ->
                        // Running the model takes most of the time, and every twentieth shows a leak as well.
                        if (cycle % 20 == 0) keyboard.suggest(TextInput("I am ", "h"))
                    }
                }
                // In the first few hundred the allocator fills what it keeps for each thread.
                if (cycle >= 300 && cycle % 50 == 0) looks += residentKilobytes()
            }
            val grown = looks.takeLast(4).min() - looks.take(4).min()
            println("1,000 open and close cycles: $grown KB more resident memory")
            assertTrue(grown < 8 * 1024, "$grown KB")
        }

    @Test
    fun `what is forgotten is freed by the collector, on its thread`() =
        test {
            val held = keyboard().use { it.residentBytes() } / 1024
            // The allocator keeps some of what was freed for each thread, so that the first rounds show nothing.
            val looks = (0..6).map { forgetTwenty() }
            println("20 keyboards of $held KB forgotten, seven times: $looks KB of resident memory")
            assertTrue(looks[6] - looks[3] < 60 * held / 2, "$looks KB, of $held KB each")
        }

    private suspend fun forgetTwenty(): Long {
        val forgotten = (1..20).map { WeakReference(keyboard()) }
        while (forgotten.any { it.get() != null }) {
            System.gc()
            delay(10)
        }
        // The collector has let go of the objects; the cleaner's thread now frees what they stood for.
        delay(500)
        return residentKilobytes()
    }

    @Test
    fun `a call keeps what it needs alive until it answers`() =
        test {
            val running = async(Dispatchers.Default) { TextPredictor.open(Fixtures.model).suggest(sentence) }
            while (running.isActive) {
                System.gc()
                delay(1)
            }
            assertEquals(3, running.await().candidates.size)
        }

    @Test
    fun `closing on a foreign thread during calls of several ends them all`() =
        test {
            val keyboard = keyboard()
            val calls =
                (1..20).map { async(Dispatchers.Default) { runCatching { keyboard.suggest(TextInput("Number $it is ")) } } }
            thread { keyboard.close() }.join()
            val errors = calls.awaitAll().mapNotNull { it.exceptionOrNull() }
            assertTrue(errors.all { it is SupersededException || it is SpatzException.Closed }, errors.toString())
            assertTrue(runCatching { keyboard.suggest(sentence) }.exceptionOrNull() is SpatzException.Closed)
        }

    @Test
    fun `closing on a foreign thread ends an answer`() =
        test {
            val session = Session.open(Fixtures.model)
            val answer = async(Dispatchers.Default) { runCatching { session.complete("I am", GenerateOptions(maxTokens = 50_000)) } }
            while (!session.isResponding) delay(1)
            thread { session.close() }.join()
            assertTrue(answer.await().exceptionOrNull() is SpatzException.Closed)
            assertFalse(session.isResponding)
        }

    @Test
    fun `commands of many threads are understood until their parser is closed`() =
        test {
            val yaml = "language: en\nintents:\n  StartTimer: [\"start a timer for {duration:length}\"]"
            val parser = CommandParser.fromYaml("timers.yaml", yaml)
            val calls =
                (1..400).map { async(Dispatchers.Default) { runCatching { parser.parse("start a timer for $it minutes") } } }
            val first = calls.take(100).awaitAll().map { (it.getOrThrow() as Parse.Command).duration("length") }
            assertEquals((1..100).map { it.minutes }, first)
            launch { parser.parse("start a timer for 1 minute") }.cancel()
            thread {
                parser.close()
                parser.close()
            }.join()
            val errors = calls.awaitAll().mapNotNull { it.exceptionOrNull() }
            assertTrue(errors.all { it is SpatzException.Closed }, errors.toString())
            assertTrue(runCatching { parser.parse("what is love") }.exceptionOrNull() is SpatzException.Closed)
        }

    @Test
    fun `an answer that is left half way frees its session`() =
        test {
            Session.open(Fixtures.model).use { session ->
                session.completeStream("I am", GenerateOptions(maxTokens = 50_000)).first()
                assertFalse(session.isResponding)
                assertTrue(session.complete("You are", GenerateOptions(maxTokens = 4)).isNotEmpty())
            }
        }

    @Test
    fun `cancelling what is done does nothing`() =
        test {
            keyboard().use { keyboard ->
                var answer: Suggestions? = null
                val done = launch { answer = keyboard.suggest(sentence) }
                done.join()
                done.cancel()
                assertEquals(answer, keyboard.suggest(sentence))
            }
        }

    /** One that has run, so that it holds memory. */
    private suspend fun keyboard() = TextPredictor.open(Fixtures.model).also { it.suggest(sentence) }

    /** Anonymous memory of this process. */
    private fun residentKilobytes(): Long {
        System.gc()
        val line = Files.readAllLines(Path.of("/proc/self/status")).first { it.startsWith("RssAnon:") }
        return line.filter(Char::isDigit).toLong()
    }
}
