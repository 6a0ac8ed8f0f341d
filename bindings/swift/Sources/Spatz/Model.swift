import Foundation
internal import SpatzGenerated

/// An open model package: one file, memory-mapped. Heavy, and meant to be shared: open it once and make predictors and
/// sessions from it.
///
/// Nothing in Spatz blocks the main thread: what takes time is `async`.
///
/// ```swift
/// let model = try await Model.open(Bundle.main.url(forResource: "spatz-base", withExtension: "gguf")!)
/// print(model.info.name)
/// ```
public final class Model: Sendable {
    /// What the package says of itself.
    public let info: ModelInfo
    let ffi: RustModel

    private init(_ ffi: RustModel) throws {
        self.ffi = ffi
        info = ModelInfo(try ffi.info())
    }

    /// Opens the package at `url`. Takes milliseconds: weights are read when they are first used.
    ///
    /// - Throws: ``SpatzError/modelNotFound(_:)``, ``SpatzError/modelInvalid(_:)`` or
    ///   ``SpatzError/modelUnsupported(_:)``.
    public static func open(_ url: URL) async throws -> Model {
        let path = url.path
        return try await Lane("open").call { _ in try Model(RustModel.open(path: path)) }
    }

    /// Opens the package that lies in the open file `fileDescriptor` at `offset`, `length` bytes long. The descriptor
    /// stays yours; close it as soon as this returns.
    public static func open(fileDescriptor: Int32, offset: UInt64, length: UInt64) async throws -> Model {
        try await Lane("open").call { _ in
            try Model(RustModel.openFd(fd: fileDescriptor, offset: offset, length: length))
        }
    }

    /// Reads the whole package once and compares its checksums: worth doing after a download, not at every start.
    public func verify() async throws {
        try await Lane("verify").call { [ffi] _ in try ffi.verify() }
    }

    /// Lets go of the package. What was made from it goes on working. Closing again does nothing.
    public func close() {
        try? ffi.release()
    }
}

/// What a package says of itself.
public struct ModelInfo: Equatable, Sendable {
    /// The model's name.
    public let name: String
    /// The kind of network, such as `llama`.
    public let architecture: String
    /// SPDX expression of the weights' licence, if given.
    public let license: String?
    /// ISO 639-1 codes.
    public let languages: [String]
    /// Number of weights.
    public let parameters: Int
    /// Size of the package.
    public let fileBytes: Int
    /// Version of Spatz's own sections; `nil` for a GGUF that Spatz did not make.
    public let formatVersion: Int?
    /// Names of the sections behind the weights, such as `lexicon`.
    public let sections: [String]
}
