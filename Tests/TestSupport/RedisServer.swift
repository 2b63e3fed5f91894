import Foundation
import Synchronization

/// A Redis server of one test's own: a process in a folder of its own that nothing outlives.
package final class RedisServer: Sendable {
    /// The server could not be used.
    package struct Failure: Error, CustomStringConvertible {
        package let description: String
    }

    /// Where its files are.
    package let folder = FileManager.default.temporaryDirectory.path + "/agentos-redis-\(UUID().uuidString.prefix(8))"
    private let arguments: [String]
    private let process = Mutex<(Process, AsyncStream<Void>)?>(nil)

    init(arguments: [String]) throws {
        self.arguments = arguments
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    }

    /// The address of its socket.
    package var url: String { "unix:\(folder)/redis.sock" }

    /// Starts it, empty; returns when it takes connections.
    package func start() async throws {
        let server = Process()
        server.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        server.arguments =
            ["redis-server", "--port", "0", "--unixsocket", "\(folder)/redis.sock", "--dir", folder, "--save", "", "--appendonly", "no"] + arguments
        let output = Pipe()
        server.standardOutput = output
        server.standardError = FileHandle.nullDevice
        let (exit, exited) = AsyncStream<Void>.makeStream()
        let (lines, line) = AsyncStream<String>.makeStream()
        server.terminationHandler = { _ in exited.finish() }
        try server.run()
        let reading = output.fileHandleForReading
        // What it says is read to its end, on a thread that may wait for it.
        Thread.detachNewThread {
            while case let data = reading.availableData, !data.isEmpty { line.yield(String(decoding: data, as: UTF8.self)) }
            line.finish()
        }
        process.withLock { $0 = (server, exit) }
        var said = ""
        for await text in lines {
            said += text
            if said.contains("eady to accept connections") { return }
        }
        throw Failure(description: "redis-server does not run (Scripts/setup.sh installs it): \(said.suffix(500))")
    }

    /// Stops it in its tracks: it takes connections and answers nothing.
    package func suspend() {
        process.withLock { if let (server, _) = $0 { _ = Foundation.kill(server.processIdentifier, SIGSTOP) } }
    }

    /// Lets it go on.
    package func resume() {
        process.withLock { if let (server, _) = $0 { _ = Foundation.kill(server.processIdentifier, SIGCONT) } }
    }

    /// Kills it as a power cut would; returns when it is gone.
    package func kill() async {
        guard
            let (server, exit) = process.withLock({ process in
                defer { process = nil }
                return process
            })
        else { return }
        _ = Foundation.kill(server.processIdentifier, SIGKILL)
        for await _ in exit {}
    }
}

/// Runs a Redis server for the length of `body`.
package func withRedis<Result>(_ arguments: [String] = [], _ body: (RedisServer) async throws -> Result) async throws -> Result {
    let server = try RedisServer(arguments: arguments)
    do {
        try await server.start()
        let result = try await body(server)
        await server.kill()
        try? FileManager.default.removeItem(atPath: server.folder)
        return result
    } catch {
        await server.kill()
        try? FileManager.default.removeItem(atPath: server.folder)
        throw error
    }
}
