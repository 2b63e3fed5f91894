import Foundation

/// What is left when all calls are over and all peers are gone.
struct Aftermath {
    /// The server has so long to come to rest: longer than a connection may idle.
    private static let patience = Duration.seconds(100)
    /// Memory that may have come to stay: the allocator keeps what 400 connections at once took (some 30 MiB), and the store's cache fills.
    private static let allowedMiB = 48.0
    /// Descriptors that may have come to stay: the store opens readers when it needs them.
    private static let allowedDescriptors = 8

    let server: SoakServer
    let before: Level
    let findings: Findings

    /// Waits for the server to come to rest, and notes what stays.
    func judge() async throws {
        let end = ContinuousClock.now + Self.patience
        var (level, active) = try await (server.level(), server.sessions("active"))
        while !isAtRest(level, active), ContinuousClock.now < end {
            try await Task.sleep(for: .seconds(1))
            (level, active) = try await (server.level(), server.sessions("active"))
        }
        Console.say("afterwards: \(level), \(active) sessions active")
        if active > 0 { await findings.add("\(active) sessions are still active") }
        if level.descriptors > before.descriptors + Self.allowedDescriptors {
            await findings.add("\(level.descriptors) descriptors are open, \(before.descriptors) were before")
        }
        if level.memoryMiB > before.memoryMiB + Self.allowedMiB {
            await findings.add(String(format: "%.0f MiB of memory are in use, %.0f were before", level.memoryMiB, before.memoryMiB))
        }
    }

    private func isAtRest(_ level: Level, _ active: Int) -> Bool {
        active == 0 && level.descriptors <= before.descriptors + Self.allowedDescriptors && level.memoryMiB <= before.memoryMiB + Self.allowedMiB
    }
}
