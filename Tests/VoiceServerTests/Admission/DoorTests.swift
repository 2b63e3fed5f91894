import Conversation
import NIOHTTP1
import TestSupport
import Testing
import Twilio

@testable import VoiceServer

/// The policy at the door, through the running server.
@Suite struct DoorTests {
    private static let overloaded = "Sorry, we are very busy right now. Please call again in a few minutes."
    private static let busy = "Sorry, all our lines are busy right now. Please call again in a few minutes."

    private func isAdmitted(_ answer: Answer) -> Bool { answer.status == 200 && answer.text.contains("<Connect>") }

    /// The sentence that a refused caller hears.
    private func sentence(_ answer: Answer) throws -> String? {
        let document = try TwiML(parsing: answer.text)
        guard answer.status == 200, document.verbs.count == 2, case .say(let text, "alice", nil)? = document.verbs.first,
            document.verbs.last == .hangup
        else {
            return nil
        }
        return text
    }

    /// How often the server counts a reason.
    private func count(_ reason: RefusalReason, at server: TestServer) async throws -> String? {
        let lines = try await server.request(.GET, "/metrics").text.split(separator: "\n")
        return lines.first { $0.hasPrefix("agentos_refusals_total{reason=\"\(reason.rawValue)\"}") }?.split(separator: " ").last.map(String.init)
    }

    @Test func blockedNumbersAreToldSoAndLeaveNoSession() async throws {
        try await withServer([.blockedNumbers: "+1900*, +14155550000, anonymous"]) { (server: TestServer) async throws in
            for from in ["+19005551234", "+14155550000", "anonymous", "+266696687"] {
                #expect(try sentence(try await server.inbound(callSid: newCallSid(), from: from)) == "Sorry, we cannot take your call.")
            }
            #expect(isAdmitted(try await server.inbound(callSid: "CA1", from: "+14155551234")))
            #expect(try await server.sessions() == ["twilio-CA1"])
            #expect(try await count(.blocked, at: server) == "4")
        }
    }

    @Test func whereNumbersAreAllowedNobodyElseIs() async throws {
        try await withServer([.allowedNumbers: "+1415*"]) { (server: TestServer) async throws in
            #expect(isAdmitted(try await server.inbound(callSid: "CA1", from: "+14155551234")))
            for from in ["+19005551234", "anonymous", "client:bob"] {
                #expect(try sentence(try await server.inbound(callSid: newCallSid(), from: from)) == "Sorry, we cannot take your call.")
            }
            #expect(try await count(.notAllowed, at: server) == "3")
        }
    }

    @Test func anOperatorMayWantRefusedCallsNotEvenAnswered() async throws {
        try await withServer([.blockedNumbers: "+1900*", .concurrentCalls: "1", .refusal: "reject"]) { (server: TestServer) async throws in
            let blocked = try TwiML(parsing: try await server.inbound(callSid: "CA1", from: "+19005551234").text)
            #expect(blocked.verbs == [.reject(reason: "rejected")])
            #expect(isAdmitted(try await server.inbound(callSid: "CA2")))
            let late = try TwiML(parsing: try await server.inbound(callSid: "CA3").text)
            #expect(late.verbs == [.reject(reason: "busy")])
        }
    }

