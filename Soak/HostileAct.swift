import TestSupport
import Twilio
import TwilioTwin

/// One thing a hostile peer does.
enum HostileAct: String, CaseIterable, Sendable {
    case unsigned
    case forged
    case replayedWebhook = "replayed webhook"
    case garbage
    case largeHead = "large head"
    case largeBody = "large body"
    case slowHead = "slow head"
    case slowBody = "slow body"
    case guessedToken = "guessed token"
    case unsignedSocket = "unsigned socket"
    case replayedSocket = "replayed socket"
    case stolenStream = "stolen stream"
    case brokenFrames = "broken frames"
    case largeFrame = "large frame"

    private static let head = "POST /api/voice/twilio/inbound HTTP/1.1\r\nHost: h\r\nContent-Type: application/x-www-form-urlencoded\r\n"

    /// Does it; throws ``HostileFinding`` when the server was taken in.
    func perform(with peers: HostilePeers, on port: Int, random: inout SeededRandom) async throws {
        switch self {
        case .unsigned, .forged:
            let parameters = WebhookParameters([.init("CallSid", Sid.random(.call)), .init("From", "+1415555"), .init("To", "+1416")])
            let answer = try await Self.post("inbound", parameters, isSigned: false, forged: self == .forged, port: port)
            try Self.expect(answer, [403])
        case .replayedWebhook:
            guard let old = try await peers.oldCall(port: port) else { return }
            let answer = try await Self.post("inbound", old.parameters, isSigned: true, port: port)
            guard !answer.contains("<Stream") else { throw HostileFinding(description: "a call that was over was taken again") }
        case .garbage:
            let noise = (0..<Int.random(in: 1...300, using: &random)).map { _ in UInt8.random(in: 0...255, using: &random) }
            try Self.expect(try await RawPeer.ask(port, noise + Array("\r\n\r\n".utf8)), [400])
        case .largeHead:
            try Self.expect(try await RawPeer.ask(port, "GET / HTTP/1.1\r\nHost: h\r\nX: \(String(repeating: "x", count: 90_000))\r\n\r\n"), [400])
        case .largeBody:
            let body = String(repeating: "x", count: (2 << 20) + 1)
            try Self.expect(try await RawPeer.ask(port, Self.head + "Content-Length: \(body.utf8.count)\r\n\r\n\(body)"), [413])
        case .slowHead: await peers.hold(try await RawPeer.connect(port, saying: "GET /healthz HTTP/1.1\r\nHost: h\r\nX: "))
        case .slowBody: await peers.hold(try await RawPeer.connect(port, saying: Self.head + "Content-Length: 1000\r\n\r\nCallSid=CA1"))
        case .guessedToken:
            let paths = ["/", "/api/voice/sessions", "/metrics", "/api/voice/events", "/api/voice/sessions/..%2F..%2Fapi-token"]
            let path = paths.randomElement(using: &random) ?? "/"
            try Self.expect(try await RawPeer.ask(port, "GET \(path)?token=guess HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n"), [401])
        case .unsignedSocket, .replayedSocket: try await openNothing(peers, port)
        case .stolenStream, .brokenFrames, .largeFrame: try await speakOutOfTurn(port, random: &random)
        }
    }

    /// Asks for a socket that there is none for.
    private func openNothing(_ peers: HostilePeers, _ port: Int) async throws {
        let old = self == .replayedSocket ? try await peers.oldCall(port: port)?.sid : nil
        let sid = old ?? Sid.random(.call)
        do {
            try await Self.socket(sid, isSigned: self == .replayedSocket, port: port).withConnection { _, _ in }
        } catch let error as TwinError where error.code == .handshakeRefused {
            return
        }
        throw HostileFinding(description: "the handshake was accepted")
    }

