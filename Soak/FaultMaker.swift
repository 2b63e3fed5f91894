import Foundation
import TestSupport

/// Does to a server, now and then, what machines and people do.
struct FaultMaker {
    /// What is done.
    private enum Fault: CaseIterable {
        /// `kill -9`, and a new start a moment later.
        case killed
        /// The process stands still for a second and a half.
        case frozen
        /// The disk of the data directory is full for some seconds.
        case fullDisk
    }

    let server: SoakServer
    let fleet: CallFleet
    /// The data directory's own disk; nil where there is none.
    let disk: SmallDisk?
    let seed: UInt64

    /// Makes faults for so long.
    func run(for duration: Duration) async throws {
        var random = SeededRandom(seed: seed &+ 1)
        let end = ContinuousClock.now + duration
        if disk == nil { Console.say("skipped: a full disk, since only root can mount one of a few MiB for the data directory") }
        Console.say("skipped: restarts of Redis, since this program places its calls with one server")
        while ContinuousClock.now < end {
            try await Task.sleep(for: .seconds(Int.random(in: 6...14, using: &random)))
            guard await server.isRunning else { throw SoakError("the server ended by itself") }
            switch Fault.allCases.randomElement(using: &random) {
            case .frozen: try await freeze()
            case .fullDisk: try await fill()
            case .killed, nil: try await kill(pauseMs: Int.random(in: 0...1500, using: &random))
            }
        }
    }

    private func kill(pauseMs: Int) async throws {
        await fleet.disturb()
        await server.kill()
        try await Task.sleep(for: .milliseconds(pauseMs))
        try await server.start()
        await fleet.disturb()
        let level = try await server.level()
        Console.say("killed and started again after \(pauseMs) ms: \(level)")
    }

    private func freeze() async throws {
        await fleet.disturb()
        try await server.freeze(for: .milliseconds(1500))
        await fleet.disturb()
        Console.say("held still for 1,500 ms")
    }

    private func fill() async throws {
        guard let disk else { return try await freeze() }
        await fleet.disturb()
        disk.fill()
        try await Task.sleep(for: .seconds(4))
        disk.free()
        // The store tries again within a second or two.
        try await Task.sleep(for: .seconds(3))
        await fleet.disturb()
        Console.say("the disk was full for 4 s")
    }
}
