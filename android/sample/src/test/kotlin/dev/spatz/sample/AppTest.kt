package dev.spatz.sample

import android.content.pm.PackageManager
import dev.spatz.Model
import dev.spatz.android.fromAsset
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.runBlocking
import org.junit.Assert.assertEquals
import org.junit.Test
import org.robolectric.RuntimeEnvironment

class AppTest : RobolectricTest() {
    private val app = RuntimeEnvironment.getApplication()

    @Test
    fun `the app may not use the network`() {
        val asked =
            app.packageManager
                .getPackageInfo(
                    app.packageName,
                    PackageManager.GET_PERMISSIONS,
                ).requestedPermissions
        assertEquals(listOf("android.permission.RECORD_AUDIO"), asked.orEmpty().toList())
    }

    @Test
    fun `both models are mapped inside the APK`() =
        runBlocking(Dispatchers.Default) {
            for (name in listOf("spatz-base.gguf", "spatz-sentence.gguf")) {
                Model.fromAsset(app, name).use { assertEquals(listOf("de", "en"), it.info.languages.sorted()) }
            }
        }

    @Test
    fun `the guard sees a call from the main thread`() {
        val model = runBlocking(Dispatchers.Default) { Model.fromAsset(app, "spatz-base.gguf") }
        assertEquals(0, EngineThreads.onMain.size)
        model.close()
        assertEquals(true, EngineThreads.onMain.isNotEmpty())
        EngineThreads.reset()
    }
}
