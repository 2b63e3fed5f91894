import Synchronization
import Testing
import Twilio

@testable import TwilioTwin

/// What comes of a `<Dial>` in a call, over real sockets, in fast time.
@Suite(.timeLimit(.minutes(10))) struct DialTests {
    /// A call whose document dials, and the form that its action was sent.
    private func dial(_ dialing: Dialing, attributes: String = "") async throws -> (report: TwinCallReport, action: WebhookParameters?) {
        let result = Mutex<(TwinCallReport, WebhookParameters?)?>(nil)
        try await TinyServer.withServer(answer: { request in
            guard request.uri == "/voice" else { return (200, "<Response><Say>Done.</Say></Response>") }
            return (200, "<Response><Dial \(attributes)>+14155550123</Dial><Say>Nobody.</Say><Hangup/></Response>")
        }) { server in
            let configuration = TwinCallConfiguration(webhookURL: "http://127.0.0.1:\(server.port)/voice", dialing: dialing)
            let report = try await TwinCall(configuration, clock: AcceleratedClock(factor: 20)).run()
            let action = server.requests.first { $0.uri == "/done" }.map { WebhookParameters(formEncoded: Array($0.body.utf8)) }
            result.withLock { $0 = (report, action) }
        }
        return try #require(result.withLock { $0 })
    }

    @Test func callIsOverWhenTheTwoHaveTalked() async throws {
        let call = try await dial(.answered(seconds: 2))
        #expect(call.report.ending == .transferred)
        #expect(call.report.transfers == ["+14155550123"])
        #expect(call.report.durationMs >= 2000)
        #expect(call.report.verbs.count == 1)
    }

    @Test(arguments: [Dialing.busy, .noAnswer, .failed, .declined(afterSeconds: 1), .hungUp(afterSeconds: 1)])
    func nextVerbRunsWhenTheCallerIsLeft(dialing: Dialing) async throws {
        let call = try await dial(dialing, attributes: "timeout=\"5\"")
        #expect(call.report.ending == .hangup)
        #expect(call.report.verbs.suffix(2) == [.say("Nobody.", voice: nil), .hangup])
        #expect(call.report.transfers.isEmpty == !dialing.isAnswered)
    }

    @Test(arguments: [
        (Dialing.busy, "busy"), (.noAnswer, "no-answer"), (.failed, "failed"), (.declined(afterSeconds: 1), "completed"),
        (.hungUp(afterSeconds: 1), "completed"),
    ])
    func actionIsToldWhatCameOfIt(dialing: Dialing, status: String) async throws {
        let call = try await dial(dialing, attributes: "timeout=\"5\" action=\"/done\"")
        #expect(call.action?["DialCallStatus"] == status)
        #expect(call.action?["DialBridged"] == "\(dialing.isAnswered)")
        #expect((call.action?["DialCallDuration"] != nil) == (status == "completed"))
        #expect(call.action?["CallStatus"] == "in-progress")
        #expect(call.report.verbs.last == .say("Done.", voice: nil))
        #expect(call.report.ending == .endOfDocument)
    }
}
