package dev.spatz

import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.cancel
import kotlinx.coroutines.currentCoroutineContext
import kotlinx.coroutines.flow.asFlow
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.launch
import kotlinx.coroutines.yield
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import kotlin.time.Duration
import kotlin.time.Duration.Companion.seconds
import kotlin.time.measureTime

class TextPredictorTest {
    private val sentence = "I am looking forward to seeing you tomorrow. Wir sehen uns morgen im Park."

    /** A different context for every number, so that each needs a run of the model. */
    private fun boundary(number: Int) = TextInput(context = sentence.take(1 + number % sentence.length) + " $number ")

    private suspend fun keyboard() = TextPredictor.open(Fixtures.model)

    @Test
    fun `completions begin with what is typed`() =
        test {
            keyboard().use { keyboard ->
                val strip = keyboard.suggest(TextInput(context = "Wir sehen uns ", composing = "mor"))
                assertTrue(strip.candidates.size in 1..3, strip.toString())
                assertTrue(strip.candidates.all { it.text.startsWith("mor", ignoreCase = true) }, strip.toString())
                assertEquals(strip.candidates.sortedByDescending { it.score }, strip.candidates)
            }
        }

    @Test
    fun `at a word boundary the next word is predicted`() =
        test {
            keyboard().use { keyboard ->
                val strip = keyboard.suggest(TextInput(context = "I am ", limit = 5))
                assertEquals(5, strip.candidates.map { it.text }.distinct().size)
                assertTrue(strip.candidates.all { it.kind == CandidateKind.PREDICTION }, strip.toString())
            }
        }

    @Test
    fun `a phrase goes on from the letters typed`() =
        test {
            keyboard().use { keyboard ->
                val phrase = keyboard.phrase(TextInput("thanks for ", "yo"))!!
                assertTrue(phrase.text.startsWith("yo") && phrase.text.endsWith(phrase.rest), phrase.toString())
                assertEquals(phrase.text.split(" ").size, phrase.scores.size)
                assertEquals(null, keyboard.phrase(TextInput("", "qqq")))
            }
        }

    @Test
    fun `past the deadline the answer is early and then whole`() =
        test {
            keyboard().use { keyboard ->
                val answers = keyboard.suggestions(listOf(boundary(1)).asFlow(), deadline = Duration.ZERO).toList()
                assertEquals(listOf(true, false), answers.map { it.isEarly })
                assertTrue(answers.all { it.candidates.size == 3 }, answers.toString())
                assertEquals(answers.last(), keyboard.suggest(boundary(1), deadline = 100.seconds))
            }
        }

    @Test
    fun `what was taken back is kept`() =
        test {
            keyboard().use { keyboard ->
                val input = TextInput(context = "I know ", composing = "waht")
                assertEquals("what", keyboard.suggest(input).autocorrection?.text)
                keyboard.reject("waht")
                val strip = keyboard.suggest(input)
                assertEquals(null, strip.autocorrection)
                assertTrue(strip.typedIsKnown, strip.toString())
            }
        }

    @Test
    fun `taps are read by the keys that were set`() =
        test {
            keyboard().use { keyboard ->
                val row = "qwertyuiop".mapIndexed { column, letter -> Key("$letter", 36f * column, 0f, 36f, 54f) }
                val home = "asdfghjkl".mapIndexed { column, letter -> Key("$letter", 36f * column + 9, 54f, 36f, 54f) }
                keyboard.setKeys(row + home + Key("m", 36f * 6 + 27, 108f, 36f, 54f))
                val taps = listOf(Touch(189f, 56f), Touch(305f, 3f), Touch(243f, 105f), Touch(74f, 2f))
                val input = TextInput("I want to go ", "hpme", touches = taps)
                assertEquals("home", keyboard.correct(input).autocorrection?.text)
                assertThrows(SpatzException.InvalidInput::class.java) {
                    test { keyboard.setKeys(listOf(Key("a", 0f, 0f, 0f, 0f))) }
                }
            }
        }

    @Test
    fun `a language that the package lacks is refused`() {
        assertThrows(SpatzException.InvalidInput::class.java) {
            test { TextPredictor.open(Fixtures.model, PredictorOptions(languages = listOf("tlh"))) }
        }
    }

