import NIOCore
import NIOHTTP1
import NIOWebSocket
import Synchronization
import Testing
import Twilio

@testable import TwilioTwin

/// Calls that a server changes by REST while they are in progress, over real sockets, in fast time.
@Suite(.timeLimit(.minutes(10))) struct TwinRESTTests {
    private static let callSid = "CA00000000000000000000000000000001"

    /// What the call's streams were told, word by word, and a signal for each that has begun to send audio.
    private final class Streams: Sendable {
        let words = Mutex<[String]>([])
        private let begun = AsyncStream.makeStream(of: Void.self)

        /// Waits until another stream sends audio.
        func next() async { for await _ in begun.stream { return } }

        /// The server's end of a stream: listens until Twilio ends it.
        @Sendable func session(_ inbound: TinyServer.Inbound, _ outbound: TinyServer.Outbound) async throws {
            var last = ""
            for try await frame in inbound {
                let word = frame.opcode == .connectionClose ? "close" : MediaSession.Message(frame)?.event ?? "?"
                guard word != last else { continue }
                words.withLock { $0.append(word) }
                if word == "media" { begun.continuation.yield() }
                if word == "close" { return try await MediaSession.close(outbound) }
                last = word
            }
        }
    }

    private static func connect(_ request: TinyServer.Request) -> (status: Int, body: String) {
        (200, "<Response><Connect><Stream url=\"wss://\(request.headers["Host"].first ?? "")/media\"/></Connect></Response>")
    }

    /// Places a call whose caller stays silent, lets `act` do something to it, and tells how it went.
    private func withCall(
        answer: @escaping @Sendable (TinyServer.Request) -> (status: Int, body: String) = Self.connect,
        dialing: Dialing = .answered(seconds: 1),
        act: @Sendable (RESTCaller, Streams, TinyServer) async throws -> Void
    ) async throws -> (report: TwinCallReport, words: [String], requests: [TinyServer.Request]) {
        let streams = Streams()
        let rest = TwinREST(authToken: "0123456789abcdef")
        let result = Mutex<(TwinCallReport, [TinyServer.Request])?>(nil)
        try await TinyServer.withServer(answer: answer, session: streams.session) { server in
            try await rest.withServer { url in
                let configuration = TwinCallConfiguration(
                    webhookURL: "http://127.0.0.1:\(server.port)/voice",
                    callSid: Self.callSid,
                    script: [.wait(3_600_000)],
                    dialing: dialing,
                    rest: rest
                )
                async let report = TwinCall(configuration, clock: AcceleratedClock(factor: 10)).run()
                try await act(RESTCaller(rest, url: url), streams, server)
                let ended = try await report
                result.withLock { $0 = (ended, server.requests) }
            }
        }
        let (report, requests) = try #require(result.withLock { $0 })
        return (report, streams.words.withLock { $0 }, requests)
    }

    @Test func transferClosesTheStreamWithStopAndDials() async throws {
        let call = try await withCall { api, streams, _ in
            await streams.next()
            let document = TwiML([.dial(.init([.number("+14155550123")], callerID: "+14155550100", timeoutSeconds: 30))])
            let answer = try await api.update(Self.callSid, "Twiml", document.xml)
            #expect(answer.status == 200)
            #expect(answer.call?.sid == Self.callSid)
            #expect(answer.call?.status == "in-progress")
        }
        #expect(call.words == ["connected", "start", "media", "stop", "close"])
        #expect(call.report.streams == [.callUpdated])
        #expect(call.report.transfers == ["+14155550123"])
        #expect(call.report.ending == .transferred)
        #expect(call.report.faults.isEmpty)
        #expect(call.report.failures.isEmpty)
    }

    @Test func keysAreSentAndTheCallComesBackForAnotherStream() async throws {
        let call = try await withCall { api, streams, server in
            await streams.next()
            let document = TwiML([.playDigits("ww12#"), .redirect(url: "http://127.0.0.1:\(server.port)/voice", method: "POST")])
            let answer = try await api.update(Self.callSid, "Twiml", document.xml)
            #expect(answer.status == 200)
            await streams.next()
            let goodbye = try await api.update(Self.callSid, "Status", "completed")
            #expect(goodbye.call?.status == "completed")
        }
        #expect(call.words == ["connected", "start", "media", "stop", "close", "connected", "start", "media", "stop", "close"])
        #expect(call.report.keysSent == ["ww12#"])
        #expect(call.report.durationMs >= 1600, "two pauses and three keys take their time")
        #expect(call.report.streams == [.callUpdated, .callEnded])
        #expect(call.report.ending == .endedByREST)
        #expect(call.requests.map(\.method) == ["POST", "UPGRADE", "POST", "UPGRADE"])
        let again = WebhookParameters(formEncoded: Array(try #require(call.requests.last { $0.method == "POST" }).body.utf8))
        #expect(again["CallSid"] == Self.callSid)
        #expect(again["CallStatus"] == "in-progress")
    }

    @Test func ofTwoUpdatesInARowTheLastStands() async throws {
        let call = try await withCall { api, streams, _ in
            await streams.next()
            let answer = try await api.update(Self.callSid, "Twiml", TwiML([.pause(seconds: 500)]).xml)
            #expect(answer.status == 200)
            let goodbye = try await api.update(Self.callSid, "Twiml", TwiML([.say("Goodbye.", voice: nil), .hangup]).xml)
            #expect(goodbye.status == 200)
        }
        #expect(call.report.ending == .hangup)
        #expect(call.report.verbs.suffix(2) == [.say("Goodbye.", voice: nil), .hangup])
        #expect(call.report.streams == [.callUpdated])
        #expect(call.report.durationMs < 500_000)
    }

    @Test func updateByURLFetchesTheDocument() async throws {
        let call = try await withCall(answer: { request in
            request.uri == "/next" ? (200, "<Response><Hangup/></Response>") : Self.connect(request)
        }) { api, streams, server in
            await streams.next()
            let answer = try await api.update(Self.callSid, "Url", "http://127.0.0.1:\(server.port)/next")
            #expect(answer.status == 200)
        }
        #expect(call.report.ending == .hangup)
        #expect(call.requests.last?.uri == "/next")
    }

    @Test func oneWayStreamGoesOnBesideTheNewDocument() async throws {
        let call = try await withCall(answer: { request in
            let stream = "<Stream url=\"wss://\(request.headers["Host"].first ?? "")/media\"/>"
            return (200, "<Response><Start>\(stream)</Start><Pause length=\"500\"/></Response>")
        }) { api, streams, _ in
            await streams.next()
            let answer = try await api.update(Self.callSid, "Twiml", TwiML([.pause(seconds: 1)]).xml)
            #expect(answer.status == 200)
        }
        #expect(call.report.streams == [.callEnded])
        #expect(call.report.ending == .endOfDocument)
    }

    @Test func relativeURLsInAGivenDocumentAreFaults() async throws {
        let call = try await withCall { api, streams, _ in
            await streams.next()
            let answer = try await api.update(Self.callSid, "Twiml", TwiML([.redirect(url: "/again", method: nil)]).xml)
            #expect(answer.status == 200)
        }
        #expect(call.report.faults.map(\.code) == [15004])
        #expect(call.report.ending == .failed)
    }

    @Test func refusedRequestsChangeNothing() async throws {
        let call = try await withCall { api, streams, _ in
            await streams.next()
            var stranger = api
            stranger.token = "wrong"
            let unauthorized = try await stranger.update(Self.callSid, "Status", "completed")
            #expect((unauthorized.status, unauthorized.code) == (401, 20003))
            let unknown = try await api.update("CA9", "Status", "completed")
            #expect((unknown.status, unknown.code) == (404, 20404))
            let garbage = try await api.update(Self.callSid, "Twiml", "hello")
            #expect((garbage.status, garbage.code) == (400, 12100))
            #expect(try await api.send(Self.callSid, .POST, body: "").status == 400)
            #expect(try await api.send(Self.callSid, .PUT, body: "").status == 405)
            #expect(try await api.status(Self.callSid).call?.status == "in-progress")
            #expect(try await api.update(Self.callSid, "Status", "completed").status == 200)
        }
        #expect(call.report.streams == [.callEnded])
        #expect(call.report.ending == .endedByREST)
    }

    @Test func callsThatRingOrAreOverCannotBeRedirected() throws {
        let rest = TwinREST(authToken: "0123456789abcdef")
        let line = CallLine(script: CallerScript([]))
        let request = { (method: HTTPMethod, body: String) in
            let path = CallUpdate.path(accountSid: rest.accountSid, callSid: Self.callSid)
            var request = RESTRequest(HTTPRequestHead(version: .http1_1, method: method, uri: path))
            request.authorization = rest.authorization
            request.body = Array(body.utf8)
            return rest.answer(request)
        }
        let redirect = try CallUpdate.document(TwiML([.hangup])).parameters.formEncoded
        rest.enter(TwinCallConfiguration(webhookURL: "http://h", callSid: Self.callSid, rest: rest), line: line)
        #expect(CallResource(json: request(.GET, "").body.utf8)?.status == "ringing")
        #expect(TwilioRESTError(status: 400, body: request(.POST, redirect).body.utf8) == .notInProgress)
        line.answer()
        #expect(request(.POST, redirect).status == 200)
        line.end(.callerHungUp)
        #expect(TwilioRESTError(status: 400, body: request(.POST, redirect).body.utf8) == .notInProgress)
        #expect(request(.POST, "Status=completed").status == 400)
        rest.leave(Self.callSid)
        #expect(request(.POST, redirect).status == 400)
        #expect(CallResource(json: request(.GET, "").body.utf8)?.status == "completed")
    }

    @Test func takenPortIsAnError() async throws {
        let rest = TwinREST(authToken: "0123456789abcdef")
        try await rest.withServer { url in
            let port = try #require(url.split(separator: ":").last.flatMap { Int($0) })
            let error = await #expect(throws: TwinError.self) { try await rest.withServer(port: port) { _ in } }
            #expect(error?.code == .portUnavailable)
        }
    }
}
