import Foundation

/// A disk of a few MiB in memory, to be filled.
struct SmallDisk: Sendable {
    private static let megabytes = 256

    /// Where it is mounted.
    let path: String
    private var ballast: String { "\(path)/ballast" }

    /// Mounts a disk at a folder; nil where that is not allowed.
    init?(at path: String) {
        self.path = path
        try? FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        guard geteuid() == 0, Self.run("mount", ["-t", "tmpfs", "-o", "size=\(Self.megabytes)m", "agentos-soak", path]) else { return nil }
    }

    /// Leaves no byte free.
    func fill() {
        guard FileManager.default.createFile(atPath: ballast, contents: nil), let file = FileHandle(forWritingAtPath: ballast) else { return }
        defer { try? file.close() }
        for size in [1 << 20, 1 << 12, 1] {
            let block = Data(count: size)
            while (try? file.write(contentsOf: block)) != nil {}
        }
    }

    /// Frees it again.
    func free() { try? FileManager.default.removeItem(atPath: ballast) }

    /// Takes the disk away.
    func unmount() { _ = Self.run("umount", [path]) }

    private static func run(_ program: String, _ arguments: [String]) -> Bool {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [program] + arguments
        process.standardError = FileHandle.nullDevice
        guard (try? process.run()) != nil else { return false }
        process.waitUntilExit()
        return process.terminationStatus == 0
    }
}
