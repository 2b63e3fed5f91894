import Audio
import NIOCore
import NIOHTTP1
import NIOWebSocket
import Synchronization
import Testing
import Twilio

@testable import TwilioTwin

/// Whole calls against a tiny server over real sockets, in fast time.
@Suite(.timeLimit(.minutes(10))) struct TwinCallTests {
    private static let token = "0123456789abcdef0123456789abcdef"

    private static func document(_ verbs: String) -> String { "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Response>\(verbs)</Response>" }

    private static func connect(_ host: String, then rest: String = "") -> String {
        document("<Connect><Stream url=\"wss://\(host)/media\"><Parameter name=\"token\" value=\"t\"/></Stream></Connect>" + rest)
    }

    private func place(_ configuration: TwinCallConfiguration) async throws -> TwinCallReport {
        try await TwinCall(configuration, clock: AcceleratedClock(factor: 10)).run()
    }

    @Test func webhookIsSignedAndSaysWhoCalls() async throws {
        try await TinyServer.withServer(answer: { _ in (200, Self.document("<Say>Hi.</Say><Hangup/>")) }) { server in
            let url = "http://127.0.0.1:\(server.port)/voice?tenant=a"
            let report = try await place(.init(webhookURL: url, from: "+15005550001", to: "+15005550006", callSid: "CA1", authToken: Self.token))
            let request = try #require(server.requests.first)
            let parameters = WebhookParameters(formEncoded: Array(request.body.utf8))
            #expect(parameters["CallSid"] == "CA1")
            #expect(parameters["From"] == "+15005550001")
            #expect(parameters["CallStatus"] == "ringing")
            #expect(request.headers["User-Agent"] == ["TwilioProxy/1.1"])
            let signature = try #require(request.headers["X-Twilio-Signature"].first)
            #expect(RequestSignature(authTokens: [Self.token]).validate(signature, url: url, parameters: parameters))
            #expect(report.ending == .hangup)
            #expect(report.verbs == [.say("Hi.", voice: nil), .hangup])
        }
    }

    @Test func publicURLIsWhatGetsSigned() async throws {
        try await TinyServer.withServer(answer: { _ in (200, Self.document("")) }) { server in
            let url = "http://127.0.0.1:\(server.port)/voice"
            _ = try await place(.init(webhookURL: url, authToken: Self.token, publicURL: "https://voice.example.com"))
            let request = try #require(server.requests.first)
            let parameters = WebhookParameters(formEncoded: Array(request.body.utf8))
            let signature = try #require(request.headers["X-Twilio-Signature"].first)
            let validator = RequestSignature(authTokens: [Self.token])
            #expect(validator.validate(signature, url: "https://voice.example.com/voice", parameters: parameters))
            #expect(!validator.validate(signature, url: url, parameters: parameters))
        }
    }

    @Test func getPutsTheParametersInTheSignedQuery() async throws {
        try await TinyServer.withServer(answer: { _ in (200, Self.document("")) }) { server in
            let origin = "http://127.0.0.1:\(server.port)"
            _ = try await place(.init(webhookURL: origin + "/voice", callSid: "CA9", authToken: Self.token, method: .get))
            let request = try #require(server.requests.first)
            #expect(request.method == "GET")
            #expect(request.uri.contains("CallSid=CA9"))
            let signature = try #require(request.headers["X-Twilio-Signature"].first)
            #expect(RequestSignature(authTokens: [Self.token]).validate(signature, url: origin + request.uri, parameters: .init()))
        }
    }

    @Test func callerHearsTheEchoAndTheHandshakeIsTwilios() async throws {
        try await TinyServer.withServer(
            answer: { request in (200, Self.connect(request.headers["Host"].first ?? "")) },
            session: MediaSession.echo
        ) { server in
            let script: [CallerStep] = [.say(clip: tone(100), label: "hello"), .waitForAnswer(quietMs: 0, timeoutMs: 4000), .wait(400), .hangUp]
            let report = try await place(
                .init(webhookURL: "http://127.0.0.1:\(server.port)/voice", authToken: Self.token, script: script)
            )
            let handshake = try #require(server.requests.first { $0.method == "UPGRADE" })
            #expect(handshake.uri == "/media")
            #expect(handshake.headers["User-Agent"] == ["Twilio.TmeWs/1.0"])
            #expect(!handshake.headers.contains(name: "Origin"))
            #expect(!handshake.headers.contains(name: "Sec-WebSocket-Extensions"))
            let signature = try #require(handshake.headers["X-Twilio-Signature"].first)
            let signed = "wss://127.0.0.1:\(server.port)/media"
            #expect(RequestSignature(authTokens: [Self.token]).validate(signature, url: signed, parameters: .init()))
            #expect(report.ending == .callerHungUp)
            #expect(report.streams == [.callerHungUp])
            #expect(report.faults.isEmpty)
            #expect(report.failures.isEmpty)
            #expect(report.totals.marksPlayed == 1)
            #expect(report.totals.mediaSent >= 25)
            let agent = report.recording.channels[1]
            #expect(Loudness(of: agent).peak > -30)
            #expect(report.recording.channels[0].count == agent.count)
        }
    }

    /// Time passes so fast that the caller is always seconds behind.
    @Test func aCallerOnABusyMachineDoesNotBlameTheServer() async throws {
        try await TinyServer.withServer(
            answer: { request in (200, Self.connect(request.headers["Host"].first ?? "")) },
            session: MediaSession.echo
        ) { server in
            var configuration = TwinCallConfiguration(webhookURL: "http://127.0.0.1:\(server.port)/voice", script: [.wait(6000), .hangUp])
            // A minute outside.
            configuration.maximumSeconds = 120_000
            let report = try await TwinCall(configuration, clock: AcceleratedClock(factor: 2000)).run()
            #expect(report.streams == [.callerHungUp])
            #expect(report.totals.mediaDiscarded == 0 && report.totals.mediaSent >= 300)
            #expect(report.faults.isEmpty)
        }
    }

    @Test func verbAfterTheStreamRunsWhenTheServerCloses() async throws {
        try await TinyServer.withServer(
            answer: { request in
                request.uri == "/voice"
                    ? (200, Self.connect(request.headers["Host"].first ?? "", then: "<Redirect>/next</Redirect>")) : (200, Self.document("<Hangup/>"))
            },
            session: { inbound, outbound in
                var hasClosed = false
                for try await frame in inbound where !hasClosed && MediaSession.Message(frame)?.event == "media" {
                    hasClosed = true
                    try await MediaSession.close(outbound)
                }
            }
        ) { server in
            let report = try await place(.init(webhookURL: "http://127.0.0.1:\(server.port)/voice", callSid: "CA7", script: []))
            #expect(report.streams == [.serverClosed(code: 1000)])
            #expect(report.ending == .hangup)
            let next = try #require(server.requests.last)
            #expect(next.uri == "/next")
            let parameters = WebhookParameters(formEncoded: Array(next.body.utf8))
            #expect(parameters["CallSid"] == "CA7")
            #expect(parameters["CallStatus"] == "in-progress")
        }
    }

    @Test func refusedHandshakeIsReportedAndTheCallGoesOn() async throws {
        try await TinyServer.withServer(
            answer: { request in (200, Self.connect(request.headers["Host"].first ?? "", then: "<Say>Sorry.</Say>")) },
            refusal: 404
        ) { server in
            let report = try await place(.init(webhookURL: "http://127.0.0.1:\(server.port)/voice"))
            #expect(report.failures.map(\.code) == [.handshakeRefused])
            #expect(report.failures.first?.status == 404)
            #expect(report.failures.first?.message.contains("no such session") == true)
            #expect(report.faults.map(\.code) == [31920])
            #expect(report.verbs.last == .say("Sorry.", voice: nil))
            #expect(report.ending == .endOfDocument)
        }
    }

    @Test func oneWayStreamRunsBesideThePauseUntilTheCallerHangsUp() async throws {
        let parameters = Mutex<[String: String]>([:])
        try await TinyServer.withServer(
            answer: { request in
                let stream = "<Stream url=\"wss://\(request.headers["Host"].first ?? "")/media\"><Parameter name=\"k\" value=\"v\"/></Stream>"
                return (200, Self.document("<Start>\(stream)</Start><Pause length=\"14400\"/>"))
            },
            session: { inbound, outbound in
                for try await frame in inbound {
                    guard let message = MediaSession.Message(frame) else { continue }
                    if message.event == "start" { parameters.withLock { $0 = message.parameters } }
                    if message.event == "stop" { return try await MediaSession.close(outbound) }
                }
            }
        ) { server in
            let script: [CallerStep] = [.say(clip: tone(100), label: "hello"), .hangUp]
            let report = try await place(.init(webhookURL: "http://127.0.0.1:\(server.port)/voice", script: script))
            #expect(report.ending == .callerHungUp)
            #expect(report.durationMs < 14_400_000, "the caller does not wait for the pause to end")
            #expect(report.turns.map(\.label) == ["hello"])
            #expect(parameters.withLock { $0 } == ["k": "v"])
        }
    }

    @Test func cutSocketReachesTheServerWithoutAWordAndTheCallGoesOn() async throws {
        let words = Mutex<[String]>([])
        try await TinyServer.withServer(
            answer: { request in (200, Self.connect(request.headers["Host"].first ?? "", then: "<Say>Back.</Say>")) },
            session: { inbound, _ in
                for try await frame in inbound {
                    let word = frame.opcode == .connectionClose ? "close" : MediaSession.Message(frame)?.event ?? "?"
                    words.withLock { $0.append(word) }
                }
            }
        ) { server in
            let report = try await place(.init(webhookURL: "http://127.0.0.1:\(server.port)/voice", script: [.wait(100), .cutSocket]))
            #expect(report.streams == [.callerCutSocket])
            #expect(report.verbs.last == .say("Back.", voice: nil))
            #expect(Set(words.withLock { $0 }).isSubset(of: ["connected", "start", "media"]))
        }
    }

    @Test func cancelledCallEnds() async throws {
        try await TinyServer.withServer(
            answer: { request in (200, Self.connect(request.headers["Host"].first ?? "")) },
            session: MediaSession.echo
        ) { server in
            let (connected, signal) = AsyncStream.makeStream(of: Void.self)
            let configuration = TwinCallConfiguration(webhookURL: "http://127.0.0.1:\(server.port)/voice", script: [.wait(300_000)])
            let call = TwinCall(configuration, clock: AcceleratedClock(factor: 10)) { event in
                if case .streamConnected = event.kind { signal.yield() }
            }
            await withThrowingTaskGroup(of: TwinCallReport.self) { group in
                group.addTask { try await call.run() }
                for await _ in connected { break }
                group.cancelAll()
                await #expect(throws: CancellationError.self) { try await group.next() }
            }
        }
    }

    @Test(arguments: [(500, "boom", TwinError.Code.webhookStatus), (200, "hello", .webhookNotTwiML)])
    func uselessWebhookIsAnError(status: Int, body: String, code: TwinError.Code) async throws {
        try await TinyServer.withServer(answer: { _ in (status, body) }) { server in
            let error = await #expect(throws: TwinError.self) { try await place(.init(webhookURL: "http://127.0.0.1:\(server.port)/voice")) }
            #expect(error?.code == code)
            #expect(error?.message.contains(body) == true)
        }
    }

    @Test func absentServerIsAnError() async throws {
        let error = await #expect(throws: TwinError.self) { try await place(.init(webhookURL: "http://127.0.0.1:1/voice")) }
        #expect(error?.code == .webhookUnreachable)
    }

    @Test func endlessRedirectsEndTheCall() async throws {
        try await TinyServer.withServer(answer: { _ in (200, Self.document("<Redirect>/voice</Redirect>")) }) { server in
            let report = try await place(.init(webhookURL: "http://127.0.0.1:\(server.port)/voice"))
            #expect(report.ending == .failed)
            #expect(report.failures.map(\.code) == [.tooManyRedirects])
            #expect(server.requests.count == 11)
        }
    }

    @Test func endOfCallIsReportedToTheStatusCallback() async throws {
        try await TinyServer.withServer(answer: { _ in (200, Self.document("<Hangup/>")) }) { server in
            let origin = "http://127.0.0.1:\(server.port)"
            _ = try await place(.init(webhookURL: origin + "/voice", authToken: Self.token, statusCallbackURL: origin + "/status"))
            let callback = try #require(server.requests.last)
            #expect(callback.uri == "/status")
            #expect(WebhookParameters(formEncoded: Array(callback.body.utf8))["CallStatus"] == "completed")
        }
    }
}
