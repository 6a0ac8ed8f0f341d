package dev.spatz

import dev.spatz.ffi.RustGeneration
import dev.spatz.ffi.RustSession
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.flow

/**
 * A conversation with any chat model of the Llama family.
 *
 * It gives one answer at a time: asking while it [isResponding] throws [SpatzException.SessionBusy].
 *
 * ```kotlin
 * Session.open(model, instructions = "Answer in one sentence.").use { session ->
 *     session.respondStream("Why is the sky blue?").collect { print(it) }
 * }
 * ```
 */
public class Session private constructor(
    private val ffi: RustSession,
) : AutoCloseable {
    private val lane = Lane()

    /** Whether an answer is being generated. */
    @Volatile
    public var isResponding: Boolean = false
        private set

    /** Why the last answer ended; null if none has, or if it was broken off. */
    @Volatile
    public var finishReason: FinishReason? = null
        private set

    /**
     * Answers [prompt] as the next turn of the conversation.
     *
     * @throws SpatzException.ModelUnsupported if the model is not made for chat.
     * @throws SpatzException.ContextTooLong if the conversation does not fit.
     * @throws SpatzException.SessionBusy while another answer is being generated.
     */
    public suspend fun respond(
        prompt: String,
        options: GenerateOptions = GenerateOptions(),
    ): String = respondStream(prompt, options).text()

    /**
     * The answer to [prompt] piece by piece. Cold: collecting starts the answer, and whoever stops collecting stops
     * it; what was collected by then is what the conversation remembers.
     */
    public fun respondStream(
        prompt: String,
        options: GenerateOptions = GenerateOptions(),
    ): Flow<String> = stream { ffi.respond(prompt, options.toFfi()) }

    /** Continues [text] as it stands, outside the conversation. */
    public suspend fun complete(
        text: String,
        options: GenerateOptions = GenerateOptions(),
    ): String = completeStream(text, options).text()

    /** The continuation of [text] piece by piece; cold, as [respondStream] is. */
    public fun completeStream(
        text: String,
        options: GenerateOptions = GenerateOptions(),
    ): Flow<String> = stream { ffi.complete(text, options.toFfi()) }

    /** Ends a running answer with [SpatzException.Closed] and frees the memory. Returns at once; again does nothing. */
    override fun close() {
        ffi.release()
    }

    private fun stream(start: () -> RustGeneration): Flow<String> =
        flow {
            val generation = lane.call(abandoned = { it.release() }) { start() }
            finishReason = null
            isResponding = true
            try {
                while (true) {
                    emit(lane.call { generation.next(it) } ?: break)
                }
                finishReason = generation.finishReason()?.toPublic()
            } finally {
                generation.release()
                isResponding = false
            }
        }

    private suspend fun Flow<String>.text(): String = buildString { collect { append(it) } }

    public companion object {
        /** A conversation on [model]; [instructions] is its system message. */
        public suspend fun open(
            model: Model,
            instructions: String? = null,
        ): Session = Lane().call(abandoned = Session::close) { Session(RustSession(model.ffi, instructions)) }
    }
}

/**
 * How tokens are drawn and when to stop.
 *
 * @property temperature 0 always takes the likeliest token.
 * @property topK keep the k likeliest tokens; 0 keeps all.
 * @property topP keep the likeliest tokens that together reach this probability; 1 keeps all.
 * @property minP keep tokens at least this many times as likely as the likeliest; 0 keeps all.
 * @property repetitionPenalty how much a token that was just used loses; 1 is off.
 * @property repetitionWindow how many tokens "just used" means.
 * @property seed same seed, same text.
 * @property stop the text ends before one of these would appear.
 * @property maxTokens tokens to generate at most.
 */
public data class GenerateOptions(
    public val temperature: Float = 0.7f,
    public val topK: Int = 40,
    public val topP: Float = 0.95f,
    public val minP: Float = 0.05f,
    public val repetitionPenalty: Float = 1f,
    public val repetitionWindow: Int = 64,
    public val seed: Long = 0,
    public val stop: List<String> = emptyList(),
    public val maxTokens: Int = 512,
) {
    init {
        require(topK >= 0) { "topK is $topK; it must not be negative" }
        require(repetitionWindow >= 0) { "repetitionWindow is $repetitionWindow; it must not be negative" }
        require(maxTokens > 0) { "maxTokens is $maxTokens; it must be positive" }
    }
}

/** Why an answer ended. */
public enum class FinishReason {
    /** The model ended its turn. */
    END_OF_TURN,

    /** A stop string was reached. */
    STOP_STRING,

    /** `maxTokens` were generated. */
    MAX_TOKENS,

    /** The context is full. */
    CONTEXT_FULL,
}
