import AsyncHTTPClient
import Conversation
import Engines
import Foundation
import Synchronization
import TestSupport
import Testing
import Twilio
import TwilioTwin

@testable import VoiceServer

/// The REST API's client against endpoints that answer well, badly, late and not at all.
@Suite(.timeLimit(.minutes(10))) struct TwilioAPITests {
    private static let token = "feedfacefeedfacefeedfacefeedface"
    private static let action = "https://voice.example.com/api/voice/twilio/dial-status"
    private static let account = "AC00000000000000000000000000000001"
    private static let call = "CA00000000000000000000000000000002"
    private static let done = #"{"sid":"\#(call)","status":"in-progress","price":null}"#

    private func withAPI<Value: Sendable>(
        url: String,
        timeout: Duration = .seconds(20),
        _ body: (TwilioAPI) async throws -> Value
    ) async throws -> Value {
        try await HTTPClient.withHTTPClient(configuration: TwilioAPI.clientConfiguration) { http in
            try await body(
                TwilioAPI(
                    baseURL: url,
                    accountSid: Self.account,
                    authToken: Secret(Self.token),
                    http: http,
                    timeout: timeout,
                    retryDelay: .milliseconds(1)
                )
            )
        }
    }

    /// Transfers a call at an endpoint: what came of it, and what the endpoint was asked.
    private func transfer(
        timeout: Duration = .seconds(20),
        _ handler: @escaping FakeEndpoint.Handler
    ) async throws -> (outcome: ToolOutcome, requests: [FakeEndpoint.Request]) {
        try await FakeEndpoint.withEndpoint(handler) { endpoint in
            let outcome = try await withAPI(url: endpoint.url, timeout: timeout) {
                await $0.transfer(call: Self.call, to: "+14155550123", callerID: "+14155550100", action: Self.action)
            }
            return (outcome, endpoint.requests)
        }
    }

    private func expectOneLine(_ outcome: ToolOutcome, _ words: String) {
        #expect(outcome.text.contains(words))
        let lines = outcome.text.split(omittingEmptySubsequences: false) { $0.isNewline }
        #expect(lines.count == 1)
        #expect(!outcome.text.contains(Self.token))
        #expect(!outcome.text.contains(Data("\(Self.account):\(Self.token)".utf8).base64EncodedString()))
    }

    @Test func transferIsTwiMLInAFormWithTheAccountsCredentials() async throws {
        let (outcome, requests) = try await transfer { _, answer in try await answer.whole(Self.done) }
        #expect(outcome == ToolOutcome(.done, "The caller is being put through."))
        let request = try #require(requests.first)
        #expect(requests.count == 1)
        #expect(request.method == "POST")
        #expect(request.target == "/2010-04-01/Accounts/\(Self.account)/Calls/\(Self.call).json")
        #expect(request.headers["authorization"] == "Basic " + Data("\(Self.account):\(Self.token)".utf8).base64EncodedString())
        #expect(request.headers["content-type"] == "application/x-www-form-urlencoded")
        let form = WebhookParameters(formEncoded: request.bodyBytes)
        #expect(form.pairs.map(\.name) == ["Twiml"])
        let dial = #"<Response><Dial callerId="+14155550100" timeout="30" action="\#(Self.action)">+14155550123</Dial></Response>"#
        #expect(form["Twiml"]?.contains(dial) == true)
    }

    @Test func keysAreFollowedByTheWayBack() async throws {
        try await FakeEndpoint.withEndpoint({ _, answer in try await answer.whole(Self.done) }) { endpoint in
            let wayBack = "https://voice.example.com/api/voice/twilio/inbound#rc=5&rp=ct,rt,5xx"
            let outcome = try await withAPI(url: endpoint.url + "/") { await $0.sendDigits(call: Self.call, digits: "ww12#*", wayBack: wayBack) }
            #expect(outcome.status == .done)
            let form = WebhookParameters(formEncoded: endpoint.requests.first?.bodyBytes ?? [])
            let document = try TwiML(parsing: form["Twiml"] ?? "")
            #expect(document.verbs == [.playDigits("ww12#*"), .redirect(url: wayBack, method: "POST")])
        }
    }

    @Test(arguments: ["client:bob", "anonymous", "5551234"]) func callerIDIsATelephoneNumberOrNone(callerID: String) async throws {
        try await FakeEndpoint.withEndpoint({ _, answer in try await answer.whole(Self.done) }) { endpoint in
            _ = try await withAPI(url: endpoint.url) {
                await $0.transfer(call: Self.call, to: "sip:desk@example.com", callerID: callerID, action: Self.action)
            }
            let form = WebhookParameters(formEncoded: endpoint.requests.first?.bodyBytes ?? [])
            let dial = TwiML.Dial([.sip("sip:desk@example.com")], timeoutSeconds: 30, action: Self.action)
            #expect(try TwiML(parsing: form["Twiml"] ?? "").verbs == [.dial(dial)])
        }
    }

    @Test func whatCannotBeDialedOrPressedIsNeverSent() async throws {
        try await FakeEndpoint.withEndpoint({ _, answer in try await answer.whole(Self.done) }) { endpoint in
            try await withAPI(url: endpoint.url) { api in
                for number in ["", "911", "+0", "client:bob", "+1415</Dial>", "sip:a b@c", "anonymous"] {
                    #expect(TwiML.Dial.Party(number, leg: TwiML.Dial.Leg()) == nil, "\(number)")
                }
                for digits in ["", "12a", "１", "+1", String(repeating: "1", count: 33)] {
                    #expect(await api.sendDigits(call: Self.call, digits: digits, wayBack: "https://h").status == .invalid)
                }
                let long = "https://h/" + String(repeating: "x", count: 4000)
                expectOneLine(await api.sendDigits(call: Self.call, digits: "1", wayBack: long), "over 4000")
            }
            #expect(endpoint.requests.isEmpty)
        }
    }

    @Test(arguments: [
        ("401 Unauthorized", #"{"code":20003,"message":"Authenticate TOKEN","status":401}"#, "Twilio error 20003: Authenticate ***"),
        ("500 Internal Server Error", "<html>\n<h1>TOKEN</h1></html>", "HTTP 500: no reason was given"),
        ("400 Bad Request", #"{"code":12100,"message":"a\nb"}"#, "HTTP 400, Twilio error 12100: a b"),
        ("404 Not Found", #"{"code":20404,"message":"gone","status":404}"#, "the call is over"),
        ("400 Bad Request", #"{"code":21220,"message":"Call is not in-progress"}"#, "the call is over"),
        ("200 OK", "hello TOKEN", "not the call"), ("200 OK", #"{"sid":"CA9","status":"x"}"#, "not the call"), ("204 No Content", "", "not the call"),
    ])
    func whatTwilioRefusesIsOneLineWithoutTheToken(status: String, body: String, words: String) async throws {
        let (outcome, requests) = try await transfer { _, answer in
            try await answer.whole(body.replacing("TOKEN", with: Self.token), status: status)
        }
        #expect(outcome.status == (status.hasPrefix("2") ? .unknown : .failed))
        expectOneLine(outcome, words)
        #expect(requests.count == 1, "an answer is no reason to send it again")
    }

    @Test func redirectsAreNotFollowed() async throws {
        let (outcome, requests) = try await transfer { _, answer in
            try await answer.whole("", status: "307 Temporary Redirect", headers: "Location: /elsewhere\r\n")
        }
        #expect(outcome.status == .failed)
        #expect(requests.count == 1)
    }

    @Test(arguments: ["", "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"]) func stalledAnswersAreGivenUp(beginning: String) async throws {
        // Long enough for a busy machine to send the request.
        let (outcome, requests) = try await transfer(timeout: .seconds(5)) { _, answer in
            try await answer.raw(beginning)
            try await answer.stall()
        }
        #expect(outcome.status == .timedOut)
        expectOneLine(outcome, "no answer")
        #expect(requests.count == 1)
    }

    @Test(arguments: ["", "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{", "\u{0}\u{1}garbage\r\n\r\n"])
    func brokenAnswersAreNotAskedForAgain(beginning: String) async throws {
        let (outcome, requests) = try await transfer { _, answer in
            try await answer.raw(beginning)
            throw CancellationError()
        }
        #expect(outcome.status == .unknown)
        expectOneLine(outcome, "is not known")
        #expect(requests.count == 1)
    }

    @Test func busyTwilioIsAskedOnceMore() async throws {
        let busy = #"{"code":20429,"message":"Too many requests","status":429}"#
        let recovered = try await FakeEndpoint.withEndpoint({ _, answer in
            try await answer.whole(busy, status: "429 Too Many Requests")
        }) { endpoint in
            let outcome = try await withAPI(url: endpoint.url) {
                await $0.transfer(call: Self.call, to: "+14155550123", callerID: nil, action: Self.action)
            }
            #expect(outcome.status == .failed)
            expectOneLine(outcome, "20429")
            return endpoint.requests.count
        }
        #expect(recovered == 2)
        let first = OneTime()
        let (outcome, requests) = try await transfer { _, answer in
            if first.take() { return try await answer.whole(busy, status: "429 Too Many Requests") }
            try await answer.whole(Self.done)
        }
        #expect(outcome.status == .done)
        #expect(requests.count == 2)
    }

    @Test func absentTwilioIsAFailure() async throws {
        let outcome = try await withAPI(url: "http://127.0.0.1:1") {
            await $0.transfer(call: Self.call, to: "+14155550123", callerID: nil, action: Self.action)
        }
        #expect(outcome.status == .failed)
        expectOneLine(outcome, "no connection")
    }

    @Test func callOfTheTwinIsTransferred() async throws {
        let rest = TwinREST(accountSid: Self.account, authToken: Self.token)
        try await FakeEndpoint.withEndpoint({ _, answer in
            try await answer.whole("<Response><Pause length=\"500\"/></Response>", type: "application/xml")
        }) { webhook in
            try await rest.withServer { url in
                let (verbs, begun) = AsyncStream.makeStream(of: Void.self)
                let configuration = TwinCallConfiguration(
                    webhookURL: webhook.url + "/voice",
                    callSid: Self.call,
                    dialing: .answered(seconds: 0),
                    rest: rest
                )
                async let report = TwinCall(configuration) { if case .verb(.pause) = $0.kind { begun.yield() } }.run()
                for await _ in verbs { break }
                let outcome = try await withAPI(url: url) { api in
                    _ = await api.sendDigits(call: Self.call, digits: "1", wayBack: webhook.url + "/voice")
                    return await api.transfer(call: Self.call, to: "+14155550123", callerID: "+14155550100", action: Self.action)
                }
                #expect(outcome.status == .done)
                let ended = try await report
                #expect(ended.ending == .transferred)
                #expect(ended.transfers == ["+14155550123"])
                let late = try await withAPI(url: url) { await $0.transfer(call: Self.call, to: "+14155550123", callerID: nil, action: Self.action) }
                expectOneLine(late, "the call is over")
            }
        }
    }
}

extension TwilioAPI {
    /// Puts a caller through to one number.
    fileprivate func transfer(call: String, to number: String, callerID: String?, action: String) async -> ToolOutcome {
        let parties = [TwiML.Dial.Party(number, leg: TwiML.Dial.Leg())].compactMap(\.self)
        let dial = TwiML.Dial(parties, callerID: callerID.flatMap(TwiML.Dial.Party.callerID), timeoutSeconds: 30, action: action)
        return await transfer(call: call, by: dial)
    }
}

/// True once.
private final class OneTime: Sendable {
    private let isTaken = Mutex(false)

    func take() -> Bool {
        isTaken.withLock { taken in
            defer { taken = true }
            return !taken
        }
    }
}
