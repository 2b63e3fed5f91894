import AsyncHTTPClient
import Conversation
import Diagnostics
import Engines
import Foundation
import VoiceServer

/// Downloads a model of the catalogue, so that its folder is there in full or not at all.
///
/// ```
///  .whisper-base.part/NAME.part ─ whole, SHA-256 right ─▶ .whisper-base.part/NAME ─ all files ─▶ whisper-base/
/// ```
struct ModelDownload: Sendable {
    /// How a pull ended.
    enum Outcome: Sendable, Equatable {
        case installed
        /// Every file was there and right.
        case alreadyThere
    }

    /// The model.
    let entry: ModelCatalog.Entry
    /// The model's folder to be.
    let destination: String
    /// A mirror's folder, which holds files of the same names; nil for the addresses of the catalogue.
    let mirror: String?

    /// Downloads what is missing.
    ///
    /// - Parameter received: told how many bytes of the model are there.
    /// - Returns: whether anything had to be done.
    /// - Throws: ``StartError``; `CancellationError`.
    func run(_ received: (Int) -> Void) async throws -> Outcome {
        if FileManager.default.fileExists(atPath: destination) {
            try checkInstalled()
            return .alreadyThere
        }
        try makeFolder(staging)
        let lock = try DownloadLock(folder: staging)
        defer {
            lock.release()
            removeIfEmpty()
        }
        try await HTTPClient.withHTTPClient(configuration: FileDownload.clientConfiguration) { http in
            var done = 0
            for file in entry.files {
                try await download(file, http).run { received(done + $0) }
                done += file.size
            }
        }
        try install()
        return .installed
    }

    /// Where files wait for the others; beside the destination, so that one rename installs the model.
    var staging: String {
        let url = URL(fileURLWithPath: destination)
        return "\(url.deletingLastPathComponent().path)/.\(url.lastPathComponent).part"
    }

    private func download(_ file: ModelCatalog.File, _ http: HTTPClient) -> FileDownload {
        let base = mirror.map { $0.hasSuffix("/") ? String($0.dropLast()) : $0 }
        let remedy = "name a mirror with --from URL, or download the files elsewhere and copy them to \(destination)"
        return FileDownload(file: file, url: base.map { "\($0)/\(file.name)" } ?? file.url, folder: staging, http: http, remedy: remedy)
    }

    /// Leaves nothing behind where nothing has arrived.
    private func removeIfEmpty() {
        guard let left = try? FileManager.default.contentsOfDirectory(atPath: staging), left == [DownloadLock.name] else { return }
        try? FileManager.default.removeItem(atPath: staging)
    }

    private func makeFolder(_ folder: String) throws(StartError) {
        do {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        } catch {
            throw StartError(.cannotCreate, "the folder \(folder) cannot be made; set AGENTOS_MODELS_DIR to one this user may write to")
        }
    }

    private func install() throws(StartError) {
        do {
            try FileManager.default.removeItem(atPath: DownloadLock.path(in: staging))
            try FileManager.default.moveItem(atPath: staging, toPath: destination)
        } catch {
            throw StartError(.cannotCreate, "\(staging) cannot be moved to \(destination): \(ErrorText.of(error)); see who may write there")
        }
    }

    /// Checks a folder that is already there, however it came.
    private func checkInstalled() throws(StartError) {
        for file in entry.files {
            do {
                try ModelChecksum.verify("\(destination)/\(file.name)", as: file)
            } catch {
                throw StartError(.badData, "\(destination) is there but not whole: \(error.message); remove the folder and pull again")
            }
        }
    }
}
