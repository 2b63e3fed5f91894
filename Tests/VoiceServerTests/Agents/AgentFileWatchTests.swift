import Foundation
import Logging
import Synchronization
import Testing

@testable import VoiceServer

/// Changes of the configuration file while the server runs.
@Suite struct AgentFileWatchTests {
    private struct Watched {
        var path: String
        var book: AgentBook
        var watch: AgentFileWatch
        var log: CollectedLog

        /// Writes in place, as a shell does.
        func write(_ text: String) throws {
            let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
            try handle.truncate(atOffset: 0)
            try handle.write(contentsOf: Data(text.utf8))
            try handle.close()
        }

        /// Looks until the file is taken for settled, and once more.
        func look() async -> AgentFileWatch.Look {
            _ = await watch.look()
            return await watch.look()
        }
    }

    private final class Changes: Sendable {
        let names = Mutex<[[String]]>([])
    }

    private func withWatch(
        _ text: String,
        onChange: @escaping @Sendable (AgentFile) async -> Void = { _ in },
        _ body: (Watched) async throws -> Void
    ) async throws {
        let folder = FolderFixture()
        try FileManager.default.createDirectory(atPath: folder.path, withIntermediateDirectories: true)
        defer { folder.remove() }
        let path = folder.path + "/agentos.yaml"
        try text.write(toFile: path, atomically: true, encoding: .utf8)
        let file = try ServerConfiguration(flags: [:], environment: [:], file: path).agentFile
        let book = AgentBook(file)
        let log = CollectedLog()
        let logger = Logger(label: "test") { _ in log }
        let watch = AgentFileWatch(path, book: book, environment: [:], logger: logger, onChange: onChange)
        try await body(Watched(path: path, book: book, watch: watch, log: log))
    }

    @Test func aChangeIsPutInForceOnceItIsComplete() async throws {
        let changes = Changes()
        try await withWatch("agents: [{name: a}]", onChange: { file in changes.names.withLock { $0.append(file.agents.map(\.name)) } }) { watched in
            #expect(await watched.look() == .unchanged)
            try watched.write("agents: [{name: b}]")
            #expect(await watched.watch.look() == .unchanged, "it may still be written")
            #expect(await watched.watch.look() == .replaced)
            #expect(watched.book.agents.map(\.name) == ["b"] && watched.book.generation == 2)
            #expect(await watched.look() == .unchanged)
            try "agents: [{name: c}]".write(toFile: watched.path, atomically: true, encoding: .utf8)
            #expect(await watched.look() == .replaced, "a file that another was renamed to")
            #expect(changes.names.withLock(\.self) == [["b"], ["c"]])
        }
    }

    @Test func aFaultLeavesTheAgentsAndIsToldOnce() async throws {
        try await withWatch("agents: [{name: a}]") { watched in
            try watched.write("agents:\n  - name: b\n    retries: 9\nport: 99999\n")
            guard case .refused(let faults) = await watched.look() else {
                Issue.record("not refused")
                return
            }
            #expect(faults.map(\.place) == [FilePlace(line: 3, column: 14), FilePlace(line: 4, column: 7)])
            #expect(await watched.look() == .unchanged)
            #expect(watched.log.messages.count == 2 && watched.book.agents.map(\.name) == ["a"])
            try watched.write("agents: [{name: b}]")
            #expect(await watched.look() == .replaced)
        }
    }

    @Test func anEmptyOrHalfWrittenFileIsReadAgainWhenItIsComplete() async throws {
        try await withWatch("agents: [{name: a}]") { watched in
            for text in ["", "agents: [{na", "\n"] {
                try watched.write(text)
                guard case .refused = await watched.look() else {
                    Issue.record("not refused: \(text)")
                    continue
                }
                #expect(watched.book.agents.map(\.name) == ["a"])
            }
            try watched.write("agents: [{name: b}]")
            #expect(await watched.look() == .replaced)
        }
    }

    @Test func aFileThatIsGoneLeavesTheAgents() async throws {
        try await withWatch("agents: [{name: a}]") { watched in
            try FileManager.default.removeItem(atPath: watched.path)
            #expect(await watched.look() == .missing)
            #expect(watched.log.messages.count == 1 && watched.book.agents.map(\.name) == ["a"])
            try "agents: [{name: b}]".write(toFile: watched.path, atomically: true, encoding: .utf8)
            #expect(await watched.look() == .replaced)
        }
    }

    @Test func settingsThatWantARestartAreNamed() async throws {
        try await withWatch("port: 1\nagents: [{name: a}]") { watched in
            try watched.write("port: 2\nstt: whisper\nagents: [{name: b}]")
            #expect(await watched.look() == .replaced)
            #expect(watched.log.messages == ["The configuration file was read again", "Settings changed that take effect at the next start"])
            try watched.write("port: 2\nstt: whisper\nagents: [{name: c}]")
            #expect(await watched.look() == .replaced)
            #expect(watched.log.messages.count == 3)
        }
    }
}
