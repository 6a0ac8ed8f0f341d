package dev.spatz

import dev.spatz.ffi.RustModel
import java.nio.file.Path

/**
 * An open model package: one file, memory-mapped. Heavy, and meant to be shared: open it once and make predictors and
 * sessions from it.
 *
 * Every function of Spatz is safe to call from the main thread: those that take time suspend.
 *
 * ```kotlin
 * Model.open(Path("spatz-base.gguf")).use { model -> println(model.info.name) }
 * ```
 */
public class Model private constructor(
    internal val ffi: RustModel,
    /** What the package says of itself. */
    public val info: ModelInfo,
) : AutoCloseable {
    /**
     * Reads the whole package once and compares its checksums: worth doing after a download, not at every start.
     *
     * @throws SpatzException.ModelInvalid if a byte has changed.
     */
    public suspend fun verify() {
        Lane().call { ffi.verify() }
    }

    /**
     * Lets go of the package. What was made from it goes on working and frees the memory with its own `close`.
     * Closing again does nothing.
     */
    override fun close() {
        ffi.release()
    }

    public companion object {
        /**
         * Opens the package at [path]. Takes milliseconds: weights are read when they are first used.
         *
         * @throws SpatzException.ModelNotFound if there is no such file.
         * @throws SpatzException.ModelInvalid if it is damaged or something else.
         * @throws SpatzException.ModelUnsupported if this version of Spatz cannot run it.
         */
        public suspend fun open(path: Path): Model = open { RustModel.open(path.toString()) }

        /**
         * Opens the package that lies in the open file [descriptor] at [offset], [length] bytes long: an uncompressed
         * asset in an APK, say. The descriptor stays yours; close it as soon as this returns.
         */
        public suspend fun open(
            descriptor: Int,
            offset: Long,
            length: Long,
        ): Model {
            require(offset >= 0 && length >= 0) { "offset $offset and length $length must not be negative" }
            return open { RustModel.openFd(descriptor, offset.toULong(), length.toULong()) }
        }

        private suspend fun open(ffi: () -> RustModel): Model =
            Lane().call(abandoned = Model::close) {
                val model = ffi()
                Model(model, model.info().toPublic())
            }
    }
}

/**
 * What a package says of itself.
 *
 * @property name the model's name.
 * @property architecture the kind of network, such as `llama`.
 * @property license SPDX expression of the weights' licence, if given.
 * @property languages ISO 639-1 codes.
 * @property parameters number of weights.
 * @property fileBytes size of the package.
 * @property formatVersion version of Spatz's own sections; null for a GGUF that Spatz did not make.
 * @property sections names of the sections behind the weights, such as `lexicon`.
 */
public data class ModelInfo(
    public val name: String,
    public val architecture: String,
    public val license: String?,
    public val languages: List<String>,
    public val parameters: Long,
    public val fileBytes: Long,
    public val formatVersion: Int?,
    public val sections: List<String>,
)
