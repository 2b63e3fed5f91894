import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import TestSupport
import Twilio
import TwilioTwin

@testable import VoiceServer

/// A server under test: the whole application on a port of its own, with a data directory that goes with it.
struct TestServer: Sendable {
    let address: String
    let token: String
    let folder: String
    /// Tells the server to stop, as SIGTERM does.
    let stop: @Sendable () -> Void
    /// How the server thinks running calls do.
    let health: ServerHealth
    /// The sessions that the server knows.
    let directory: CallDirectory
    /// What requests are sent with.
    var http = HTTPClient.shared

    var isSecured: Bool { address.hasPrefix("https:") }
    var authority: String { String(address.drop { $0 != "/" }.dropFirst(2)) }
    var port: Int { authority.split(separator: ":").last.flatMap { Int($0) } ?? 0 }
    var webhook: String { address + "/api/voice/twilio/inbound" }
    /// What the servers under test say they are.
    static let version = ProgramVersion(commit: "0123456789ab")
}

/// What a request came to.
struct Answer: Sendable {
    var status: Int
    var headers: HTTPHeaders
    var text: String

    /// The answer as JSON.
    var json: [String: Any] {
        (try? JSONSerialization.jsonObject(with: Data(text.utf8))) as? [String: Any] ?? [:]
    }
}

/// Runs a server for the length of `body`, with engines that take no time unless told otherwise.
func withServer(
    _ settings: [SettingKey: String] = [:],
    folder given: String? = nil,
    file: String? = nil,
    environment: [String: String] = [:],
    log: LogWriter = .standardError,
    adjust: (inout VoiceServer) -> Void = { _ in },
    _ body: @escaping @Sendable (TestServer) async throws -> Void
) async throws {
    let folder = given ?? FileManager.default.temporaryDirectory.path + "/agentos-test-\(UUID().uuidString)"
    defer { if given == nil { try? FileManager.default.removeItem(atPath: folder) } }
    let defaults: [SettingKey: String] = [
        .port: "0", .dataDir: folder, .whisperModel: "phone-mini", .stt: "scripted", .tts: "tone", .logLevel: "critical", .drainSeconds: "1",
        // Tests share the machine with others and are no measure of it.
        .overloadLatenessMs: "0", .overloadQueueMs: "0",
    ]
    let configuration = try ServerConfiguration(flags: defaults.merging(settings) { _, given in given }, environment: environment, file: file)
    var adjusted = try VoiceServer(configuration, version: TestServer.version, probeExecutable: nil, logWriter: log)
    adjust(&adjusted)
    let server = adjusted
    let (addresses, announce) = AsyncStream<(String, String)>.makeStream()
    try await withThrowingTaskGroup { group in
        group.addTask { try await server.run { announce.yield(($0, $1)) } }
        group.addTask {
            defer { server.stop() }
            for await (address, token) in addresses {
                let started = TestServer(
                    address: address,
                    token: token,
                    folder: folder,
                    stop: { server.stop() },
                    health: server.health,
                    directory: server.directory
                )
                try await body(started)
                return
            }
        }
        try await group.waitForAll()
    }
}

extension TestServer {
    /// Sends a request; the API token goes with it unless `token` says otherwise.
    func request(
        _ method: HTTPMethod = .GET,
        _ path: String,
        token: String? = nil,
        headers: [(String, String)] = [],
        body: String? = nil
    ) async throws -> Answer {
        var request = HTTPClientRequest(url: address + path)
        request.method = method
        let bearer = token ?? self.token
        if !bearer.isEmpty { request.headers.add(name: "Authorization", value: "Bearer \(bearer)") }
        for (name, value) in headers { request.headers.add(name: name, value: value) }
        if let body {
            request.headers.replaceOrAdd(name: "Content-Type", value: "application/x-www-form-urlencoded")
            request.body = .bytes(ByteBuffer(string: body))
        }
        let response = try await http.execute(request, timeout: .seconds(20))
        let bytes = try await response.body.collect(upTo: 1 << 22)
        return Answer(status: Int(response.status.code), headers: response.headers, text: String(buffer: bytes))
    }

