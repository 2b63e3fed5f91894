import NIOHTTP1
import Synchronization
import Testing
import Twilio

@testable import TwilioTwin

/// A server of a few documents that dials others, and all that it was told.
struct FakeOffice: Sendable {
    /// A request, its form read.
    struct Told: Sendable {
        var path: String
        var form: WebhookParameters
    }

    /// What came of a call.
    struct Result: Sendable {
        var report: TwinCallReport
        var told: [Told]
        var events: [TwinEvent]

        /// The forms that a path was sent, in order.
        func forms(_ path: String) -> [WebhookParameters] { told.filter { $0.path == path }.map(\.form) }

        /// One parameter of what a path was sent, request by request.
        func values(_ path: String, _ name: String) -> [String] { forms(path).map { $0[name] ?? "" } }

        /// Where an event of a callee's call stands among all; nil where it did not happen.
        func place(of what: TwinLegEvent.What) -> Int? {
            events.firstIndex { if case .leg(let event) = $0.kind { event.what == what } else { false } }
        }
    }

    static let caller = "CA0000000000000000000000000000000a"

    /// Signals of what happened in a call.
    final class Watch: Sendable {
        let events = Mutex<[TwinEvent]>([])
        private let seen = AsyncStream.makeStream(of: Void.self)

        fileprivate func take(_ event: TwinEvent) {
            events.withLock { $0.append(event) }
            seen.continuation.yield()
        }

        /// Waits until something of a callee's call has happened, and tells that call's SID; the test's time limit bounds it.
        func leg(_ what: TwinLegEvent.What) async throws -> String {
            let event = try #require(await event { if case .leg(let event) = $0 { event.what == what } else { false } })
            guard case .leg(let leg) = event else { return "" }
            return leg.callSid
        }

        /// Waits until a callee's call is over, and tells its SID.
        func legEnds() async throws -> String {
            let event = try #require(
                await event { kind in
                    guard case .leg(let leg) = kind, case .ended = leg.what else { return false }
                    return true
                }
            )
            guard case .leg(let leg) = event else { return "" }
            return leg.callSid
        }

        /// Waits until something has happened.
        func event(_ matches: (TwinEvent.Kind) -> Bool) async -> TwinEvent.Kind? {
            if let found = events.withLock({ $0.first { matches($0.kind) } }) { return found.kind }
            for await _ in seen.stream {
                if let found = events.withLock({ $0.first { matches($0.kind) } }) { return found.kind }
            }
            return nil
        }
    }

    /// Places a call whose first document is `voice`, lets `act` change it by REST meanwhile, and tells how it went.
    ///
    /// `documents` are the answers by path; other paths have an empty one. `HOST` in a document is the server's address.
    static func call(
        _ voice: String,
        callees: [Callee],
        documents: [String: String] = [:],
        set: (inout TwinCallConfiguration) -> Void,
        act: @Sendable (_ api: RESTCaller, _ watch: Watch, _ server: String) async throws -> Void = { _, _, _ in }
    ) async throws -> Result {
        let watch = Watch()
        let rest = TwinREST(authToken: "0123456789abcdef")
        let result = Mutex<(TwinCallReport, [Told])?>(nil)
        try await TinyServer.withServer(answer: { request in
            let path = String(request.uri.prefix { $0 != "?" })
            let host = "http://\(request.headers["Host"].first ?? "")"
            guard let document = path == "/voice" ? voice : documents[path] else { return (200, "<Response/>") }
            guard document != "500" else { return (500, "") }
            return (200, "<Response>\(document.replacing("HOST", with: host))</Response>")
        }) { server in
            try await rest.withServer { url in
                let address = "http://127.0.0.1:\(server.port)"
                var configuration = TwinCallConfiguration(webhookURL: address + "/voice", callSid: caller, callees: callees, rest: rest)
                set(&configuration)
                async let report = TwinCall(configuration, clock: AcceleratedClock(factor: 20)) { watch.take($0) }.run()
                // Before that the call is unknown to the API.
                _ = await watch.event { if case .verb = $0 { true } else { false } }
                try await act(RESTCaller(rest, url: url), watch, address)
                let ended = try await report
                let told = server.requests.map {
                    Told(path: String($0.uri.prefix { $0 != "?" }), form: WebhookParameters(formEncoded: Array($0.body.utf8)))
                }
                result.withLock { $0 = (ended, told) }
            }
        }
        let (report, told) = try #require(result.withLock { $0 })
        return Result(report: report, told: told, events: watch.events.withLock { $0 })
    }

    /// Places a call as it is usually set.
    static func call(
        _ voice: String,
        callees: [Callee],
        documents: [String: String] = [:],
        act: @Sendable (_ api: RESTCaller, _ watch: Watch, _ server: String) async throws -> Void = { _, _, _ in }
    ) async throws -> Result {
        try await call(voice, callees: callees, documents: documents, set: { _ in }, act: act)
    }

    /// A document that asks for the key 1, for whoever is called.
    static let question = "<Gather numDigits=\"1\" timeout=\"3\" action=\"/key\"><Say>Press 1.</Say></Gather><Hangup/>"
    /// All that is told of a leg.
    static let allEvents = "statusCallback=\"/leg\" statusCallbackEvent=\"initiated ringing answered completed\""
}
