import Testing
import Twilio

@testable import TwilioTwin

/// A caller and a callee who meet in a conference, over real sockets, in fast time.
@Suite(.timeLimit(.minutes(10))) struct ConferenceTests {
    private static let mobile = "+14155550124"

    /// What the caller's call runs: it waits in a room that it cannot begin.
    private static func waits(_ more: String = "") -> String {
        "<Dial action=\"/after\"><Conference startConferenceOnEnter=\"false\" endConferenceOnExit=\"true\" beep=\"false\" waitUrl=\"/hold\" "
            + "statusCallback=\"/room\" statusCallbackEvent=\"start end join leave\" participantLabel=\"caller\" \(more)>r1</Conference></Dial>"
    }

    private static let documents = [
        "/screen": FakeOffice.question, "/key": "<Dial><Conference beep=\"false\" participantLabel=\"desk\">r1</Conference></Dial>",
        "/hold": "<Play loop=\"0\">/music.wav</Play>", "/after": "<Say>Never.</Say>",
    ]
    private static let back = TwiML([.say("Back.", voice: nil), .hangup])

    private static func place(_ api: RESTCaller, _ server: String) async throws {
        let creation = CallCreation(to: mobile, from: "+14155555678", url: server + "/screen", timeoutSeconds: 600, statusCallback: server + "/leg")
        #expect(try await api.place(creation).status == 201)
    }

    @Test func theTwoMeetAndTheCallerIsTakenBackWhenTheOtherHangsUp() async throws {
        let call = try await FakeOffice.call(Self.waits(), callees: [.human(talksForSeconds: 3)], documents: Self.documents) { api, watch, server in
            try await Self.place(api, server)
            _ = try await watch.legEnds()
            #expect(try await api.update(FakeOffice.caller, "Twiml", Self.back.xml).status == 200)
        }
        let leg = try #require(call.report.legs.first)
        #expect((leg.pressed, leg.conferences) == ("1", ["r1"]))
        #expect(call.report.bridges.map(\.party) == [Self.mobile])
        #expect(call.report.transfers == [Self.mobile])
        #expect(call.report.ending == .hangup)
        #expect(call.report.verbs.suffix(2) == Self.back.verbs)
        let events = [
            "participant-join", "participant-join", "conference-start", "participant-leave", "participant-leave", "conference-end",
        ]
        #expect(call.values("/room", "StatusCallbackEvent") == events)
        #expect(call.values("/room", "SequenceNumber") == ["1", "2", "3", "4", "5", "6"])
        #expect(Set(call.values("/room", "FriendlyName")) == ["r1"])
        #expect(Set(call.values("/room", "ConferenceSid")).count == 1)
        #expect(call.values("/room", "ParticipantLabel").prefix(2) == ["caller", "desk"])
        #expect(call.values("/room", "ReasonParticipantLeft")[3...4] == ["participant_hung_up", "participant_updated_via_api"])
        #expect(call.forms("/room").last?["ReasonConferenceEnded"] == "last-participant-left")
        #expect(call.forms("/hold").count == 1)
        let after = try #require(call.forms("/after").first)
        #expect((after["DialCallStatus"], after["DialCallSid"], after["DialCallDuration"]) == ("answered", nil, nil))
        #expect(call.values("/leg", "CallStatus") == ["completed"])
    }

    @Test func theConferenceEndsWithTheCallerAndSoDoesTheOthersCall() async throws {
        let callee = Callee.human(talksForSeconds: 2, callerHangsUp: true)
        let call = try await FakeOffice.call(Self.waits(), callees: [callee], documents: Self.documents) { api, _, server in
            try await Self.place(api, server)
        }
        #expect(call.report.ending == .transferred)
        #expect(call.report.legs.map(\.status) == ["completed"])
        #expect(call.forms("/after").isEmpty)
        #expect(call.values("/room", "ReasonParticipantLeft").suffix(3) == ["participant_hung_up", "moderator_ended_conference", ""])
        let end = try #require(call.forms("/room").last)
        #expect(end["ReasonConferenceEnded"] == "participant-with-end-conference-on-exit-left")
        #expect((end["CallSidEndingConference"], end["ParticipantLabelEndingConference"]) == (FakeOffice.caller, "caller"))
    }

    @Test(arguments: [Callee.declines, .voicemail, .hangsUp])
    func whoDoesNotTakeTheCallNeverComesIn(callee: Callee) async throws {
        var documents = Self.documents
        if callee == .declines { documents["/key"] = "<Hangup/>" }
        let call = try await FakeOffice.call(Self.waits(), callees: [callee], documents: documents) { api, watch, server in
            try await Self.place(api, server)
            _ = try await watch.legEnds()
            #expect(try await api.update(FakeOffice.caller, "Twiml", Self.back.xml).status == 200)
        }
        #expect(call.report.bridges.isEmpty)
        #expect(call.report.legs.map(\.conferences) == [[]])
        #expect(call.values("/room", "StatusCallbackEvent") == ["participant-join", "participant-leave", "conference-end"])
    }

    @Test func aCallerWhoHangsUpWaitingLeavesARingingLegToTheServer() async throws {
        let call = try await FakeOffice.call(
            Self.waits(),
            callees: [.noAnswer],
            documents: Self.documents,
            set: { ($0.callerPatienceSeconds, $0.lingerSeconds) = (20, 400) }
        ) { api, watch, server in
            try await Self.place(api, server)
            let leg = try await watch.leg(.ringing)
            _ = await watch.event { $0 == .callEnded(.callerHungUp) }
            #expect(try await api.update(FakeOffice.caller, "Twiml", Self.back.xml).code == 21220)
            #expect(try await api.update(leg, "Status", "completed").status == 200)
        }
        #expect(call.report.ending == .callerHungUp)
        #expect(call.values("/leg", "CallStatus") == ["canceled"])
    }

    @Test func aConferenceWhoseMusicCannotBeFetchedDoesNotComeAbout() async throws {
        var documents = Self.documents
        (documents["/hold"], documents["/after"]) = ("500", "<Say>Back.</Say>")
        let call = try await FakeOffice.call(Self.waits(), callees: [.human()], documents: documents)
        #expect(call.forms("/room").isEmpty)
        #expect(call.report.verbs.last == .say("Back.", voice: nil))
        #expect(call.report.faults.map(\.code) == [11200])
    }
}
