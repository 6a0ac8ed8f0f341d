// BOOK
// swift-tools-version: 6.0
import PackageDescription

let package = Package(
    name: "Words",
    platforms: [.macOS(.v13)],
    dependencies: [.package(name: "Spatz", path: "../spatz/bindings/swift")],
    targets: [.executableTarget(name: "Words", dependencies: ["Spatz"])]
)
// BOOK
