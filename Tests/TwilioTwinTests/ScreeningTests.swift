import Testing
import Twilio

@testable import TwilioTwin

/// Parties of a `<Dial>` that hear something before the caller is there, over real sockets, in fast time.
@Suite(.timeLimit(.minutes(10))) struct ScreeningTests {
    private static let desk = "+14155550123"
    private static let mobile = "+14155550124"

    /// A document that dials numbers, each of whom is asked for the key 1.
    private static func dial(_ numbers: [String] = [desk], timeout: Int = 5, _ attributes: String = "") -> String {
        let nouns = numbers.map { "<Number url=\"/screen\" \(FakeOffice.allEvents)>\($0)</Number>" }.joined()
        return "<Dial action=\"/done\" timeout=\"\(timeout)\" callerId=\"+14155550100\" \(attributes)>\(nouns)</Dial><Say>Never.</Say>"
    }

    private static func documents(key: String = "", done: String = "<Hangup/>") -> [String: String] {
        ["/screen": FakeOffice.question, "/key": key, "/done": done]
    }

    @Test func whoeverPressesTheKeyIsConnected() async throws {
        let call = try await FakeOffice.call(Self.dial(), callees: [.human(talksForSeconds: 2)], documents: Self.documents())
        let leg = try #require(call.report.legs.first)
        #expect(call.report.dialled == [Self.desk])
        #expect((leg.heard, leg.pressed, leg.status) == (["Press 1."], "1", "completed"))
        #expect(leg.parentCallSid == FakeOffice.caller)
        let bridge = try #require(call.report.bridges.first)
        #expect((call.report.bridges.count, bridge.party, bridge.callSid) == (1, Self.desk, leg.callSid))
        #expect(try #require(bridge.endedAtMs) - bridge.atMs >= 2000)
        #expect(call.report.transfers == [Self.desk])
        #expect(call.report.ending == .hangup)
        let screen = try #require(call.forms("/screen").first)
        #expect((screen["CallSid"], screen["ParentCallSid"], screen["Direction"]) == (leg.callSid, FakeOffice.caller, "outbound-dial"))
        #expect((screen["From"], screen["To"], screen["CallStatus"]) == ("+14155550100", Self.desk, "in-progress"))
        #expect(call.values("/key", "Digits") == ["1"])
        let done = try #require(call.forms("/done").first)
        #expect((done["CallSid"], done["DialCallSid"], done["CallStatus"]) == (FakeOffice.caller, leg.callSid, "in-progress"))
        #expect((done["DialCallStatus"], done["DialBridged"]) == ("completed", "true"))
        #expect(done["DialCallDuration"] != nil)
    }

    @Test func aLegTellsItsProgressInOrder() async throws {
        let call = try await FakeOffice.call(Self.dial(), callees: [.human(talksForSeconds: 1)], documents: Self.documents())
        #expect(call.values("/leg", "CallStatus") == ["initiated", "ringing", "in-progress", "completed"])
        #expect(call.values("/leg", "SequenceNumber") == ["0", "1", "2", "3"])
        #expect(Set(call.values("/leg", "ParentCallSid")) == [FakeOffice.caller])
        #expect(call.values("/leg", "CallDuration").map(\.isEmpty) == [true, true, true, false])
        let order: [TwinLegEvent.What] = [
            .called(parentCallSid: FakeOffice.caller), .ringing, .answered, .heard("Press 1."), .pressed("1"), .bridged, .ended(status: "completed"),
        ]
        let places = order.compactMap(call.place)
        #expect(places.count == order.count)
        #expect(places == places.sorted())
    }

    @Test(arguments: [(Callee.declines, "2", "<Hangup/>"), (.voicemail, "", ""), (.hangsUp, "1", "")])
    func whoDoesNotTakeTheCallIsNotConnectedAndStillCounts(callee: Callee, pressed: String, key: String) async throws {
        let call = try await FakeOffice.call(Self.dial(), callees: [callee], documents: Self.documents(key: key, done: "<Say>Back.</Say>"))
        let done = try #require(call.forms("/done").first)
        #expect((done["DialCallStatus"], done["DialBridged"]) == ("completed", "false"))
        #expect(call.report.legs.map(\.pressed) == [pressed])
        #expect(call.report.bridges.isEmpty)
        #expect(call.report.transfers.isEmpty)
        #expect(call.report.verbs.last == .say("Back.", voice: nil))
        #expect(call.values("/leg", "CallStatus").last == "completed")
    }

    @Test func aMachineIsConnectedWhereNothingIsAsked() async throws {
        let call = try await FakeOffice.call("<Dial action=\"/done\">\(Self.desk)</Dial>", callees: [.voicemail], documents: Self.documents())
        #expect(call.values("/done", "DialBridged") == ["true"])
        #expect(call.report.bridges.map(\.party) == [Self.desk])
    }

    @Test(arguments: [(Callee.busy, "busy"), (.noAnswer, "no-answer"), (.failed, "failed")])
    func whoIsNotReachedIsToldInTwiliosWords(callee: Callee, status: String) async throws {
        let call = try await FakeOffice.call(Self.dial(), callees: [callee], documents: Self.documents())
        let done = try #require(call.forms("/done").first)
        #expect((done["DialCallStatus"], done["DialBridged"], done["DialCallDuration"]) == (status, "false", nil))
        #expect(done["DialCallSid"] == call.report.legs.first?.callSid)
        #expect(call.values("/leg", "CallStatus").last == status)
        #expect(call.forms("/screen").isEmpty)
    }

    @Test func aQuestionThatCannotBeFetchedEndsTheLegAlone() async throws {
        var documents = Self.documents(done: "<Say>Back.</Say>")
        documents["/screen"] = "500"
        let call = try await FakeOffice.call(Self.dial(), callees: [.human()], documents: documents)
        #expect(call.values("/done", "DialCallStatus") == ["failed"])
        #expect(call.report.verbs.last == .say("Back.", voice: nil))
        #expect(call.report.failures.map(\.code) == [.webhookStatus])
    }

    @Test func ofSeveralTheFirstToAnswerIsConnectedAndTheOthersAreCanceled() async throws {
        let call = try await FakeOffice.call(
            Self.dial([Self.desk, Self.mobile], timeout: 600),
            callees: [.human(answersAfterMs: 60_000), .human(answersAfterMs: 1000, talksForSeconds: 1)],
            documents: Self.documents()
        )
        #expect(call.report.dialled == [Self.desk, Self.mobile])
        let statuses = Dictionary(uniqueKeysWithValues: call.report.legs.map { ($0.to, $0.status ?? "") })
        #expect(statuses == [Self.desk: "canceled", Self.mobile: "completed"])
        #expect(call.report.bridges.map(\.party) == [Self.mobile])
        #expect(call.values("/done", "DialCallSid") == call.report.bridges.map(\.callSid))
    }

    @Test func oneAfterTheOtherIsCalledUntilSomebodyAnswers() async throws {
        let call = try await FakeOffice.call(
            Self.dial([Self.desk, Self.mobile, "+14155550125", "+14155550126"], "sequential=\"true\""),
            callees: [.busy, .noAnswer, .human(talksForSeconds: 1)],
            documents: Self.documents()
        )
        #expect(call.report.dialled == [Self.desk, Self.mobile, "+14155550125"])
        #expect(call.report.legs.map(\.status) == ["busy", "no-answer", "completed"])
        #expect(call.values("/done", "DialBridged") == ["true"])
        let (rang, called) = (call.report.legs[1].endedAtMs ?? 0, call.report.legs[2].calledAtMs ?? 0)
        #expect(called >= rang, "the next is called when the one before is over")
    }

    @Test func theServerIsToldWhetherAMachineAnswered() async throws {
        let voice = "<Dial><Number machineDetection=\"Enable\" amdStatusCallback=\"/amd\">\(Self.desk)</Number></Dial>"
        let call = try await FakeOffice.call(voice, callees: [.voicemail])
        #expect(call.values("/amd", "AnsweredBy") == ["machine_start"])
        #expect(call.values("/amd", "CallSid") == call.report.legs.map(\.callSid))
        #expect(call.report.legs.map(\.answeredBy) == ["machine_start"])
    }

    @Test func whoTalksForTooLongIsHungUpOn() async throws {
        let voice = "<Dial timeLimit=\"2\" action=\"/done\">\(Self.desk)</Dial>"
        let call = try await FakeOffice.call(voice, callees: [.human(talksForSeconds: 500)], documents: Self.documents())
        #expect(call.values("/done", "DialBridged") == ["true"])
        #expect(call.report.durationMs < 400_000)
    }

    @Test func aCallRingsOnUntilItsFirstPartyAnswersWhereThatIsWanted() async throws {
        let voice = Self.dial([Self.desk], timeout: 600, "answerOnBridge=\"true\"")
        let callee = Callee.human(answersAfterMs: 20_000, talksForSeconds: 500)
        let call = try await FakeOffice.call(voice, callees: [callee], documents: Self.documents()) { api, watch, _ in
            _ = try await watch.leg(.ringing)
            #expect(try await api.status(FakeOffice.caller).call?.status == "ringing")
            _ = try await watch.leg(.bridged)
            #expect(try await api.status(FakeOffice.caller).call?.status == "in-progress")
            #expect(try await api.update(FakeOffice.caller, "Status", "completed").status == 200)
        }
        #expect(call.report.ending == .endedByREST)
        #expect(call.report.legs.map(\.status) == ["completed"])
        #expect(call.forms("/done").isEmpty, "whether it is asked then is not documented")
    }
}
