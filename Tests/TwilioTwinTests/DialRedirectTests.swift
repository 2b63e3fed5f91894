import Testing
import Twilio

@testable import TwilioTwin

/// `<Dial>` while the server changes the caller's or the callee's call by REST, over real sockets, in fast time.
@Suite(.timeLimit(.minutes(10))) struct DialRedirectTests {
    private static let desk = "+14155550123"
    private static let voice = "<Dial action=\"/done\" timeout=\"600\"><Number url=\"/screen\" \(FakeOffice.allEvents)>\(desk)</Number></Dial>"
    private static let documents = ["/screen": FakeOffice.question, "/done": "<Say>Never.</Say><Redirect>/never</Redirect>"]
    private static let back = TwiML([.say("Back.", voice: nil), .hangup])

    @Test(arguments: [
        (Callee.noAnswer, TwinLegEvent.What.ringing, "canceled"), (.human(talksForSeconds: 500), .bridged, "completed"),
    ])
    func theServerTakesTheCallerBack(from callee: Callee, moment: TwinLegEvent.What, status: String) async throws {
        let call = try await FakeOffice.call(Self.voice, callees: [callee], documents: Self.documents) { api, watch, _ in
            let leg = try await watch.leg(moment)
            #expect(try await api.update(FakeOffice.caller, "Twiml", Self.back.xml).status == 200)
            _ = try await watch.legEnds()
            #expect(try await api.update(leg, "Status", "completed").code == 21220)
        }
        #expect(call.report.ending == .hangup)
        #expect(call.report.legs.map(\.status) == [status])
        #expect(call.values("/leg", "CallStatus").last == status)
        #expect(call.forms("/done").count == 1, "Twilio asks for the action of the <Dial> that was broken off")
        #expect(call.forms("/never").isEmpty, "and does not do what the answer says")
        #expect(call.report.verbs.suffix(2) == Self.back.verbs)
        #expect(call.report.dialled == [Self.desk])
    }

    @Test func aCalleeWhoIsGivenAnotherDocumentLeavesTheDial() async throws {
        let documents = ["/screen": FakeOffice.question, "/done": "<Say>Back.</Say>"]
        let call = try await FakeOffice.call(Self.voice, callees: [.human(talksForSeconds: 500)], documents: documents) { api, watch, _ in
            let leg = try await watch.leg(.bridged)
            let document = TwiML([.say("Wait.", voice: nil), .pause(seconds: 2)])
            #expect(try await api.update(leg, "Twiml", document.xml).status == 200)
        }
        let done = try #require(call.forms("/done").first)
        #expect((done["DialCallStatus"], done["DialCallDuration"]) == ("completed", nil))
        #expect(call.report.legs.first?.heard == ["Press 1.", "Wait."])
        #expect(call.report.legs.first?.status == "completed")
        #expect(call.report.verbs.last == .say("Back.", voice: nil))
    }

    @Test func theLegsOfACallAreListed() async throws {
        _ = try await FakeOffice.call(Self.voice, callees: [.noAnswer]) { api, watch, _ in
            let leg = try await watch.leg(.ringing)
            let children = try await api.list("ParentCallSid=\(FakeOffice.caller)")
            #expect(children.map(\.sid) == [leg])
            #expect(children.first?.direction == "outbound-dial")
            #expect(children.first?.status == "ringing")
            #expect(try await api.list("Status=ringing&To=%2B14155550123").map(\.sid) == [leg])
            #expect(try await api.list("ParentCallSid=CA1").isEmpty)
            #expect(try await api.list("").map(\.sid) == [leg, FakeOffice.caller])
            #expect(try await api.update(leg, "Status", "completed").status == 200)
        }
    }

    @Test func aCallerWhoHangsUpWhileItRingsEndsTheLeg() async throws {
        let call = try await FakeOffice.call(Self.voice, callees: [.noAnswer], documents: Self.documents, set: { $0.callerPatienceSeconds = 2 })
        #expect(call.report.ending == .callerHungUp)
        #expect(call.report.legs.map(\.status) == ["canceled"])
        #expect(call.values("/leg", "CallStatus") == ["initiated", "ringing", "canceled"])
        #expect(call.forms("/done").isEmpty)
    }

    @Test func callbacksComeTwiceLateOrNotAtAll() async throws {
        let call = try await FakeOffice.call(
            Self.voice,
            callees: [.human(talksForSeconds: 1)],
            documents: Self.documents,
            set: { $0.callbackFaults = CallbackFaults(sendsTwice: true, delaysMs: ["initiated": 60_000], dropped: ["ringing"]) }
        )
        #expect(call.values("/leg", "CallStatus") == ["in-progress", "in-progress", "completed", "completed", "initiated", "initiated"])
        let silent = try await FakeOffice.call(
            Self.voice,
            callees: [.busy],
            documents: Self.documents,
            set: { $0.callbackFaults.dropped = [CallbackFaults.everything] }
        )
        #expect(silent.forms("/leg").isEmpty)
        #expect(silent.values("/done", "DialCallStatus") == ["busy"])
    }
}