    @Test func callerWhoCallsTooOftenIsToldSoAndOthersAreNot() async throws {
        let folder = FolderFixture()
        defer { folder.remove() }
        try await withServer([.callsPerNumberPerHour: "2"], folder: folder.path) { (server: TestServer) async throws in
            for callSid in ["CA1", "CA2"] { #expect(isAdmitted(try await server.inbound(callSid: callSid))) }
            #expect(try sentence(try await server.inbound(callSid: "CA3"))?.contains("you have called very often") == true)
            #expect(isAdmitted(try await server.inbound(callSid: "CA1")), "a repeated webhook is no new call")
            #expect(isAdmitted(try await server.inbound(callSid: "CA4", from: "+14155550000")))
            for callSid in ["CA5", "CA6", "CA7"] {
                #expect(isAdmitted(try await server.inbound(callSid: callSid, from: "anonymous")), "withheld numbers are not one caller")
            }
        }
        try await withServer([.callsPerNumberPerHour: "2"], folder: folder.path) { (server: TestServer) async throws in
            #expect(!isAdmitted(try await server.inbound(callSid: "CA8")), "a restart forgets nothing")
            #expect(try await count(.callerLimit, at: server) == "1")
        }
    }

    @Test func callsOfMoreThanAnHourAgoDoNotCount() async throws {
        let folder = FolderFixture()
        defer { folder.remove() }
        let store = try DataDirectory(folder.path).openStore()
        let old = SessionRecord(
            id: "twilio-CA1",
            callID: "CA1",
            from: "+14155551234",
            to: "+2",
            sttProvider: "scripted",
            createdAt: Timestamp.now - 3_700_000_000
        )
        _ = try await store.write([.create(old)])
        try await withServer([.callsPerNumberPerHour: "1", .callsPerMinute: "1", .concurrentCalls: "1"], folder: folder.path) {
            (server: TestServer) async throws in
            #expect(isAdmitted(try await server.inbound(callSid: "CA2")))
        }
    }

    @Test func callsPerMinuteAreLimited() async throws {
        try await withServer([.callsPerMinute: "2"]) { (server: TestServer) async throws in
            for number in 1...2 { #expect(isAdmitted(try await server.inbound(callSid: "CA\(number)", from: "+1415555000\(number)"))) }
            #expect(try sentence(try await server.inbound(callSid: "CA3")) == Self.busy)
            #expect(try await count(.rateLimit, at: server) == "1")
        }
    }

    @Test func fiftyWebhooksAtOnceFillTenPlacesExactly() async throws {
        try await withServer([.concurrentCalls: "10"]) { (server: TestServer) async throws in
            let admitted = try await withThrowingTaskGroup { group in
                for _ in 0..<50 { group.addTask { isAdmitted(try await server.inbound(callSid: newCallSid())) } }
                return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
            }
            #expect(admitted == 10)
            #expect(try await server.sessions().count == 10)
            #expect(try await count(.concurrentCalls, at: server) == "40")
        }
    }

    @Test func callThatEndsMakesRoom() async throws {
        try await withServer([.concurrentCalls: "1"]) { (server: TestServer) async throws in
            #expect(isAdmitted(try await server.inbound(callSid: "CA1")))
            #expect(try sentence(try await server.inbound(callSid: "CA2")) == Self.busy)
            _ = try await server.request(.POST, "/api/voice/twilio/status", token: "", body: "CallSid=CA1&CallStatus=completed")
            #expect(isAdmitted(try await server.inbound(callSid: "CA2")))
        }
    }

    @Test func whileRunningCallsSufferNewOnesAreRefusedAndKnownOnesAnswered() async throws {
        try await withServer([.overloadLatenessMs: "100"]) { (server: TestServer) async throws in
            try await eventually("the server is ready") { try await server.request(.GET, "/readyz").status == 200 }
            #expect(isAdmitted(try await server.inbound(callSid: "CA1")))
            try await withThrowingTaskGroup { group in
                // Whenever the server looks, frames have just been late.
                group.addTask {
                    while !Task.isCancelled {
                        server.health.noteTick(lateMs: 1000)
                        await Task.yield()
                    }
                }
                for _ in 0..<Overload.secondsToFall {
                    server.health.noteTick(lateMs: 1000)
                    server.health.endSecond(TranscriptionBacklog())
                }
                let ready = try await server.request(.GET, "/readyz")
                #expect(ready.status == 503 && ready.json["status"] as? String == "overloaded")
                #expect(try sentence(try await server.inbound(callSid: "CA2")) == Self.overloaded)
                #expect(isAdmitted(try await server.inbound(callSid: "CA1")))
                #expect(try await count(.overloaded, at: server) == "1")
                #expect(try await server.request(.GET, "/metrics").text.contains("agentos_overloaded 1.0"))
                group.cancelAll()
                try await group.waitForAll()
            }
            for _ in 0..<2 * Overload.secondsToRise { server.health.endSecond(TranscriptionBacklog()) }
            #expect(try await server.request(.GET, "/readyz").status == 200)
            #expect(isAdmitted(try await server.inbound(callSid: "CA2")))
        }
    }

    @Test func queueAndLatenessAreInTheMetrics() async throws {
        try await withServer { (server: TestServer) async throws in
            server.health.noteTick(lateMs: 30)
            server.health.endSecond(TranscriptionBacklog(waiting: 7, oldestWait: .seconds(1)))
            let text = try await server.request(.GET, "/metrics").text
            #expect(text.contains(#"agentos_playout_lateness_seconds_bucket{le="0.05"} 1"#))
            #expect(text.contains("# TYPE agentos_stt_queue_length gauge"))
        }
    }
}
