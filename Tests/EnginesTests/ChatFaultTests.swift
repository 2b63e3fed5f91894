import Conversation
import Engines
import TestSupport
import Testing

/// What a caller gets of an endpoint that fails, at every point at which it can.
@Suite(.timeLimit(.minutes(10))) struct ChatFaultTests {
    /// What an endpoint does wrong.
    enum Fault: String, CaseIterable, Sendable, CustomTestStringConvertible {
        case hangUp, stallBeforeHead, stallAfterHead, commentsOnly, dieAfterHead, garbage, plainText, tooManyRequests, overloaded, webPage,
            errorObject
        case errorField, emptyStream, hugeLine, notHTTP, unauthorized, unknownModel
        case stallAfterTokens, dieAfterTokens, errorAfterTokens

        var testDescription: String { rawValue }

        static let beforeTokens = allCases.filter { !afterTokens.contains($0) }
        static let afterTokens: [Fault] = [.stallAfterTokens, .dieAfterTokens, .errorAfterTokens]
        /// Asking the same endpoint again would be of no use.
        static let final: [Fault] = [.webPage, .unauthorized, .unknownModel]
        static let stalls: [Fault] = [.stallBeforeHead, .stallAfterHead, .commentsOnly]

        /// What the message says of it.
        var words: String {
            switch self {
            case .hangUp, .notHTTP: self == .hangUp ? "closed the connection" : "does not speak HTTP"
            case .stallBeforeHead, .stallAfterHead, .commentsOnly: "gave no token within 700 ms"
            case .dieAfterHead: "closed"
            case .garbage: "sent what is no JSON: {garbage"
            case .plainText: "answered with what is no stream of events: Hello there"
            case .tooManyRequests: "answered 429 (slow down)"
            case .overloaded: "answered 500 (overloaded, key *** rejected)"
            case .unauthorized: "answered 401 (bad key ***)"
            case .unknownModel: "answered 404 (no model small)"
            case .webPage: "answered with a web page"
            case .errorObject, .errorField: "reported an error: out of memory"
            case .emptyStream: "answered nothing (finish_reason stop)"
            case .hugeLine: "sent an event of more than 1048576 bytes"
            case .stallAfterTokens: "fell silent for 30000 ms"
            case .dieAfterTokens: "closed"
            case .errorAfterTokens: "reported an error: out of memory"
            }
        }

        /// Does it.
        func handler(_ clock: StallClock) -> FakeEndpoint.Handler { { try await handle($0, $1, clock) } }

        private func handle(_ request: FakeEndpoint.Request, _ answer: FakeEndpoint.Answer, _ clock: StallClock) async throws {
            if Fault.afterTokens.contains(self) { return try await breakOff(answer, clock) }
            switch self {
            case .hangUp: throw CancellationError()
            case .stallBeforeHead:
                clock.pass(700)
                try await answer.stall()
            case .stallAfterHead, .commentsOnly, .dieAfterHead, .emptyStream, .garbage, .hugeLine, .errorObject, .errorField:
                try await stream(answer, clock)
            case .plainText: try await answer.whole("Hello there\n\nWho are you?\n", type: "text/plain")
            case .tooManyRequests:
                try await answer.whole(#"{"error":{"message":"slow down"}}"#, status: "429 Too Many Requests", headers: "Retry-After: 0\r\n")
            case .overloaded:
                let text = "overloaded,\n\tkey \(request.headers["authorization"] ?? "") rejected".replacing("Bearer ", with: "")
                try await answer.whole(text, status: "500 Internal Server Error", type: "text/plain")
            case .unauthorized:
                let key = request.headers["authorization"]?.split(separator: " ").last ?? ""
                try await answer.whole(#"{"error":"bad key \#(key)"}"#, status: "401 Unauthorized")
            case .unknownModel: try await answer.whole(#"{"detail":"no model small"}"#, status: "404 Not Found")
            case .webPage: try await answer.whole("\n<!DOCTYPE html><html><title>Welcome</title></html>", type: "text/html")
            case .notHTTP: try await answer.raw("220 smtp.example.com ESMTP\r\n")
            case .stallAfterTokens, .dieAfterTokens, .errorAfterTokens: break
            }
        }

        private func stream(_ answer: FakeEndpoint.Answer, _ clock: StallClock) async throws {
            try await answer.begin(type: "text/event-stream")
            switch self {
            case .dieAfterHead: throw CancellationError()
            case .garbage:
                try await answer.chunk("data: {garbage\n\n")
                return try await answer.end()
            case .hugeLine: try await answer.chunk("data: " + String(repeating: "x", count: 1 << 20) + "\n\n")
            case .errorObject: try await answer.chunk(#"data: {"error":{"message":"out of memory","code":500}}"# + "\n\n")
            case .errorField: try await answer.chunk(#"error: {"code":500,"message":"out of memory"}"# + "\n\n")
            case .emptyStream: return try await answer.finish()
            case .commentsOnly: try await answer.keepAlive(700, on: clock)
            case .stallAfterHead: clock.pass(700)
            default: break
            }
            try await answer.stall()
        }

        private func breakOff(_ answer: FakeEndpoint.Answer, _ clock: StallClock) async throws {
            try await answer.say("Good ", "day")
            switch self {
            case .stallAfterTokens: try await clock.passOn()
            case .dieAfterTokens: throw CancellationError()
            case .errorAfterTokens: try await answer.chunk(#"data: {"error":"out of memory"}"# + "\n\n")
            default: break
            }
            try await answer.stall()
        }
    }

    private static func limits(_ fault: Fault) -> (inout ChatConfiguration) -> Void {
        { configuration in
            if Fault.stalls.contains(fault) { configuration.firstTokenMs = 700 }
            if fault == .stallAfterTokens { configuration.betweenTokensMs = 30_000 }
        }
    }

    private static func keysAreSecret(in outcome: ChatOutcome) -> Bool {
        !outcome.messages.contains { $0.contains("0123456789") || $0.contains("\n") || $0.count > 600 }
    }

    @Test(arguments: Fault.beforeTokens.filter { !Fault.final.contains($0) })
    func anEndpointThatFailsOnceIsAskedAgain(_ fault: Fault) async throws {
        let count = Counter()
        let clock = StallClock()
        let failing = fault.handler(clock)
        let handler: FakeEndpoint.Handler = { request, answer in
            if count.next() == 0 { try await failing(request, answer) } else { try await answer.sayWell() }
        }
        try await ChatFixture.withAssistant(handler, clock: clock, configure: Self.limits(fault)) { assistant, endpoint, _ in
            let outcome = try await ChatOutcome(of: assistant)
            #expect(outcome.error == nil)
            #expect(outcome.outputs.dropFirst() == [.text("Good "), .text("day.")])
            #expect(outcome.faults.count == 1)
            let line = try #require(outcome.faults.first)
            #expect(line.hasPrefix("chat: 127.0.0.1:\(endpoint.port) ") && line.contains(fault.words), "\(line)")
            #expect(Self.keysAreSecret(in: outcome))
            #expect(endpoint.requests.count == 2)
        }
    }

    @Test(arguments: Fault.beforeTokens.filter { $0 != .hugeLine })
    func anEndpointThatKeepsFailingIsReplacedByTheFallback(_ fault: Fault) async throws {
        let clock = StallClock()
        try await ChatFixture.withAssistant(
            fault.handler(clock),
            fallback: { try await $1.sayWell() },
            clock: clock,
            configure: Self.limits(fault)
        ) { assistant, first, second in
            let outcome = try await ChatOutcome(of: assistant)
            #expect(outcome.error == nil)
            #expect(outcome.outputs.dropFirst() == [.text("Good "), .text("day.")])
            #expect(outcome.faults.count == 1)
            #expect(outcome.faults.first?.contains(fault.words) == true, "\(outcome.faults)")
            #expect(Self.keysAreSecret(in: outcome))
            // Where waiting was in vain, the caller does not wait at the same place again.
            #expect(first.requests.count == ((Fault.final + Fault.stalls).contains(fault) ? 1 : 2))
            #expect(second.requests.count == 1)
            #expect(second.requests.first?.headers["authorization"] == "Bearer \(ChatFixture.otherKey.value)")
        }
    }

    @Test(arguments: Fault.beforeTokens.filter { $0 != .hugeLine })
    func whereAllFailOneErrorTellsOfAll(_ fault: Fault) async throws {
        let clock = StallClock()
        try await ChatFixture.withAssistant(
            fault.handler(clock),
            fallback: fault.handler(clock),
            clock: clock,
            configure: Self.limits(fault)
        ) { assistant, first, second in
            let outcome = try await ChatOutcome(of: assistant)
            #expect(outcome.outputs.isEmpty)
            let error = try #require(outcome.error)
            #expect(error.code == .failed)
            #expect(error.message.hasPrefix("chat: 127.0.0.1:\(first.port) "))
            #expect(error.message.contains(fault.words), "\(error)")
            #expect(error.message.contains("; fallback 127.0.0.1:\(second.port) "), "\(error)")
            #expect(Self.keysAreSecret(in: outcome))
            // The last endpoint is waited for if it has too much to do.
            #expect(fault == .tooManyRequests ? second.requests.count > 1 : second.requests.count == 1)
        }
    }

    @Test(arguments: Fault.afterTokens)
    func whatHasBegunToAnswerIsNotAskedAgain(_ fault: Fault) async throws {
        let clock = StallClock()
        try await ChatFixture.withAssistant(
            fault.handler(clock),
            fallback: { try await $1.sayWell() },
            clock: clock,
            configure: Self.limits(fault)
        ) { assistant, first, second in
            let outcome = try await ChatOutcome(of: assistant)
            #expect(outcome.outputs == [.text("Good "), .text("day")])
            let error = try #require(outcome.error)
            #expect(error.message.contains(fault.words) && error.message.hasSuffix("after it had begun to answer"), "\(error)")
            #expect(first.requests.count == 1)
            #expect(second.requests.isEmpty)
        }
    }

    @Test func aRefusedConnectionIsSaidInOneLine() async throws {
        let dead = try await ChatFixture.deadURL()
        try await ChatFixture.withAssistant(
            { _, _ in },
            fallback: { try await $1.sayWell() },
            configure: { configuration in
                if let endpoint = try? ChatEndpoint(baseURL: dead, model: "small") { configuration.primary = endpoint }
            }
        ) { assistant, _, _ in
            let outcome = try await ChatOutcome(of: assistant)
            let host = dead.dropFirst("http://".count)
            #expect(outcome.outputs.first == .fault("chat: \(host) refused the connection; again refused the connection"))
            #expect(outcome.text == "Good day.")
        }
    }

    @Test func theCallerDoesNotWaitLongerThanAllowed() async throws {
        let clock = StallClock()
        let handler: FakeEndpoint.Handler = { _, answer in
            clock.pass(400)
            try await answer.stall()
        }
        try await ChatFixture.withAssistant(
            handler,
            clock: clock,
            configure: { configuration in
                configuration.firstTokenMs = 400
                configuration.totalMs = 500
                configuration.retries = 100
            }
        ) { assistant, endpoint, _ in
            let outcome = try await ChatOutcome(of: assistant)
            #expect(outcome.outputs.isEmpty)
            let words = "gave no token within 400 ms; again gave no token within 100 ms; no time is left to ask again"
            #expect(outcome.error?.message == "chat: 127.0.0.1:\(endpoint.port) \(words)")
            #expect(endpoint.requests.count == 2)
        }
    }

    @Test func whoAsksForMoreTimeThanACallerHasIsNotAskedAgain() async throws {
        let busy: FakeEndpoint.Handler = { try await $1.whole("{}", status: "503 Service Unavailable", headers: "Retry-After: 30\r\n") }
        try await ChatFixture.withAssistant(busy, fallback: { try await $1.sayWell() }) { assistant, first, _ in
            let outcome = try await ChatOutcome(of: assistant)
            #expect(outcome.faults == ["chat: 127.0.0.1:\(first.port) answered 503 ({})"])
            #expect(first.requests.count == 1)
        }
    }
}
