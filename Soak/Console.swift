import Foundation
import Synchronization

/// What is going on, a line each, with the seconds since the start.
enum Console {
    private static let origin = ContinuousClock.now

    /// Prints a line.
    static func say(_ text: String) {
        let seconds = origin.duration(to: .now) / .seconds(1)
        try? FileHandle.standardOutput.write(contentsOf: Data((String(format: "%5.0f s  ", seconds) + text + "\n").utf8))
    }
}

/// Something that is said once and asked often.
final class Signal: Sendable {
    private let isSaid = Atomic(false)

    /// Whether it was said.
    var isGiven: Bool { isSaid.load(ordering: .relaxed) }

    /// Says it.
    func give() { isSaid.store(true, ordering: .relaxed) }
}

/// What did not hold.
actor Findings {
    private var texts: [String] = []

    /// Notes one, unless the same was noted before.
    func add(_ text: String) {
        guard !texts.contains(text) else { return }
        texts.append(text)
        Console.say("FOUND: \(text)")
    }

    /// Says how it went; false when something was found.
    func report() -> Bool {
        Console.say(texts.isEmpty ? "nothing found" : "\(texts.count) found:\n" + texts.map { "  - \($0)" }.joined(separator: "\n"))
        return texts.isEmpty
    }
}

/// A folder for one run.
enum ScratchFolder {
    /// Lends a folder and removes it.
    static func lend(_ body: (String) async throws -> Void) async throws {
        let path = FileManager.default.temporaryDirectory.path + "/agentos-soak-\(ProcessInfo.processInfo.processIdentifier)"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: path) }
        try await body(path)
    }
}

/// What keeps a run from going on, which is not a finding.
struct SoakError: Error, CustomStringConvertible {
    /// One line.
    let description: String

    /// Makes an error.
    init(_ description: String) { self.description = description }
}
