package dev.spatz

import dev.spatz.ffi.RustAttached
import dev.spatz.ffi.RustField
import dev.spatz.ffi.RustHealth
import dev.spatz.ffi.RustImported
import dev.spatz.ffi.RustLearnedPage
import dev.spatz.ffi.RustReadOnly
import dev.spatz.ffi.RustSupplementaryWord
import java.time.Instant
import kotlin.io.path.Path

/** Seconds since 1970; times before are that moment. */
internal fun Instant.toFfi() = epochSecond.coerceAtLeast(0).toULong()

internal fun Field.toFfi() =
    when (this) {
        Field.MESSAGE -> RustField.MESSAGE
        Field.PASSWORD -> RustField.PASSWORD
        Field.EMAIL -> RustField.EMAIL
        Field.URL -> RustField.URL
        Field.NUMBER -> RustField.NUMBER
        Field.PRIVATE -> RustField.PRIVATE
    }

internal fun SupplementaryWord.toFfi() = RustSupplementaryWord(text, expansion)

internal fun RustAttached.toPublic() = AttachedFolder(readOnly?.toPublic(), health.toPublic())

private fun RustReadOnly.toPublic() =
    when (this) {
        RustReadOnly.IN_USE -> ReadOnly.IN_USE
        RustReadOnly.NEWER -> ReadOnly.NEWER
        RustReadOnly.REFUSED -> ReadOnly.REFUSED
    }

private fun RustHealth.toPublic() =
    when (this) {
        is RustHealth.Sound -> Health.Sound
        is RustHealth.TailCut -> Health.TailCut(bytes.toLong())
        is RustHealth.Damaged -> Health.Damaged(kept?.let(::Path))
    }

internal fun RustLearnedPage.toPublic() =
    LearnedPage(words.map { LearnedWord(it.text, it.sent.toInt(), it.kept, it.listed) }, total.toInt())

internal fun RustImported.toPublic() = Imported(words.toInt(), leftOut.toInt())
