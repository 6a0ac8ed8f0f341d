package dev.spatz

import dev.spatz.ffi.RustCancelToken
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.currentCoroutineContext
import kotlinx.coroutines.delay
import kotlinx.coroutines.ensureActive
import kotlinx.coroutines.launch
import kotlinx.coroutines.suspendCancellableCoroutine
import java.util.concurrent.atomic.AtomicReference
import kotlin.coroutines.EmptyCoroutineContext
import kotlin.coroutines.resumeWithException
import kotlin.time.Duration
import dev.spatz.ffi.SpatzException as FfiException

/**
 * Where the calls of one engine object run: one after the other, never on the caller's thread.
 *
 * A lane owns no thread: it is a serial view of the IO dispatcher, so there is nothing to shut down. Cancelling the
 * coroutine resumes it at once; the engine notices at its next check (within a layer) and the lane is free again.
 */
internal class Lane {
    private val dispatcher = Dispatchers.IO.limitedParallelism(1)
    private val newest = AtomicReference<Call?>()

    /** Runs [work] on the lane. A result that nobody waits for any more goes to [abandoned]. */
    suspend fun <T> call(
        abandoned: (T) -> Unit = {},
        work: (RustCancelToken) -> T,
    ): T = run(Call(), abandoned, work)

    /**
     * Like [call], but ends every earlier call that was made through this function with [SupersededException]. A coroutine
     * that was cancelled ends none: on another thread it may get here after the one that took its place.
     */
    suspend fun <T> callNewest(work: (RustCancelToken) -> T): T {
        val call = Call()
        val caller = currentCoroutineContext()
        synchronized(newest) {
            caller.ensureActive()
            newest.getAndSet(call)
        }?.supersede()
        try {
            return run(call, {}, work)
        } finally {
            newest.compareAndSet(call, null)
        }
    }

    /** Runs [work] when the lane is free. Nobody waits for it, so nobody hears that the object was closed or the disk full. */
    fun post(work: () -> Unit) {
        dispatcher.dispatch(EmptyCoroutineContext) {
            try {
                work()
            } catch (_: FfiException) {
                return@dispatch
            }
        }
    }

    private suspend fun <T> run(
        call: Call,
        abandoned: (T) -> Unit,
        work: (RustCancelToken) -> T,
    ): T =
        suspendCancellableCoroutine { continuation ->
            continuation.invokeOnCancellation { call.cancel() }
            dispatcher.dispatch(EmptyCoroutineContext) {
                runCatching { call.run(work) }.fold(
                    onSuccess = { continuation.resume(it) { _, value, _ -> abandoned(value) } },
                    onFailure = { continuation.resumeWithException(it) },
                )
            }
        }
}

/**
 * One call and its token. The token is made on the lane, because the first touch of the library loads it (60–200 ms on
 * a phone), and freed with the call instead of waiting for the garbage collector.
 */
private class Call {
    private var token: RustCancelToken? = null
    private var cancelled = false
    private var superseded = false

    fun cancel() =
        synchronized(this) {
            cancelled = true
            token?.cancel()
        }

    fun supersede() =
        synchronized(this) {
            superseded = true
            cancel()
        }

    fun <T> run(work: (RustCancelToken) -> T): T {
        val token = begin()
        try {
            return work(token)
        } catch (error: FfiException) {
            throw error.toPublic(superseded = synchronized(this) { superseded })
        } finally {
            end(token)
        }
    }

    private fun begin(): RustCancelToken =
        synchronized(this) {
            if (cancelled) throw FfiException.Cancelled("cancelled before it began").toPublic(superseded)
            RustCancelToken().also { token = it }
        }

    private fun end(used: RustCancelToken) {
        synchronized(this) { token = null }
        used.close()
    }
}

/** A token that is cancelled when time is up. Like a call's, it is made on the lane, where it is first needed. */
internal class Deadline private constructor() {
    private var isOver = false
    private var made: RustCancelToken? = null

    val token: RustCancelToken
        get() =
            synchronized(this) {
                made ?: RustCancelToken().also {
                    made = it
                    if (isOver) it.cancel()
                }
            }

    private fun pass() =
        synchronized(this) {
            isOver = true
            made?.cancel()
        }

    private fun close() =
        synchronized(this) {
            made?.close()
            made = null
        }

    companion object {
        /** Runs [work], whose token is cancelled when [time] has passed from now on. */
        suspend fun <T> after(
            time: Duration,
            work: suspend (Deadline) -> T,
        ): T =
            coroutineScope {
                val deadline = Deadline()
                if (time <= Duration.ZERO) deadline.pass()
                // Not on the caller's thread, which may be busy drawing.
                val timer =
                    launch(Dispatchers.Default) {
                        delay(time)
                        deadline.pass()
                    }
                try {
                    work(deadline)
                } finally {
                    timer.cancel()
                    deadline.close()
                }
            }
    }
}
