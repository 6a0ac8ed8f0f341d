package dev.spatz

import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.flow.take
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.launch
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds
import kotlin.time.measureTime

class SessionTest {
    private val short = GenerateOptions(maxTokens = 8, seed = 7)
    private val long = GenerateOptions(maxTokens = 50_000, seed = 7)

    private suspend fun session() = Session.open(Fixtures.model)

    @Test
    fun `the stream's pieces are the whole text`() =
        test {
            session().use { session ->
                val whole = session.complete("I am looking", short)
                assertTrue(whole.isNotEmpty())
                assertEquals(whole, session.completeStream("I am looking", short).toList().joinToString(""))
            }
        }

    @Test
    fun `it says why it ended`() =
        test {
            session().use { session ->
                session.complete("I am looking", GenerateOptions(maxTokens = 1))
                assertEquals(FinishReason.MAX_TOKENS, session.finishReason)
            }
        }

    @Test
    fun `who stops collecting stops the answer`() =
        test {
            session().use { session ->
                session.completeStream("I am looking", long).take(2).toList()
                assertFalse(session.isResponding)
                assertTrue(session.complete("I am looking", short).isNotEmpty())
            }
        }

    @Test
    fun `cancelling the collector stops the answer`() =
        test {
            session().use { session ->
                val collector = launch(Dispatchers.Default) { session.completeStream("I am looking", long).collect {} }
                while (!session.isResponding) delay(1)
                val took = measureTime { collector.cancelAndJoin() }
                println("cancel to return, generating: $took")
                assertTrue(took < 1.seconds, "$took")
                assertTrue(session.complete("I am looking", short).isNotEmpty())
            }
        }

    @Test
    fun `a second question at once is refused`() =
        test {
            session().use { session ->
                val collector = launch { session.completeStream("I am looking", long).collect {} }
                while (!session.isResponding) delay(1)
                assertThrows(SpatzException.SessionBusy::class.java) { test { session.complete("You are", short) } }
                collector.cancelAndJoin()
            }
        }

    @Test
    fun `closing during an answer ends it as closed`() =
        test {
            val session = session()
            val answer = async(Dispatchers.Default) { runCatching { session.complete("I am looking", long) } }
            while (!session.isResponding) delay(1)
            session.close()
            session.close()
            val outcome = answer.await()
            assertTrue(outcome.exceptionOrNull() is SpatzException.Closed, outcome.toString())
        }

    @Test
    fun `the caller's thread stays free`() =
        test {
            session().use { session ->
                val answer = launch { session.completeStream("I am looking", long).collect {} } // on this very thread
                while (!session.isResponding) delay(1)
                val ticks = (1..5).map { measureTime { delay(1) } }
                assertTrue(ticks.min() < 100.milliseconds, ticks.toString())
                answer.cancelAndJoin()
            }
        }

    @Test
    fun `a model without a chat template says so`() {
        assertThrows(SpatzException.ModelUnsupported::class.java) {
            test { session().use { it.respond("Hello", short) } }
        }
    }

    @Test
    fun `an option outside its range is named`() {
        val error =
            assertThrows(SpatzException.InvalidInput::class.java) {
                test { session().use { it.complete("I", GenerateOptions(temperature = -1f)) } }
            }
        assertTrue("temperature" in error.message!!, error.message)
    }

    @Test
    fun `a chat model answers`() =
        test {
            Model.open(Fixtures.chatModelPath()).use { model ->
                Session.open(model, instructions = "Answer in one word.").use { session ->
                    val options = GenerateOptions(temperature = 0f, maxTokens = 16)
                    val answer = session.respond("What is the capital of France?", options)
                    assertTrue("Paris" in answer, answer)
                    assertTrue(session.respondStream("And of Germany?", options).first().isNotEmpty())
                }
            }
        }
}