    /// The ids of the sessions that a list names.
    func sessions(_ path: String = "/api/voice/sessions") async throws -> [String] {
        let list = try await request(.GET, path).json["sessions"] as? [[String: Any]] ?? []
        return list.compactMap { $0["session_id"] as? String }
    }

    /// Posts a webhook as Twilio does, signed when a token is given.
    func inbound(
        callSid: String,
        from: String = "+14155551234",
        to: String = "+14155555678",
        authToken: String? = nil
    ) async throws -> Answer {
        let parameters = WebhookParameters([.init("CallSid", callSid), .init("From", from), .init("To", to), .init("CallStatus", "ringing")])
        let signature = authToken.map { [("X-Twilio-Signature", RequestSignature.sign(url: webhook, parameters: parameters, authToken: $0))] } ?? []
        return try await request(.POST, "/api/voice/twilio/inbound", token: "", headers: signature, body: parameters.formEncoded)
    }

    /// Opens a session by webhook and returns the stream token of its TwiML.
    func openSession(callSid: String, authToken: String? = nil) async throws -> String {
        let document = try TwiML(parsing: try await inbound(callSid: callSid, authToken: authToken).text)
        for case .connect(let stream) in document.verbs { return stream.parameters.first?.value ?? "" }
        return ""
    }

    /// A client of a session's media socket.
    func socket(callSid: String, headers: [(name: String, value: String)] = [("User-Agent", "Twilio.TmeWs/1.0")]) -> MediaStreamClient {
        let parts = authority.split(separator: ":")
        let path = "/api/voice/twilio/stream/twilio-\(callSid)"
        let target = MediaSocketTarget(
            host: String(parts[0]),
            port: Int(parts[1]) ?? 0,
            isSecure: isSecured,
            checksCertificate: false,
            path: path,
            authority: authority,
            headers: headers
        )
        return MediaStreamClient(target: target)
    }

    /// Lends two sockets of one session that the handshake let in: the first has its stream, the late one has not sent its `start`.
    func withLateSocket(
        _ body:
            @escaping @Sendable (
                _ first: MediaSocketOutbound, _ late: MediaSocketInbound, _ lateOutbound: MediaSocketOutbound, _ start: String
            ) async throws -> Void
    ) async throws {
        let callSid = newCallSid()
        let start = Wire.start(callSid: callSid, token: try await openSession(callSid: callSid))
        try await socket(callSid: callSid).withConnection { late, lateOutbound in
            try await socket(callSid: callSid).withConnection { _, outbound in
                try await outbound.send(start)
                _ = try await events(callSid: callSid, until: "voice.session.active")
                try await body(outbound, late, lateOutbound, start)
            }
        }
    }

    /// The events of a session that has stopped, or up to an event of this type.
    func events(callSid: String, after last: Int = 0, until type: String = "voice.session.stopped") async throws -> [[String: Any]] {
        var request = HTTPClientRequest(url: "\(address)/api/voice/sessions/twilio-\(callSid)/events")
        request.headers.add(name: "Authorization", value: "Bearer \(token)")
        if last > 0 { request.headers.add(name: "Last-Event-ID", value: "\(last)") }
        let (sent, http) = (request, http)
        let texts = try await waiting(for: "\(type) of \(callSid)") {
            let response = try await http.execute(sent, timeout: .seconds(30))
            var (text, texts) = ("", [String]())
            for try await chunk in response.body {
                text += String(buffer: chunk)
                while let end = text.firstRange(of: "\n\n") {
                    let data = text[..<end.lowerBound].split(separator: "\n").first { $0.hasPrefix("data: ") }
                    text = String(text[end.upperBound...])
                    guard let data, case let json = String(data.dropFirst(6)), let told = try Self.event(json)["type"] as? String else { continue }
                    texts.append(json)
                    if told == type || told == "voice.session.stopped" { return texts }
                }
            }
            return texts
        }
        return try texts.map(Self.event)
    }

    private static func event(_ json: String) throws -> [String: Any] {
        try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any] ?? [:]
    }
}

/// A call SID that no other test uses.
func newCallSid() -> String { Sid.random(.call) }
