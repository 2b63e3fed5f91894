import ArgumentParser
import Foundation
import TestSupport

/// Holds calls with a server while everything that can go wrong does, and says at the end what did not survive it.
@main
struct Soak: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "soak",
        abstract: "Hold calls while sockets are cut, the server is killed and hostile peers press in.",
        discussion: """
            Needs `make build` first. Everything happens on 127.0.0.1, in a folder that is removed afterwards. Calls that no fault of ours \
            touched must lose nothing; in the end no memory, descriptors or active sessions may be left over. Exit code 1 with what was found.
            """
    )

    @Option(help: "How long faults are made, in minutes.")
    var minutes = 5.0

    @Option(help: "Calls at the same time.")
    var calls = 20

    @Option(help: "Seed of the faults and hostile acts; a random one is printed.")
    var seed = UInt64.random(in: 1...999_999)

    @Option(help: "Hostile acts: so many and then an end. Without it they go on for as long as the faults.")
    var hostile: Int?

    @Flag(help: "No faults of ours: only hostile peers beside calls that must not notice them, against the same calls without.")
    var calm = false

    func run() async throws {
        Console.say("seed \(seed); \(calls) calls at a time\(calm ? ", no faults" : "")")
        let findings = Findings()
        try await ScratchFolder.lend { folder in
            let disk = calm ? nil : SmallDisk(at: "\(folder)/data")
            defer { disk?.unmount() }
            let server = SoakServer(folder: folder, engines: calm ? "scripted" : "flaky")
            do {
                try await server.start()
                try await run(server, disk, findings)
                try await server.stop(findings)
            } catch {
                await server.kill()
                throw error
            }
        }
        guard await findings.report() else { throw ExitCode(1) }
    }

    func validate() throws {
        guard minutes > 0, calls > 0, (hostile ?? 1) > 0 else { throw ValidationError("--minutes, --calls and --hostile must be above zero") }
    }

    private func run(_ server: SoakServer, _ disk: SmallDisk?, _ findings: Findings) async throws {
        let peers = HostilePeers(server: server, seed: seed, findings: findings)
        try await warmUp(server, peers)
        let before = try await server.level()
        Console.say("at rest: \(before)")
        if calm { try await hostileBesideCalm(server, peers, findings) } else { try await faults(server, disk, peers, findings) }
        await peers.letGo()
        try await Aftermath(server: server, before: before, findings: findings).judge()
    }

    /// What is allocated once and kept - pools, caches, the store's pages - is there before anything is measured.
    private func warmUp(_ server: SoakServer, _ peers: HostilePeers) async throws {
        Console.say("warming up")
        let fleet = CallFleet(server: server, size: calls, seed: seed, cuts: false)
        async let rest: Void = peers.act(times: 300)
        try await fleet.run(rounds: 1)
        await rest
        await peers.letGo()
    }

    private func hostileBesideCalm(_ server: SoakServer, _ peers: HostilePeers, _ findings: Findings) async throws {
        let alone = CallFleet(server: server, size: calls, seed: seed, cuts: false)
        Console.say("\(calls) calls by themselves")
        try await alone.run(rounds: 2)
        await alone.judge("calls by themselves", findings)
        let before = try await server.frames()
        let beset = CallFleet(server: server, size: calls, seed: seed, cuts: false)
        let acts = hostile ?? 5000
        Console.say("\(calls) calls beside \(acts) hostile acts")
        let isOver = Signal()
        await withThrowingTaskGroup { group in
            group.addTask { try await beset.run(until: isOver) }
            group.addTask {
                await peers.act(times: acts)
                isOver.give()
            }
        }
        await beset.judge("calls beside hostile acts", findings)
        let after = try await server.frames()
        let late = after.late - before.late
        Console.say("of \(after.sent - before.sent) frames of answers sent meanwhile, \(late) were more than 100 ms late")
        if late > 0 { await findings.add("\(late) frames were sent more than 100 ms late beside hostile peers") }
        let (calm, pressed) = (await alone.worstResponseMs, await beset.worstResponseMs)
        Console.say("slowest answer: \(calm) ms by themselves, \(pressed) ms beside hostile acts")
        if pressed > calm + 100 { await findings.add("an answer was \(pressed - calm) ms later than without hostile peers; 100 ms are allowed") }
        await peers.tell()
    }

    private func faults(_ server: SoakServer, _ disk: SmallDisk?, _ peers: HostilePeers, _ findings: Findings) async throws {
        let fleet = CallFleet(server: server, size: calls, seed: seed, cuts: true)
        let isOver = Signal()
        try await withThrowingTaskGroup { group in
            group.addTask { try await fleet.run(until: isOver) }
            group.addTask {
                if let hostile { await peers.act(times: hostile) } else { await peers.act(until: isOver) }
            }
            group.addTask {
                try await FaultMaker(server: server, fleet: fleet, disk: disk, seed: seed).run(for: .seconds(minutes * 60))
                isOver.give()
            }
            try await group.waitForAll()
        }
        await fleet.judge("calls", findings)
        await peers.tell()
    }
}
