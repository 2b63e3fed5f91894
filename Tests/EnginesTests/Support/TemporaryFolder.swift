import Engines
import Foundation

/// Lends an empty folder, which is removed afterwards.
func withTemporaryFolder<Value>(_ body: (String) async throws -> Value) async throws -> Value {
    let folder = FileManager.default.temporaryDirectory.appending(path: "agentos-tests-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    return try await body(folder.path)
}

/// Lends a copy of the bundled model, to be damaged.
func withModelCopy<Value>(_ body: (String) async throws -> Value) async throws -> Value {
    try await withTemporaryFolder { folder in
        for name in ["encoder.onnx", "decoder.onnx", "tokens.txt"] {
            try FileManager.default.copyItem(atPath: "\(TestEngines.installation.bundledModelFolder)/\(name)", toPath: "\(folder)/\(name)")
        }
        return try await body(folder)
    }
}

/// Replaces a file's bytes.
func rewrite(_ path: String, _ change: (inout [UInt8]) -> Void) throws {
    var bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
    change(&bytes)
    try Data(bytes).write(to: URL(fileURLWithPath: path))
}