    /// Opens a genuine call's socket and then does not keep to the rules.
    private func speakOutOfTurn(_ port: Int, random: inout SeededRandom) async throws {
        let sid = Sid.random(.call)
        let parameters = WebhookParameters([.init("CallSid", sid), .init("From", "+14155550001"), .init("To", "+14155559999")])
        let answer = try await Self.post("inbound", parameters, isSigned: true, port: port)
        let token = answer.firstRange(of: "value=\"").map { answer[$0.upperBound...].prefix { $0 != "\"" } } ?? ""
        var frames = [Self.start(sid, token: self == .stolenStream ? "stolen" : String(token))]
        let whole = Array(#"{"event":"media","streamSid":"MZ1","media":{"timestamp":"20","payload":"/////w=="}}"#.utf8)
        switch self {
        case .brokenFrames: frames += (0..<50).map { _ in random.mutate(whole) }
        case .largeFrame: frames.append([UInt8](repeating: 0x78, count: 1 << 20))
        default: break
        }
        try await Self.socket(sid, isSigned: true, port: port).withConnection { inbound, outbound in
            for frame in frames { try await outbound.text(frame) }
            if self == .brokenFrames { return }
            for try await case .closed(let code) in inbound {
                guard code == 1008 || code == 1009 else { throw HostileFinding(description: "the socket was closed with \(code ?? 0)") }
                return
            }
        }
        let over = WebhookParameters([.init("CallSid", sid), .init("CallStatus", "completed")])
        _ = try await Self.post("status", over, isSigned: true, port: port)
    }

    private static func start(_ sid: String, token: String) -> [UInt8] {
        var json: [UInt8] = []
        let start = StreamStart(accountSid: "AC1", callSid: sid, streamSid: "MZ1", customParameters: ["token": token])
        MediaStreamCoding.encode(.start(start, sequenceNumber: 1), into: &json)
        return json
    }

    private static func socket(_ sid: String, isSigned: Bool, port: Int) -> MediaStreamClient {
        let path = "/api/voice/twilio/stream/twilio-\(sid)"
        var headers = [(name: "User-Agent", value: "Twilio.TmeWs/1.0")]
        if isSigned {
            let url = "wss://127.0.0.1:\(port)\(path)"
            headers.append(("X-Twilio-Signature", RequestSignature.sign(url: url, parameters: WebhookParameters(), authToken: SoakServer.authToken)))
        }
        let target = MediaSocketTarget(
            host: "127.0.0.1",
            port: port,
            isSecure: false,
            path: path,
            authority: "127.0.0.1:\(port)",
            headers: headers
        )
        return MediaStreamClient(target: target)
    }

    /// Posts a webhook and gives the whole answer.
    static func post(_ name: String, _ parameters: WebhookParameters, isSigned: Bool, forged: Bool = false, port: Int) async throws -> String {
        let path = "/api/voice/twilio/\(name)"
        let token = isSigned ? SoakServer.authToken : "guess"
        let signature = RequestSignature.sign(url: "http://127.0.0.1:\(port)\(path)", parameters: parameters, authToken: token)
        let body = parameters.formEncoded
        let proof = isSigned || forged ? "X-Twilio-Signature: \(signature)\r\n" : ""
        let head = "POST \(path) HTTP/1.1\r\nHost: 127.0.0.1:\(port)\r\nConnection: close\r\nContent-Type: application/x-www-form-urlencoded\r\n"
        return try await RawPeer.ask(port, head + proof + "Content-Length: \(body.utf8.count)\r\n\r\n\(body)")
    }

    /// An answer must have one of these statuses; no answer at all is one, too.
    private static func expect(_ answer: String, _ statuses: [Int]) throws {
        guard !answer.isEmpty else { return }
        let status = answer.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
        guard statuses.contains(status) else { throw HostileFinding(description: "the answer was \(status)") }
    }
}

extension SeededRandom {
    /// Damages a message in a few places.
    fileprivate mutating func mutate(_ bytes: [UInt8]) -> [UInt8] {
        var damaged = bytes
        for _ in 0..<Int.random(in: 1...4, using: &self) {
            damaged[Int.random(in: 0..<damaged.count, using: &self)] = UInt8.random(in: 32...126, using: &self)
        }
        return damaged
    }
}
