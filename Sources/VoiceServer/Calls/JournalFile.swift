import Conversation
import Crypto
import Dispatch
import Foundation
import Logging
import Synchronization

/// One call's journal as a file of lines, written a few times a second, off the media path.
///
/// Lines wait in memory, ``mostPending`` at most, and become text on the disk's queue; what finds no room, or cannot be written, is counted, and
/// the count is the last line.
final class JournalFile: CallJournal {
    /// Lines that wait for the disk: two minutes of a call.
    static let mostPending = 10_000
    /// How often what waits is written.
    static let interval = Duration.milliseconds(250)

    private struct Pending {
        var entries: [JournalEntry] = []
        var lost = 0
    }

    /// A disk that stalls must not hold up the threads that calls run on; all journals are on one disk, so one queue is enough.
    private static let disk = DispatchQueue(label: "journals")

    private let file: FileHandle
    private let mostPending: Int
    private let logger: Logger
    private let pending = Mutex(Pending())

    /// Makes a journal that writes to `file`, which nobody else uses.
    init(_ file: FileHandle, mostPending: Int = JournalFile.mostPending, logger: Logger) {
        self.file = file
        self.mostPending = mostPending
        self.logger = logger
    }

    /// Makes the file of a session's newest stream; nil, with a line in the log, where it cannot be made.
    static func open(in folder: String, session: SessionRecord, logger: Logger) async -> JournalFile? {
        await withCheckedContinuation { continuation in
            disk.async { continuation.resume(returning: create(in: folder, session: session, logger: logger)) }
        }
    }

    func note(_ entry: JournalEntry) {
        pending.withLock { pending in
            if pending.entries.count < mostPending { pending.entries.append(entry) } else { pending.lost += 1 }
        }
    }

    /// Writes what is noted until `call` returns, and closes the file then.
    func keep(_ call: () async -> Void) async {
        await withTaskGroup { group in
            group.addTask { while (try? await Task.sleep(for: Self.interval)) != nil { await self.write() } }
            await call()
            group.cancelAll()
        }
        await close()
    }

    private func write() async {
        await withCheckedContinuation { continuation in
            Self.disk.async {
                self.writePending()
                continuation.resume()
            }
        }
    }

    private func close() async {
        await write()
        let lost = pending.withLock { $0.lost }
        if lost > 0 {
            logger.warning("A call's journal is not whole: the disk is full or too slow", metadata: ["lost_lines": "\(lost)"])
            note(.lost(lost))
            await write()
        }
        try? file.close()
    }

    /// On the disk's queue alone.
    private func writePending() {
        let entries = pending.withLock { pending in
            defer { pending.entries = [] }
            return pending.entries
        }
        guard !entries.isEmpty else { return }
        let lines = entries.compactMap { try? $0.text() }
        do {
            try file.write(contentsOf: Data((lines.joined(separator: "\n") + "\n").utf8))
            pending.withLock { $0.lost += entries.count - lines.count }
        } catch {
            pending.withLock { $0.lost += entries.count }
        }
    }
}

extension JournalFile {
    private static func create(in folder: String, session: SessionRecord, logger: Logger) -> JournalFile? {
        let path = "\(folder)/\(name(of: session))"
        try? FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        // Callers' words are in it: the file is its owner's alone.
        guard FileManager.default.createFile(atPath: path, contents: nil, attributes: [.posixPermissions: 0o600]),
            let file = FileHandle(forWritingAtPath: path)
        else {
            logger.warning("A call's journal cannot be kept", metadata: ["session_id": "\(session.id)", "path": "\(path)"])
            return nil
        }
        return JournalFile(file, logger: logger)
    }

    /// Deletes the files of all of a session's streams, where there are any.
    static func remove(of session: SessionRecord, in folder: String) async throws {
        try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
            disk.async {
                continuation.resume(
                    with: Result {
                        var stream = session
                        for number in 0...max(1, session.streamCount) {
                            stream.streamCount = number
                            let path = "\(folder)/\(name(of: stream))"
                            if FileManager.default.fileExists(atPath: path) { try FileManager.default.removeItem(atPath: path) }
                        }
                    }
                )
            }
        }
    }

    /// The file's name: the session's id where that is plain, with a number for each stream after the first.
    ///
    /// An id comes from outside. One with other characters is told from others that look like it by a hash.
    static func name(of session: SessionRecord) -> String {
        let plain = String(session.id.prefix(100).map { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-" || $0 == "_") ? $0 : "_" })
        let hash = SHA256.hash(data: Data(session.id.utf8)).prefix(4).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        let id = plain == session.id && !plain.isEmpty ? plain : "\(plain)-\(hash)"
        return session.streamCount > 1 ? "\(id).\(session.streamCount).jsonl" : "\(id).jsonl"
    }
}
