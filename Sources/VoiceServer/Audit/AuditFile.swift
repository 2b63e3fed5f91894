import Foundation

/// The trail's file while one process writes to it: open, and locked against every other process.
struct AuditFile {
    /// How long the lock is tried for, in seconds: others have it for as long as a batch takes, which on a busy disk is seconds.
    private static let patience = 10.0

    private let handle: FileHandle
    private let path: String

    /// Opens the file, making it if need be, and waits a while for the lock.
    init(_ path: String) throws {
        self.path = path
        let descriptor = open(path, O_CREAT | O_RDWR | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw AuditError("\(path) cannot be opened", errno) }
        // Closing the descriptor gives the lock back, and so does the process's death.
        handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        guard FileLock.lock(descriptor, within: Self.patience) else { throw AuditError("\(path) is locked by another process", errno) }
        Self.giveToOwner(of: (path as NSString).deletingLastPathComponent, descriptor)
    }

    /// How long the file is.
    func size() throws -> Int { Int(try handle.seekToEnd()) }

    /// As many bytes from a place, or as many as there are.
    func bytes(at offset: Int, count: Int) throws -> [UInt8] {
        try handle.seek(toOffset: UInt64(offset))
        return Array(try handle.read(upToCount: count) ?? Data())
    }

    /// The lines from a place on.
    func lines(from offset: Int) throws -> AuditLines {
        try handle.seek(toOffset: UInt64(offset))
        return AuditLines(handle)
    }

    /// Cuts the file to this length.
    func cut(to length: Int) throws { try handle.truncate(atOffset: UInt64(length)) }

    /// Writes at the end and returns when it is durable; what was written of it is taken back when that fails.
    func append(_ bytes: [UInt8]) throws {
        let end = try size()
        do {
            try Self.store(bytes, in: handle.fileDescriptor, path)
        } catch {
            try? cut(to: end)
            throw error
        }
    }

    /// Writes where the descriptor is, and returns when it is durable.
    static func store(_ bytes: [UInt8], in descriptor: Int32, _ path: String) throws(AuditError) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
            if count > 0 {
                rest = rest.dropFirst(count)
            } else if errno != EINTR {
                throw AuditError("\(path) cannot be written to", errno)
            }
        }
        guard fsync(descriptor) == 0 else { throw AuditError("\(path) cannot be written to", errno) }
    }

    /// Leaves a file that the administrator made to the user whose folder it is in: that user's server must be able to write to it.
    static func giveToOwner(of folder: String, _ descriptor: Int32) {
        guard geteuid() == 0 else { return }
        let attributes = try? FileManager.default.attributesOfItem(atPath: folder)
        guard let owner = attributes?[.ownerAccountID] as? NSNumber, let group = attributes?[.groupOwnerAccountID] as? NSNumber, owner != 0 else {
            return
        }
        _ = fchown(descriptor, owner.uint32Value, group.uint32Value)
    }
}
