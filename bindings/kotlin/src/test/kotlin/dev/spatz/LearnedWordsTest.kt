package dev.spatz

import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.launch
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import java.nio.file.Path
import java.time.Instant
import kotlin.io.path.createTempDirectory
import kotlin.io.path.createTempFile
import kotlin.io.path.listDirectoryEntries
import kotlin.io.path.name
import kotlin.io.path.readBytes
import kotlin.io.path.writeText

class LearnedWordsTest {
    private suspend fun keyboard() = TextPredictor.open(Fixtures.model)

    private fun Path.holds(text: String) = listDirectoryEntries().any { text in it.readBytes().toString(Charsets.ISO_8859_1) }

    @Test
    fun `what is forgotten is nowhere in the folder`() =
        test {
            val folder = createTempDirectory()
            keyboard().use { keyboard ->
                keyboard.learned.attach(folder)
                repeat(2) { keyboard.learn("wir sehen uns bei Quaxel") }
                assertTrue(folder.holds("Quaxel"))
                keyboard.learned.forget("quaxel")
                assertTrue(!folder.holds("Quaxel"))
                keyboard.learned.erase()
                assertEquals(listOf("personal.lock"), folder.listDirectoryEntries().map { it.name })
            }
        }

    @Test
    fun `a second keyboard may read, and save once the first is closed`() =
        test {
            val folder = createTempDirectory()
            val first = keyboard()
            first.learned.attach(folder)
            repeat(2) { first.learn("bei Quaxel") }
            keyboard().use { second ->
                assertEquals(AttachedFolder(ReadOnly.IN_USE, Health.Sound), second.learned.attach(folder))
                assertTrue(second.learned.contains("Quaxel"))
                val error = runCatching { second.learned.forget("Quaxel") }.exceptionOrNull()
                assertTrue(error is SpatzException.Storage && "in use" in error.message!!, "$error")
                first.close()
                assertEquals(AttachedFolder(null, Health.Sound), second.learned.attach(folder))
                second.learned.forget("Quaxel")
                assertTrue(!second.learned.contains("Quaxel"))
            }
        }

    @Test
    fun `a damaged file is set aside, and that is said`() =
        test {
            val folder = createTempDirectory()
            folder.resolve("personal.store").writeText("no store")
            keyboard().use { keyboard ->
                val kept = folder.resolve("personal.store.corrupt-1")
                assertEquals(AttachedFolder(null, Health.Damaged(kept)), keyboard.learned.attach(folder))
            }
        }

    @Test
    fun `a list has pages, and times are the caller's`() =
        test {
            keyboard().use { keyboard ->
                val day = Instant.parse("2026-11-29T12:00:00Z")
                keyboard.learn("bei Quaxel mit Zumbelo", at = day)
                keyboard.learned.keep("Fnorbel", at = day.plusSeconds(86_400))
                val page = keyboard.learned.list(offset = 1, limit = 1, ownOnly = true)
                assertEquals(LearnedPage(listOf(LearnedWord("Quaxel", 1, kept = false, listed = false)), total = 3), page)
                keyboard.learned.forgetSince(day.plusSeconds(7_200))
                assertEquals(2, keyboard.learned.list(ownOnly = true).total)
                keyboard.learned.forgetSince(Instant.MIN)
                assertEquals(0, keyboard.learned.list().total)
            }
        }

    @Test
    fun `mistakes are told`() {
        fun <T : SpatzException> check(
            type: Class<T>,
            text: String,
            body: suspend (TextPredictor) -> Unit,
        ) {
            val error = assertThrows(type) { test { keyboard().use { body(it) } } }
            assertTrue(text in error.message!!, error.message)
        }
        check(SpatzException.InvalidInput::class.java, "only a word") { it.learned.keep("two words") }
        check(SpatzException.InvalidInput::class.java, "line 2") { it.learned.import("# Spatz learned words 1\nnonsense") }
        check(SpatzException.Storage::class.java, "cannot open") { it.learned.attach(createTempFile().resolve("below")) }
        check(SpatzException.InvalidInput::class.java, "folder already") {
            repeat(2) { _ -> it.learned.attach(createTempDirectory()) }
        }
        check(SpatzException.Closed::class.java, "closed") {
            it.close()
            it.learn("bei Quaxel")
        }
    }

    @Test
    fun `learning and typing go on side by side`() =
        test {
            val folder = createTempDirectory()
            keyboard().use { keyboard ->
                keyboard.learned.attach(folder)
                val typing =
                    launch(Dispatchers.Default) {
                        repeat(300) { keyboard.suggest(TextInput("I am ", "looking".take(it % 7 + 1))) }
                    }
                (1..4)
                    .map { writer ->
                        launch(Dispatchers.Default) { repeat(50) { keyboard.learn("bei Quaxel$writer mit Zumbelo") } }
                    }.forEach { it.join() }
                typing.join()
            }
            keyboard().use { keyboard ->
                keyboard.learned.attach(folder)
                assertEquals(listOf(LearnedWord("Zumbelo", 200, kept = false, listed = false)), keyboard.learned.list(ownOnly = true).words)
            }
        }
}
