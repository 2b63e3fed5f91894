import Foundation

/// The note of the newest durable record, kept apart from the file, so that dropping the newest records shows.
struct AuditAnchor: Sendable, Equatable {
    /// The newest record.
    var head: AuditHead
    /// The length of the file up to its end.
    var bytes: Int

    /// Before the first record.
    static let genesis = AuditAnchor(head: .genesis, bytes: 0)

    /// What is found where the note should be.
    enum Reading: Sendable, Equatable {
        case missing
        case unreadable
        case anchor(AuditAnchor)
    }

    private struct Note: Decodable {
        var number: Int
        var hash: String
        var bytes: Int
    }

    /// The note as text.
    var text: String { #"{"bytes":\#(bytes),"hash":"\#(head.hash)","number":\#(head.number)}"# + "\n" }

    /// Reads the note.
    static func read(_ path: String) -> Reading {
        guard FileManager.default.fileExists(atPath: path) else { return .missing }
        guard let data = FileManager.default.contents(atPath: path), let note = try? JSONDecoder().decode(Note.self, from: data) else {
            return .unreadable
        }
        let anchor = AuditAnchor(head: AuditHead(number: note.number, hash: note.hash), bytes: note.bytes)
        // Nothing but what is written here: a byte more or less is not ours.
        guard Data(anchor.text.utf8) == data, anchor.bytes >= 0, AuditHead(anchor.head.text) == anchor.head else { return .unreadable }
        return .anchor(anchor)
    }

    /// Writes the note in place of the one before, whole or not at all.
    func write(_ path: String) throws {
        let new = path + ".new"
        let descriptor = open(new, O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw AuditError("\(new) cannot be written", errno) }
        defer { close(descriptor) }
        try AuditFile.store(Array(text.utf8), in: descriptor, new)
        AuditFile.giveToOwner(of: (path as NSString).deletingLastPathComponent, descriptor)
        guard rename(new, path) == 0 else { throw AuditError("\(path) cannot be replaced", errno) }
    }
}
