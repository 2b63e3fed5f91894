import Foundation
import VoiceServer

/// Keeps two pulls of one model from writing into the same files.
struct DownloadLock {
    private let handle: FileHandle

    /// The lock's name in its folder.
    static let name = ".lock"

    /// Where the lock of a folder is.
    static func path(in folder: String) -> String { "\(folder)/\(name)" }

    /// Takes the lock; the system gives it back when the process ends, however it ends.
    ///
    /// - Throws: ``StartError`` where another process has it.
    init(folder: String) throws(StartError) {
        let path = Self.path(in: folder)
        // Opened as it is: a file made anew would be another one, with a lock of its own.
        let descriptor = open(path, O_CREAT | O_RDWR | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else {
            throw StartError(.cannotCreate, "\(path) cannot be written; set AGENTOS_MODELS_DIR to a folder this user may write to")
        }
        handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            throw StartError(.unavailable, "another pull of this model is running (\(folder)); wait for it to end")
        }
    }

    /// Gives the lock back.
    func release() {
        try? handle.close()
    }
}
