package dev.spatz

import dev.spatz.ffi.RustLearnedQuery
import dev.spatz.ffi.RustTextPredictor
import java.nio.file.Path
import java.time.Instant
import kotlin.io.path.absolutePathString

/**
 * What a [TextPredictor] learned of the person who types: see it, keep and forget words, carry it to another phone.
 *
 * **Learned** are words and which followed which, up to three in a row, as counts in which older messages weigh less. A
 * word that no list knows is offered once it was sent in two messages. **Not learned** are texts, numbers, addresses,
 * words with digits in them, and anything from a field other than [Field.MESSAGE].
 *
 * It lies in the folder given to [attach] and nowhere else: keep that folder out of backups to a cloud if the person's
 * words must not leave the phone. Nothing of it is encrypted by Spatz; on Android, `context.filesDir` is, once the
 * screen was unlocked after a start, and `createDeviceProtectedStorageContext()` already before.
 *
 * ```kotlin
 * keyboard.learned.attach(context.filesDir.toPath() / "learned")
 * keyboard.learn("Wir sehen uns im Kiez", Field.MESSAGE)
 * keyboard.learned.forget("Kiez")
 * ```
 */
public class LearnedWords internal constructor(
    private val ffi: RustTextPredictor,
) {
    // What is saved waits for the disk; keystrokes, on their own lane, do not.
    private val lane = Lane()

    /**
     * Keeps what is learned in [folder], which is made if it is missing and belongs to Spatz alone. It may be attached
     * at any time, such as when the phone is unlocked for the first time; what was learned before is added.
     *
     * One predictor at a time can save there. For another the folder is read-only (see [AttachedFolder.readOnly]), and
     * may be attached again to read what is there by now.
     *
     * @throws SpatzException.Storage if the folder cannot be read; it may be tried again.
     * @throws SpatzException.InvalidInput if another one is attached already.
     */
    public suspend fun attach(folder: Path): AttachedFolder =
        lane.call { ffi.attachStore(folder.absolutePathString()).toPublic() }

    /**
     * Keeps [word] by hand, so that it is known and offered at once; also one that was forgotten.
     *
     * @throws SpatzException.InvalidInput if it is no word.
     * @throws SpatzException.Storage if it cannot be saved.
     */
    public suspend fun keep(
        word: String,
        at: Instant = Instant.now(),
    ) {
        lane.call { ffi.keep(word, at.toFfi()) }
    }

    internal fun save() {
        lane.post { ffi.save() }
    }

    /**
     * Forgets [word], and does not learn it again unless it is [kept][keep] by hand. It is gone from the disk when this
     * returns; what is left is a fingerprint that does not tell the word.
     *
     * @throws SpatzException.Storage if the disk refuses: then call it again.
     */
    public suspend fun forget(word: String) {
        lane.call { ffi.forget(word) }
    }

    /**
     * Forgets what was learned or kept at [time] or later. As much of the time before goes as cannot be told apart:
     * about an hour of yesterday, a day of last week, at most twice as long as [time] is ago.
     *
     * @throws SpatzException.Storage if the disk refuses: then call it again.
     */
    public suspend fun forgetSince(time: Instant) {
        lane.call { ffi.forgetSince(time.toFfi()) }
    }

    /**
     * Forgets everything, from the disk too.
     *
     * @throws SpatzException.Storage if the disk refuses: then call it again.
     */
    public suspend fun erase() {
        lane.call { ffi.erase() }
    }

    /** Whether [word] is known and offered because it was sent twice, or kept. */
    public suspend fun contains(word: String): Boolean = lane.call { ffi.hasLearned(word) }

    /**
     * The words learned, in the order of their letters, those too that were sent once only: [limit] of them from
     * [offset] on.
     *
     * @param ownOnly leave out words that the package lists too.
     */
    public suspend fun list(
        offset: Int = 0,
        limit: Int = Int.MAX_VALUE,
        ownOnly: Boolean = false,
    ): LearnedPage {
        require(offset >= 0 && limit >= 0) { "offset $offset and limit $limit must not be negative" }
        return lane.call { ffi.learned(RustLearnedQuery(ownOnly, offset.toUInt(), limit.toUInt())).toPublic() }
    }

    /** All of it as text that a person can read, and [import] takes. */
    public suspend fun export(): String = lane.call { ffi.exportText() }

    /**
     * Takes in what [export] gave, or a word list of AOSP (`.combined`). What was forgotten on either side stays
     * forgotten, unless it is kept by hand here.
     *
     * @throws SpatzException.InvalidInput if the text is neither; the message gives the line, and nothing was taken.
     * @throws SpatzException.Storage if it cannot be saved.
     */
    public suspend fun import(
        text: String,
        at: Instant = Instant.now(),
    ): Imported = lane.call { ffi.importText(text, at.toFfi()).toPublic() }

    internal suspend fun learn(
        message: String,
        field: Field,
        at: Instant,
    ) {
        lane.call { ffi.learn(message, field.toFfi(), at.toFfi()) }
    }
}

/** What kind of field text was typed into. Only messages are learned from. */
public enum class Field {
    /** Running text. */
    MESSAGE,

    /** A password. */
    PASSWORD,

    /** An e-mail address. */
    EMAIL,

    /** A web address. */
    URL,

    /** Digits. */
    NUMBER,

    /** A field whose app asks keyboards not to learn, such as an incognito tab. */
    PRIVATE,
}

/**
 * A folder that was attached.
 *
 * @property readOnly why nothing can be saved there; null if it can. What is learned then lasts as long as the predictor.
 * @property health whether what was there could be read.
 */
public data class AttachedFolder(
    public val readOnly: ReadOnly?,
    public val health: Health,
)

/** Why a folder is read-only. */
public enum class ReadOnly {
    /** Another process or predictor has it open. */
    IN_USE,

    /** A newer version of Spatz wrote it; it is left as it is. */
    NEWER,

    /** The system lets this process only read there. */
    REFUSED,
}

/** Whether what was saved could be read. */
public sealed interface Health {
    /** All of it, or there was none. */
    public data object Sound : Health

    /** The last message was not saved whole, and was left out. */
    public data class TailCut(
        public val bytes: Long,
    ) : Health

    /** Nothing could be read. The file was set aside as [kept], until something is forgotten; it is null if the folder is read-only. */
    public data class Damaged(
        public val kept: Path?,
    ) : Health
}

/**
 * A word that was learned.
 *
 * @property text as it is written.
 * @property sent messages it was sent in.
 * @property kept whether it was kept by hand, or comes from a list that was imported.
 * @property listed whether the package lists it too.
 */
public data class LearnedWord(
    public val text: String,
    public val sent: Int,
    public val kept: Boolean,
    public val listed: Boolean,
)

/**
 * A part of the learned words.
 *
 * @property words in the order of their letters.
 * @property total how many there are in all.
 */
public data class LearnedPage(
    public val words: List<LearnedWord>,
    public val total: Int,
)

/**
 * What an import brought.
 *
 * @property words words taken.
 * @property leftOut words left out: forgotten here, known to the package anyway, offensive, or no words.
 */
public data class Imported(
    public val words: Int,
    public val leftOut: Int,
)

/**
 * A word of the address book, or a shortcut.
 *
 * @property text what is typed; where it is more than one word, each of them is one.
 * @property expansion what the text stands for, such as `on my way` for `omw`; null if it stands for itself.
 */
public data class SupplementaryWord(
    public val text: String,
    public val expansion: String? = null,
)
