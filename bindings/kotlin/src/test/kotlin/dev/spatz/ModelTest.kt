package dev.spatz

import com.sun.jna.Function
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.launch
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import java.nio.file.Files
import java.nio.file.Path
import kotlin.io.path.deleteExisting
import kotlin.io.path.fileSize

class ModelTest {
    @Test
    fun `a package says what it is`() =
        test {
            val info = Fixtures.model.info
            assertEquals(Fixtures.modelPath.fileSize(), info.fileBytes)
            assertEquals("llama", info.architecture)
            assertTrue("lexicon" in info.sections, info.toString())
            Fixtures.model.verify()
        }

    @Test
    fun `a missing file is named`() {
        val error = assertThrows(SpatzException.ModelNotFound::class.java) { test { Model.open(Path.of("/no/such.gguf")) } }
        assertTrue("/no/such.gguf" in error.message!!, error.message)
    }

    @Test
    fun `something else is refused`() {
        val file = Files.createTempFile("spatz", ".gguf")
        Files.writeString(file, "This is no model.")
        assertThrows(SpatzException.ModelInvalid::class.java) { test { Model.open(file) } }
        file.deleteExisting()
    }

    @Test
    fun `a package inside another file opens at its offset`() =
        test {
            val archive = Files.createTempFile("spatz", ".zip")
            val offset = 30L // as the local header of a stored ZIP entry leaves it: aligned to nothing
            Files.newOutputStream(archive).use { out ->
                out.write(ByteArray(offset.toInt()))
                Files.copy(Fixtures.modelPath, out)
                out.write(ByteArray(100))
            }
            val model = descriptor(archive) { Model.open(it, offset, Fixtures.modelPath.fileSize()) }
            // The descriptor is closed; the model is still there.
            model.use {
                assertEquals(Fixtures.model.info.parameters, it.info.parameters)
                it.verify()
            }
            archive.deleteExisting()
        }

    @Test
    fun `a wrong descriptor or range is refused`() {
        assertThrows(SpatzException.InvalidInput::class.java) { test { Model.open(-1, 0, 10) } }
        assertThrows(IllegalArgumentException::class.java) { test { Model.open(0, -1, 10) } }
        descriptor(Fixtures.modelPath) { fd ->
            assertThrows(SpatzException::class.java) { test { Model.open(fd, 0, Fixtures.modelPath.fileSize() + 1) } }
        }
    }

    @Test
    fun `closing twice is closing once, and what was made from it goes on`() =
        test {
            val model = Model.open(Fixtures.modelPath)
            TextPredictor.open(model).use { keyboard ->
                model.close()
                model.close()
                assertThrows(SpatzException.Closed::class.java) { test { model.verify() } }
                assertEquals(3, keyboard.suggest(TextInput("I am ")).candidates.size)
            }
        }

    @Test
    fun `a coroutine that no longer waits does not leak a model`() =
        test {
            coroutineScope { repeat(20) { launch { Model.open(Fixtures.modelPath) }.cancelAndJoin() } }
        }

    /** Lends a file descriptor, which the JDK hides and Android's `ParcelFileDescriptor` gives. */
    private inline fun <T> descriptor(
        path: Path,
        use: (Int) -> T,
    ): T {
        val fd = Function.getFunction("c", "open").invokeInt(arrayOf(path.toString(), 0))
        check(fd >= 0)
        try {
            return use(fd)
        } finally {
            Function.getFunction("c", "close").invokeInt(arrayOf(fd))
        }
    }
}
