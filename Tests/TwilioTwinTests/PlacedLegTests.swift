import Testing
import Twilio

@testable import TwilioTwin

/// Calls that a server places by REST while a caller waits, over real sockets, in fast time.
@Suite(.timeLimit(.minutes(10))) struct PlacedLegTests {
    private static let mobile = "+14155550124"
    private static let waits = "<Pause length=\"500\"/>"
    private static let allTold = ["initiated", "ringing", "answered", "completed"]

    private static func creation(_ server: String, url: String = "/screen") -> CallCreation {
        CallCreation(
            to: mobile,
            from: "+14155555678",
            url: server + url,
            timeoutSeconds: 600,
            statusCallback: server + "/leg",
            statusCallbackEvents: allTold
        )
    }

    private static func hangUp(_ api: RESTCaller) async throws {
        #expect(try await api.update(FakeOffice.caller, "Status", "completed").status == 200)
    }

    @Test func aCallIsQueuedRingsAndRunsItsDocument() async throws {
        let documents = ["/screen": FakeOffice.question, "/key": "<Say>Thank you.</Say>"]
        let call = try await FakeOffice.call(Self.waits, callees: [.human()], documents: documents) { api, watch, server in
            let answer = try await api.place(Self.creation(server))
            #expect((answer.status, answer.call?.status, answer.call?.direction) == (201, "queued", "outbound-api"))
            let leg = try await watch.legEnds()
            #expect(answer.call?.sid == leg)
            #expect(try await api.status(leg).call?.status == "completed")
            #expect(try await api.update(leg, "Status", "completed").code == 21220)
            try await Self.hangUp(api)
        }
        let leg = try #require(call.report.legs.first)
        #expect((leg.to, leg.heard, leg.pressed) == (Self.mobile, ["Press 1.", "Thank you."], "1"))
        #expect(leg.parentCallSid == nil)
        #expect(call.values("/leg", "CallStatus") == ["initiated", "ringing", "in-progress", "completed"])
        #expect(call.values("/leg", "SequenceNumber") == ["0", "1", "2", "3"])
        #expect(Set(call.values("/leg", "Direction")) == ["outbound-api"])
        #expect(call.forms("/leg").last?["CallDuration"] != nil)
        #expect(call.forms("/screen").first?["CallSid"] == leg.callSid)
        #expect(call.report.dialled == [Self.mobile])
        #expect(call.report.bridges.isEmpty)
    }

    @Test(arguments: ["canceled", "completed"])
    func aCallIsEndedWhileItRings(by status: String) async throws {
        let call = try await FakeOffice.call(Self.waits, callees: [.noAnswer]) { api, watch, server in
            _ = try await api.place(Self.creation(server))
            let leg = try await watch.leg(.ringing)
            #expect(try await api.update(leg, "Url", server + "/other").code == 21220, "it is not in progress yet")
            #expect(try await api.update(leg, "Status", status).call?.status == "canceled")
            _ = try await watch.legEnds()
            try await Self.hangUp(api)
        }
        #expect(call.values("/leg", "CallStatus") == ["initiated", "ringing", "canceled"])
        #expect(call.forms("/screen").isEmpty)
    }

    @Test func nothingIsToldOfACallThatIsCancelledInTheQueue() async throws {
        let call = try await FakeOffice.call(Self.waits, callees: [.human()], set: { $0.queueMs = 100_000 }) { api, watch, server in
            let leg = try #require(try await api.place(Self.creation(server)).call?.sid)
            #expect(try await api.update(leg, "Status", "canceled").call?.status == "canceled")
            _ = try await watch.legEnds()
            try await Self.hangUp(api)
        }
        #expect(call.forms("/leg").isEmpty)
        #expect(call.report.dialled.isEmpty)
    }

    @Test func onceAnsweredACallCannotBeCancelledButGivenAnotherDocumentAndEnded() async throws {
        let documents = ["/screen": "<Say>Hello.</Say><Pause length=\"300\"/>", "/other": "<Say>Other.</Say><Pause length=\"300\"/>"]
        let call = try await FakeOffice.call(Self.waits, callees: [.human()], documents: documents) { api, watch, server in
            _ = try await api.place(Self.creation(server))
            let leg = try await watch.leg(.heard("Hello."))
            #expect(try await api.update(leg, "Status", "canceled").call?.status == "in-progress")
            #expect(try await api.update(leg, "Url", server + "/other").status == 200)
            _ = try await watch.leg(.heard("Other."))
            #expect(try await api.update(leg, "Status", "completed").call?.status == "completed")
            _ = try await watch.legEnds()
            try await Self.hangUp(api)
        }
        #expect(call.values("/leg", "CallStatus").last == "completed")
    }

    @Test func theDocumentWaitsForMachineDetectionUnlessItIsAsynchronous() async throws {
        let call = try await FakeOffice.call(Self.waits, callees: [.human()], documents: ["/screen": "<Say>Hello.</Say>"]) { api, watch, server in
            var creation = Self.creation(server)
            creation.machineDetection = "Enable"
            _ = try await api.place(creation)
            _ = try await watch.legEnds()
            try await Self.hangUp(api)
        }
        #expect(call.values("/screen", "AnsweredBy") == ["human"])
        #expect(call.forms("/screen").first?["MachineDetectionDuration"] != nil)
        let other = try await FakeOffice.call(Self.waits, callees: [.voicemail], documents: ["/screen": "<Pause length=\"20\"/>"]) {
            api,
            watch,
            server in
            var creation = Self.creation(server)
            (creation.machineDetection, creation.asyncAMD, creation.asyncAMDStatusCallback) = ("Enable", true, server + "/amd")
            _ = try await api.place(creation)
            let leg = try await watch.leg(.detected(answeredBy: "machine_start"))
            #expect(try await api.status(leg).call?.answeredBy == "machine_start")
            _ = try await watch.legEnds()
            try await Self.hangUp(api)
        }
        #expect(other.values("/screen", "AnsweredBy") == [""])
        #expect(other.values("/amd", "AnsweredBy") == ["machine_start"])
        #expect(other.values("/amd", "CallSid") == other.report.legs.map(\.callSid))
    }

    @Test func aDocumentThatCannotBeFetchedEndsTheLegAlone() async throws {
        let call = try await FakeOffice.call(Self.waits, callees: [.human()], documents: ["/screen": "500"]) { api, watch, server in
            _ = try await api.place(Self.creation(server))
            _ = try await watch.legEnds()
            #expect(try await api.status(FakeOffice.caller).call?.status == "in-progress")
            try await Self.hangUp(api)
        }
        #expect(call.report.failures.map(\.code) == [.webhookStatus])
        #expect(call.report.ending == .endedByREST)
    }

    @Test func eventsInOneWordAreToldNotAtAll() async throws {
        let call = try await FakeOffice.call(Self.waits, callees: [.busy]) { api, watch, server in
            var creation = Self.creation(server)
            creation.statusCallbackEvents = [Self.allTold.joined(separator: " ")]
            #expect(try await api.place(creation).status == 201)
            _ = try await watch.legEnds()
            try await Self.hangUp(api)
        }
        #expect(call.forms("/leg").isEmpty)
        #expect(call.report.faults.map(\.code) == [21626])
    }

    @Test func callsAreRefusedInTwiliosWordsAndWhenTheSimulatedCallIsOver() async throws {
        let rest = TwinREST(authToken: "0123456789abcdef")
        try await rest.withServer { url in
            let api = RESTCaller(rest, url: url)
            let toItself = try await api.place(CallCreation(to: Self.mobile, from: Self.mobile, url: "http://h/"))
            #expect(toItself.code == 21211)
            let afterwards = try await api.place(CallCreation(to: Self.mobile, from: "+14155555678", url: "http://h/"))
            #expect(afterwards.code == 20001)
        }
    }

    @Test func aLegThatOutlivesTheCallerIsWaitedForAndCanBeEnded() async throws {
        let call = try await FakeOffice.call(
            "<Say>Hello.</Say><Pause length=\"20\"/>",
            callees: [.noAnswer],
            set: { $0.lingerSeconds = 400 }
        ) { api, watch, server in
            _ = try await api.place(Self.creation(server))
            let leg = try await watch.leg(.ringing)
            _ = await watch.event { if case .callEnded = $0 { true } else { false } }
            #expect(try await api.status(leg).call?.status == "ringing")
            #expect(try await api.update(leg, "Status", "canceled").status == 200)
        }
        #expect(call.report.ending == .endOfDocument)
        #expect(call.values("/leg", "CallStatus").last == "canceled")
    }

    @Test func aLegThatTheServerForgetsEndsWithTheSimulatedCall() async throws {
        let call = try await FakeOffice.call(
            "<Say>Hello.</Say><Pause length=\"20\"/>",
            callees: [.human()],
            documents: ["/screen": "<Pause length=\"500\"/>"],
            set: { $0.lingerSeconds = 5 }
        ) { api, _, server in
            let answer = try await api.place(Self.creation(server))
            #expect(answer.status == 201)
        }
        #expect(call.report.legs.map(\.status) == ["completed"])
        #expect((call.report.legs.first?.endedAtMs ?? 0) < 200_000)
    }
}
