// swift-tools-version: 6.0
import PackageDescription

// All that the keyboard and the assistant decide, without UIKit: it builds and is tested on Linux too. The two targets
// know nothing of each other, so the keyboard extension, whose memory iOS counts, links only its own.
let package = Package(
    name: "SampleLogic",
    platforms: [.iOS(.v17), .macOS(.v14)],
    products: [
        .library(name: "KeyboardLogic", targets: ["KeyboardLogic"]),
        .library(name: "AssistantLogic", targets: ["AssistantLogic"]),
    ],
    dependencies: [.package(name: "Spatz", path: "../../bindings/swift")],
    targets: [
        .target(name: "KeyboardLogic", dependencies: ["Spatz"]),
        .target(name: "AssistantLogic", dependencies: ["Spatz"]),
        .testTarget(name: "KeyboardLogicTests", dependencies: ["KeyboardLogic"]),
        .testTarget(name: "AssistantLogicTests", dependencies: ["AssistantLogic"]),
    ],
    swiftLanguageModes: [.v6]
)
