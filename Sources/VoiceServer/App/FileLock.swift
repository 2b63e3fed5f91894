import Foundation
import Synchronization

/// An advisory lock on a file, held until this object goes; the system releases it when the process dies.
final class FileLock: Sendable {
    private let descriptor = Mutex<Int32>(-1)

    /// Takes the lock; false when somebody else has it or the file cannot be made.
    func lock(_ path: String) -> Bool {
        descriptor.withLock { descriptor in
            let opened = open(path, O_CREAT | O_RDWR | O_CLOEXEC, 0o600)
            guard opened >= 0 else { return false }
            guard flock(opened, LOCK_EX | LOCK_NB) == 0 else {
                close(opened)
                return false
            }
            descriptor = opened
            return true
        }
    }

    deinit {
        descriptor.withLock { descriptor in
            if descriptor >= 0 { close(descriptor) }
        }
    }
}
