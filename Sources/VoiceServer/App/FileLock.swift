import Foundation
import Synchronization

/// An advisory lock on a file, held until this object goes; the system releases it when the process dies.
final class FileLock: Sendable {
    /// How long a lock that another process has is tried for, in seconds.
    ///
    /// A server that ends may have it for a moment longer. So may a child process of it, until it becomes another program.
    private static let patience = 2.0
    /// The time between two tries, in seconds.
    private static let pause = 0.01

    private let descriptor = Mutex<Int32>(-1)

    /// Takes the lock; false when another process keeps it or the file cannot be made.
    ///
    /// Blocks for two seconds at most.
    func lock(_ path: String) -> Bool {
        descriptor.withLock { descriptor in
            let opened = open(path, O_CREAT | O_RDWR | O_CLOEXEC, 0o600)
            guard opened >= 0 else { return false }
            guard Self.lock(opened, within: Self.patience) else {
                close(opened)
                return false
            }
            descriptor = opened
            return true
        }
    }

    /// Locks an open file, trying again for so many seconds while another process has it locked; blocks meanwhile.
    ///
    /// - Parameters:
    ///   - descriptor: the file.
    ///   - patience: for how long, in seconds.
    ///   - wait: waits for so many seconds.
    /// - Returns: whether it is locked; if not, `errno` says why.
    static func lock(_ descriptor: Int32, within patience: Double, wait: (Double) -> Void = Thread.sleep(forTimeInterval:)) -> Bool {
        for _ in 0..<Int(patience / pause) {
            if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { return true }
            guard errno == EWOULDBLOCK else { return false }
            wait(pause)
        }
        return flock(descriptor, LOCK_EX | LOCK_NB) == 0
    }

    /// Gives the lock back.
    func unlock() {
        descriptor.withLock { descriptor in
            if descriptor >= 0 { close(descriptor) }
            descriptor = -1
        }
    }

    deinit { unlock() }
}
