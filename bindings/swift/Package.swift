// swift-tools-version: 6.0
import PackageDescription

// Three layers: SpatzFFI (C) → SpatzGenerated (UniFFI's Swift, language mode 5) → Spatz (mode 6), the only one that apps
// import. `cargo xtask bindings` fills Generated/ and ../generated/lib; on Apple platforms the library is an XCFramework,
// made by `cargo xtask apple`. SpatzFoundationModels is empty where Apple's framework is older than iOS 27 or missing.
#if os(Linux)
    let ffi: Target = .systemLibrary(name: "SpatzFFI", path: "Generated/SpatzFFI")
    let link: [LinkerSetting] = [.unsafeFlags(["-L\(Context.packageDirectory)/../generated/lib"])]
#else
    // Written by `cargo xtask apple --url …`; without a release, the framework lies beside this file.
    let release: (url: String, checksum: String)? = nil
    let ffi: Target =
        release.map { Target.binaryTarget(name: "SpatzFFI", url: $0.url, checksum: $0.checksum) }
        ?? .binaryTarget(name: "SpatzFFI", path: "SpatzFFI.xcframework")
    let link: [LinkerSetting] = []
#endif

let package = Package(
    name: "Spatz",
    platforms: [.iOS(.v16), .macOS(.v13)],
    products: [
        .library(name: "Spatz", targets: ["Spatz"]),
        .library(name: "SpatzFoundationModels", targets: ["SpatzFoundationModels"]),
    ],
    targets: [
        ffi,
        .target(
            name: "SpatzGenerated",
            dependencies: ["SpatzFFI"],
            path: "Generated/SpatzGenerated",
            swiftSettings: [.swiftLanguageMode(.v5)],
            linkerSettings: link
        ),
        .target(name: "Spatz", dependencies: ["SpatzGenerated"], resources: [.copy("PrivacyInfo.xcprivacy")]),
        .target(name: "SpatzFoundationModels", dependencies: ["Spatz"]),
        .testTarget(name: "SpatzTests", dependencies: ["Spatz", "SpatzGenerated"]),
    ],
    swiftLanguageModes: [.v6]
)
