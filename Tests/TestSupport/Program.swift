import Foundation

/// The `agentos` program that tests start.
package enum Program {
    /// The program's path: `TEST_PROGRAM`, or the program that was built together with these tests, debug or release.
    package static let path: String = {
        if let chosen = ProcessInfo.processInfo.environment["TEST_PROGRAM"], !chosen.isEmpty { return chosen }
        let tests = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
        let beside = URL(fileURLWithPath: tests).deletingLastPathComponent().appendingPathComponent("agentos").path
        return FileManager.default.isExecutableFile(atPath: beside) ? beside : ".build/debug/agentos"
    }()
}
