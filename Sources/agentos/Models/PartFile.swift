import Diagnostics
import Foundation
import NIOCore
import VoiceServer

/// A file that is being downloaded; what has arrived of it stays for the next attempt.
struct PartFile {
    /// Where it is.
    let path: String
    /// Bytes that have arrived.
    private(set) var size: Int
    private let handle: FileHandle

    /// Opens what has arrived so far, or begins.
    ///
    /// - Throws: ``StartError`` where it cannot be written.
    init(path: String) throws(StartError) {
        self.path = path
        do {
            if !FileManager.default.fileExists(atPath: path) { try Data().write(to: URL(fileURLWithPath: path)) }
            handle = try FileHandle(forUpdating: URL(fileURLWithPath: path))
            size = Int(try handle.seekToEnd())
        } catch {
            throw Self.unwritable(path, error)
        }
    }

    /// Adds what came next.
    mutating func append(_ bytes: ByteBuffer) throws(StartError) {
        do {
            try handle.write(contentsOf: Data(bytes.readableBytesView))
            size += bytes.readableBytes
        } catch {
            throw Self.unwritable(path, error)
        }
    }

    /// Begins anew.
    mutating func empty() throws(StartError) {
        do {
            try handle.truncate(atOffset: 0)
            size = 0
        } catch {
            throw Self.unwritable(path, error)
        }
    }

    /// Closes the file, and removes it where nothing has arrived.
    func close() {
        try? handle.close()
        if size == 0 { try? FileManager.default.removeItem(atPath: path) }
    }

    private static func unwritable(_ path: String, _ error: any Error) -> StartError {
        StartError(.cannotCreate, "\(path) cannot be written: \(ErrorText.of(error)); make room or set AGENTOS_MODELS_DIR to another folder")
    }
}
