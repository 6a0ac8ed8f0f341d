plugins {
    alias(libs.plugins.android.application)
    alias(libs.plugins.kotlin.android)
}

android {
    namespace = "dev.spatz.sample"
    compileSdk = 36
    defaultConfig {
        applicationId = "dev.spatz.sample"
        minSdk = 26
        targetSdk = 36
        versionCode = 1
        versionName = "0.1.0"
    }
    buildTypes {
        release {
            isMinifyEnabled = true
            isShrinkResources = true
            // R8's own rules and those that `spatz` brings; the app needs none of its own.
            proguardFiles(getDefaultProguardFile("proguard-android-optimize.txt"))
        }
    }
    // The models of the repository, as they are; their cards stay at home.
    sourceSets.named("main") { assets.srcDirs("src/main/assets", "../../models") }
    androidResources {
        ignoreAssetsPatterns += "*.md"
        // Mapped inside the APK, which only works where it is stored as it is.
        noCompress += "gguf"
    }
    compileOptions {
        sourceCompatibility = JavaVersion.VERSION_17
        targetCompatibility = JavaVersion.VERSION_17
    }
    // The tests run through Maven (pom.xml).
    sourceSets.named("test") { kotlin.setSrcDirs(emptyList<String>()) }
}

kotlin {
    jvmToolchain(17)
}

dependencies {
    implementation(project(":spatz"))
    implementation(libs.coroutines.android)
}
