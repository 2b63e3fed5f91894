package import Conversation
import Crypto
import Diagnostics
import Foundation

/// Tells whether a downloaded file is the one that was pinned.
package enum ModelChecksum {
    private static let chunkBytes = 1 << 20

    /// The SHA-256 of a file, in lower-case hexadecimal digits, read a piece at a time.
    ///
    /// - Throws: ``EngineError`` with `missing` where the file cannot be read.
    package static func sha256(of path: String) throws(EngineError) -> String {
        do {
            let file = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
            defer { try? file.close() }
            var hash = SHA256()
            while let chunk = try file.read(upToCount: chunkBytes), !chunk.isEmpty { hash.update(data: chunk) }
            return hash.finalize().map { byte in
                let digits = String(byte, radix: 16)
                return digits.count == 1 ? "0\(digits)" : digits
            }.joined()
        } catch {
            throw EngineError(.missing, "\(path) cannot be read: \(ErrorText.of(error))")
        }
    }

    /// Checks a file against what the catalogue says of it; blocks while it reads.
    ///
    /// - Throws: ``EngineError`` with `invalid` where it is another file, `missing` where it cannot be read.
    package static func verify(_ path: String, as file: ModelCatalog.File) throws(EngineError) {
        let attributes = try? FileManager.default.attributesOfItem(atPath: path)
        guard let size = attributes?[.size] as? NSNumber else { throw EngineError(.missing, "\(path) is not there") }
        guard size.intValue == file.size else {
            throw EngineError(.invalid, "\(path) has \(size) bytes, not \(file.size): the download was cut off or is another file; try again")
        }
        let found = try sha256(of: path)
        guard found == file.sha256 else {
            throw EngineError(.invalid, "\(path) is not the file that was pinned: its SHA-256 is \(found), not \(file.sha256); do not use it")
        }
    }
}