    @Test
    fun `trimming gives memory back and loses nothing`() =
        test {
            keyboard().use { keyboard ->
                val before = keyboard.suggest(TextInput("I am "))
                val held = keyboard.residentBytes()
                keyboard.trim()
                assertTrue(keyboard.residentBytes() < held, "$held bytes before")
                assertEquals(before, keyboard.suggest(TextInput("I am ")))
            }
        }

    @Test
    fun `concurrent calls serialise and the newest wins`() =
        test {
            keyboard().use { keyboard ->
                val outcomes =
                    (1..50).map { async(Dispatchers.Default) { runCatching { keyboard.suggest(boundary(it)) } } }.awaitAll()
                assertTrue(outcomes.any { it.isSuccess })
                val others = outcomes.mapNotNull { it.exceptionOrNull() }
                assertTrue(others.all { it is SupersededException }, others.toString())
            }
        }

    @Test
    fun `a superseded call is a cancellation`() =
        test {
            keyboard().use { keyboard ->
                val older = async { runCatching { keyboard.suggest(boundary(1)) } }
                yield() // the older call is on its way
                keyboard.suggest(boundary(2))
                val outcome = older.await()
                assertTrue(outcome.isSuccess || outcome.exceptionOrNull() is CancellationException, outcome.toString())
            }
        }

    @Test
    fun `cancelling returns at once and the next call works`() =
        test {
            keyboard().use { keyboard ->
                val running = launch(Dispatchers.Default) { keyboard.suggest(boundary(1)) }
                yield()
                val took =
                    measureTime {
                        running.cancel()
                        running.join()
                    }
                println("cancel to return: $took")
                assertTrue(took < 1.seconds, "$took")
                assertEquals(3, keyboard.suggest(TextInput("I am ")).candidates.size)
            }
        }

    @Test
    fun `a call cancelled before it began never runs`() =
        test {
            keyboard().use { keyboard ->
                val job =
                    launch {
                        currentCoroutineContext().cancel()
                        keyboard.suggest(boundary(1))
                        error("a cancelled call must not answer")
                    }
                job.join()
                assertTrue(job.isCancelled)
                assertEquals(3, keyboard.suggest(TextInput("I am ")).candidates.size)
            }
        }

    @Test
    fun `closing during a call ends it as closed`() =
        test {
            // A call that was done before the close could interrupt it has answered: try until one is caught running.
            repeat(20) { attempt ->
                val keyboard = keyboard()
                val running = async(Dispatchers.Default) { runCatching { keyboard.suggest(boundary(attempt)) } }
                yield()
                keyboard.close()
                keyboard.close()
                val outcome = running.await()
                assertTrue(outcome.isSuccess || outcome.exceptionOrNull() is SpatzException.Closed, outcome.toString())
                val after = runCatching { keyboard.suggest(TextInput("I am ")) }
                assertTrue(after.exceptionOrNull() is SpatzException.Closed, after.toString())
            }
        }

    @Test
    fun `ten thousand rapid keystrokes end with the last one's answer`() =
        test {
            keyboard().use { keyboard ->
                val inputs = (1..10_000).map { TextInput("I am ", "looking".take(it % 7 + 1)) }
                val answers = keyboard.suggestions(inputs.asFlow()).toList()
                println("10,000 keystrokes, ${answers.size} answered")
                assertEquals(keyboard.suggest(inputs.last()), answers.last())
            }
        }

    @Test
    fun `ten thousand keystrokes from several threads do no harm`() =
        test {
            keyboard().use { keyboard ->
                (1..4)
                    .map { thread ->
                        launch(Dispatchers.Default) {
                            repeat(2_500) { key ->
                                try {
                                    keyboard.suggest(TextInput("I am ", "looking".take((thread + key) % 7 + 1)))
                                } catch (_: SupersededException) {
                                    // another thread typed
                                }
                            }
                        }
                    }.forEach { it.join() }
                assertEquals(3, keyboard.suggest(TextInput("I am ")).candidates.size)
            }
        }
}
