package dev.spatz.android

import android.content.Context
import dev.spatz.Model
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.withContext
import java.io.IOException

/**
 * Maps the package that lies in the app's assets as [name], without a copy. The asset must be stored uncompressed:
 * `androidResources { noCompress += "gguf" }` in the app's build file.
 *
 * @throws IOException if there is no such asset, or if it is compressed.
 */
public suspend fun Model.Companion.fromAsset(
    context: Context,
    name: String,
): Model =
    withContext(Dispatchers.IO) {
        context.assets.openFd(name).use { asset ->
            Model.open(asset.parcelFileDescriptor.fd, asset.startOffset, asset.declaredLength)
        }
    }
