import NIOCore
import TestSupport
import Twilio
import TwilioTwin

/// Peers that mean harm: they send what is forged, broken, too large, too slow or was genuine once.
actor HostilePeers {
    /// Peers at the same time.
    private static let width = 40
    /// Connections held open for nothing, at the most.
    private static let mostHeld = 300

    private let server: SoakServer
    private let findings: Findings
    private var random: SeededRandom
    private var held: [any Channel] = []
    private var counts: [HostileAct: Int] = [:]
    private var unanswered = 0
    /// A call that was over long ago; its webhook is sent again and again.
    private var old: (sid: String, parameters: WebhookParameters)?

    /// Makes peers that have done nothing yet.
    init(server: SoakServer, seed: UInt64, findings: Findings) {
        self.server = server
        self.findings = findings
        random = SeededRandom(seed: seed &+ 2)
    }

    /// Does so many things.
    func act(times: Int) async {
        await crowd { [share = times / Self.width + 1] round in round < share }
    }

    /// Does things until it is over.
    func act(until isOver: Signal) async {
        await crowd { _ in !isOver.isGiven }
    }

    /// Lets go of all connections that are held.
    func letGo() {
        for channel in held { channel.close(promise: nil) }
        held.removeAll()
    }

    /// Says what was done.
    func tell() {
        let list = HostileAct.allCases.map { "\($0.rawValue) \(counts[$0] ?? 0)" }.joined(separator: ", ")
        Console.say("hostile acts: \(counts.values.reduce(0, +)), of them without any answer \(unanswered) (\(list))")
    }

    private func crowd(_ goesOn: @escaping @Sendable (Int) -> Bool) async {
        await withTaskGroup { group in
            for _ in 0..<Self.width {
                group.addTask { [self] in
                    var round = 0
                    while goesOn(round), !Task.isCancelled {
                        await once()
                        round += 1
                    }
                }
            }
        }
    }

    private func once() async {
        let act = HostileAct.allCases.randomElement(using: &random) ?? .unsigned
        counts[act, default: 0] += 1
        var own = SeededRandom(seed: random.next())
        do {
            try await act.perform(with: self, on: await server.port, random: &own)
        } catch let finding as HostileFinding {
            await findings.add("\(act.rawValue): \(finding.description)")
        } catch {
            // A closed door is what such peers are to find, and a killed server answers nobody.
            unanswered += 1
            try? await Task.sleep(for: .milliseconds(20))
        }
    }

    /// Keeps a connection open for nothing; the oldest goes when there are too many.
    func hold(_ channel: any Channel) {
        held.append(channel)
        if held.count > Self.mostHeld { held.removeFirst().close(promise: nil) }
    }

    /// The webhook of a call that is over; nil while there is none, because the server is away.
    func oldCall(port: Int) async throws -> (sid: String, parameters: WebhookParameters)? {
        if let old { return old }
        let sid = Sid.random(.call)
        let parameters = WebhookParameters([.init("CallSid", sid), .init("From", "+14155550000"), .init("To", "+14155559999")])
        let over = WebhookParameters([.init("CallSid", sid), .init("CallStatus", "completed")])
        let first = try await HostileAct.post("inbound", parameters, isSigned: true, port: port)
        let last = try await HostileAct.post("status", over, isSigned: true, port: port)
        guard first.contains(" 200 "), last.contains(" 204 ") else { return nil }
        old = (sid, parameters)
        return old
    }
}

/// Something a hostile peer got that it should not have got.
struct HostileFinding: Error, CustomStringConvertible {
    let description: String
}
