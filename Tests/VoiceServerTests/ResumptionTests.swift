import Conversation
import Foundation
import GRDB
import NIOHTTP1
import Synchronization
import TestSupport
import Testing
import Twilio
import TwilioTwin

@testable import VoiceServer

/// Calls whose line is lost: the socket, the network, the server.
@Suite struct ResumptionTests {
    /// Opens a stream with the token of a fresh webhook and lends it once the session is active.
    private func withStream(
        _ server: TestServer,
        _ callSid: String,
        _ body: @escaping @Sendable (MediaSocketInbound, MediaSocketOutbound) async throws -> Void
    ) async throws {
        let last = try await server.request(.GET, "/api/voice/sessions/twilio-\(callSid)").status == 200 ? try await server.lastSeq(callSid) : 0
        let token = try await server.openSession(callSid: callSid)
        try await server.socket(callSid: callSid).withConnection { inbound, outbound in
            try await outbound.send(Wire.start(callSid: callSid, token: token))
            _ = try await server.events(callSid: callSid, after: last, until: "voice.session.active")
            try await body(inbound, outbound)
        }
    }

    @Test func aCallGoesOnWithItsMemoryAfterItsSocketWasCut() async throws {
        try await withServer { (server: TestServer) async throws in
            let clip = try sample("caller-stop")
            let script: [CallerStep] = [
                .say(clip: clip, label: "first"), .waitForAnswer(), .cutSocket, .waitForAnswer(), .say(clip: clip, label: "second"),
                .waitForAnswer(), .hangUp,
            ]
            let call = TwinCallConfiguration(webhookURL: server.webhook, script: script)
            let report = try await TwinCall(call).run()
            #expect(report.ending == .callerHungUp)
            #expect(report.streams.count == 2)
            #expect(report.verbs.filter { if case .say = $0 { true } else { false } }.count == 1, "who comes back is not greeted again")

            let events = try await server.events(callSid: call.callSid)
            let types = events.compactMap { $0["type"] as? String }
            #expect(events.compactMap { $0["seq"] as? Int } == Array(1...events.count))
            #expect(types.filter { $0 == "voice.session.active" }.count == 2)
            let interrupted = try #require(events.first { $0["type"] as? String == "voice.session.interrupted" })
            #expect(interrupted["reason"] as? String == "stream_lost")
            let session = try #require(events.last?["session"] as? [String: Any])
            #expect((session["metadata"] as? [String: Any])?["resumes"] as? Int == 1)
            let texts = events.filter { $0["type"] as? String == "voice.assistant.text" }.compactMap { $0["text"] as? String }
            #expect(texts.contains { $0.hasPrefix("Sorry, we were cut off for a moment.") })
            let turns = events.filter { $0["type"] as? String == "voice.stt.final" }.compactMap { $0["turn"] as? Int }
            #expect(turns.count == 2 && turns[1] > turns[0])
        }
    }

    @Test func aCallThatDoesNotComeBackIsStoppedAndSaysWhy() async throws {
        try await withServer([.resumeSeconds: "0"]) { (server: TestServer) async throws in
            let callSid = newCallSid()
            try await withStream(server, callSid) { _, outbound in try await outbound.send(Wire.media()) }
            let events = try await server.events(callSid: callSid)
            #expect(events.suffix(2).compactMap { $0["type"] as? String } == ["voice.session.interrupted", "voice.session.stopped"])
            #expect(events.last?["reason"] as? String == "stream_lost")
            let wayBack = try await server.inbound(callSid: callSid).text
            #expect(wayBack.contains("we lost the connection") && wayBack.contains("<Hangup />"), "nothing is resurrected")
        }
    }

    @Test func aCallThatEndedWhileItsLineWasLostIsNotResurrected() async throws {
        try await withServer { (server: TestServer) async throws in
            let callSid = newCallSid()
            try await withStream(server, callSid) { _, _ in }
            let told = try await server.events(callSid: callSid, until: "voice.session.interrupted").last
            let path = "/api/voice/sessions/twilio-\(callSid)"
            let away = try await server.request(.GET, path).json
            let interrupted = away["interrupted"] as? [String: String]
            #expect(away["state"] as? String == "active" && interrupted?["reason"] == "stream_lost")
            #expect(interrupted?["since"] == told?["timestamp"] as? String)
            let body = "CallSid=\(callSid)&CallStatus=completed"
            #expect(try await server.request(.POST, "/api/voice/twilio/status", token: "", body: body).status == 204)
            #expect(try await server.events(callSid: callSid).last?["reason"] as? String == "call_completed")
            #expect(try await server.request(.GET, path).json["interrupted"] is NSNull)
            #expect(try await server.inbound(callSid: callSid).text.contains("<Hangup />"))
        }
    }

    @Test func aCallThatIsEndedWhileItsStreamClosesIsNotWaitedFor() async throws {
        try await withServer([.resumeSeconds: "600"]) { (server: TestServer) async throws in
            let callSid = newCallSid()
            let token = try await server.openSession(callSid: callSid)
            let session = try await server.directory.mayConnect("twilio-\(callSid)").get()
            // A stream that hears nothing any more: it is closing.
            let claim = try await server.directory.claim(
                session,
                streamSid: "MZ1",
                token: token,
                isTokenRequired: true,
                isHeard: { false },
                end: { _ in }
            )
            #expect(try claim.get().state == .active)
            #expect(try await server.directory.end(session.id, reason: "call_completed"))
            await server.directory.release(session.id, after: .streamLost)
            #expect(try await server.events(callSid: callSid).last?["reason"] as? String == "call_completed")
        }
    }

    @Test func anEndThatTheStoreRefusesIsWrittenOnceItCanBe() async throws {
        try await withServer { (server: TestServer) async throws in
            let callSid = newCallSid()
            _ = try await server.openSession(callSid: callSid)
            // Somebody else holds the store, for longer than a write waits.
            var configuration = GRDB.Configuration()
            configuration.allowsUnsafeTransactions = true
            configuration.busyMode = .timeout(60)
            let other = try DatabaseQueue(path: "\(server.folder)/agentos.sqlite", configuration: configuration)
            try await other.writeWithoutTransaction { try $0.execute(sql: "BEGIN IMMEDIATE") }
            let body = "CallSid=\(callSid)&CallStatus=completed"
            #expect(try await server.request(.POST, "/api/voice/twilio/status", token: "", body: body).status == 500)
            try await other.writeWithoutTransaction { try $0.execute(sql: "ROLLBACK") }
            #expect(try await server.events(callSid: callSid).last?["reason"] as? String == "call_completed")
        }
    }

    @Test func aStreamThatIsHeardIsNotReplacedByAReplay() async throws {
        try await withServer { (server: TestServer) async throws in
            let isTried = CallerSignal()
            let call = TwinCallConfiguration(webhookURL: server.webhook, script: [.waitUntil(isTried), .hangUp])
            _ = try await server.openSession(callSid: call.callSid)
            async let report = TwinCall(call).run()
            _ = try await server.events(callSid: call.callSid, until: "voice.session.active")
            #expect(try await server.inbound(callSid: call.callSid).text.contains("<Connect>"), "the webhook is answered as before")
            let refusal = await #expect(throws: TwinError.self) {
                try await server.socket(callSid: call.callSid).withConnection { _, _ in }
            }
            #expect(refusal?.status == 409)
            isTried.give()
            #expect(try await report.ending == .callerHungUp)
            let events = try await server.events(callSid: call.callSid)
            #expect(events.last?["reason"] as? String == "stream_stopped")
            #expect(!events.contains { $0["type"] as? String == "voice.session.interrupted" })
        }
    }

    @Test func aDeadStreamThatNobodyNoticedGivesWayToTheNextOne() async throws {
        try await withServer { (server: TestServer) async throws in
            let callSid = newCallSid()
            try await withStream(server, callSid) { _, outbound in
                // The network is cut: nothing comes, and the server hears of no close.
                try await eventually("the silent stream gives way") {
                    do {
                        try await withStream(server, callSid) { _, second in
                            try await second.send(Wire.stop(callSid: callSid))
                            #expect(try await server.events(callSid: callSid).last?["reason"] as? String == "stream_stopped")
                        }
                        return true
                    } catch let error as TwinError where error.code == .handshakeRefused && error.status == 409 {
                        return false
                    }
                }
            }
            let events = try await server.events(callSid: callSid)
            #expect(events.first { $0["type"] as? String == "voice.session.interrupted" }?["reason"] as? String == "stream_superseded")
        }
    }

    /// What a server leaves behind that dies while it answers.
    private func leaveCall(_ callSid: String, in folder: FolderFixture, tools: [CallEvent]? = nil) async throws {
        let store = try DataDirectory(folder.path).openStore()
        let id = "twilio-\(callSid)"
        let now = Timestamp.now
        let record = SessionRecord(id: id, callID: callSid, from: "+1", to: "+2", sttProvider: "scripted", createdAt: now)
        let words = CallEvent.final(text: "book a table", turn: 1, audioMs: 900, confidence: nil)
        let events = [words] + (tools ?? [.assistantText(text: "For how many people shall I book it?", turn: 1)])
        _ = try await store.write(
            [.create(record), .activate(session: id, streamID: "MZ1", at: now)] + events.map { .event(session: id, $0, at: now) }
        )
    }

    /// Tools of a call whose server dies while the second one runs.
    private static let tools: [CallEvent] = {
        let first = ToolCall(id: "c1", name: "find_slots", arguments: "{}")
        let second = ToolCall(id: "c2", name: "book", arguments: #"{"people":2}"#)
        let done = ToolUse(first, outcome: ToolOutcome(.done, "20:00"))
        return [.toolCalled(first, turn: 1), .toolFinished(done, turn: 1, tookMs: 5), .toolCalled(second, turn: 1)]
    }()

    private func strings(_ key: String, of events: [[String: Any]]) -> [String] { events.compactMap { $0[key] as? String } }

    @Test(arguments: ["60", "0"])
    func aToolThatAServerDiedInEndsOnceAndItsOutcomeIsUnknown(_ grace: String) async throws {
        let folder = FolderFixture()
        defer { folder.remove() }
        let callSid = newCallSid()
        try await leaveCall(callSid, in: folder, tools: Self.tools)
        // The server that takes over dies in its turn, or is stopped: the tool has ended all the same.
        for _ in 0..<2 {
            try await withServer([.resumeSeconds: "600"], folder: folder.path) { (server: TestServer) async throws in
                _ = try await server.events(callSid: callSid, until: "voice.session.interrupted")
            }
        }
        try await withServer([.resumeSeconds: grace], folder: folder.path) { (server: TestServer) async throws in
            if grace != "0" {
                try await withStream(server, callSid) { _, outbound in
                    _ = try await server.events(callSid: callSid, after: 8, until: "voice.assistant.text")
                    try await outbound.send(Wire.stop(callSid: callSid))
                    _ = try await server.events(callSid: callSid)
                }
            }
            let events = try await server.events(callSid: callSid)
            let seqs = events.compactMap { $0["seq"] as? Int }
            #expect(seqs == Array(1...events.count))
            let types = strings("type", of: events)
            #expect(types.firstIndex(of: "voice.session.interrupted") == 7 && types[6] == "voice.tool.finished", "\(types)")
            let finished = events.filter { $0["type"] as? String == "voice.tool.finished" }
            #expect(strings("tool_call_id", of: finished) == ["c1", "c2"])
            #expect(strings("status", of: finished) == ["done", "unknown"])
            #expect(finished.last?["turn"] as? Int == 1 && finished.last?["took_ms"] as? Int == 0)
        }
        // What the assistant knows of it is what the event says.
        let transcript = try await Transcript.read("twilio-\(callSid)", from: DataDirectory(folder.path).openStore())
        let known = transcript.resumption.conversation.compactMap(\.tool).last
        #expect(transcript.cutTools.isEmpty && known?.outcome?.status == .unknown)
        #expect(known?.outcome?.text.contains("it may have happened") == true)
    }

    @Test func aCallOfADeadServerComesBackAndTheAnswerItDiedInIsSaidAgain() async throws {
        let folder = FolderFixture()
        defer { folder.remove() }
        let callSid = newCallSid()
        try await leaveCall(callSid, in: folder)
        try await withServer([.resumeSeconds: "60"], folder: folder.path) { (server: TestServer) async throws in
            try await withStream(server, callSid) { _, outbound in
                let opening = try await server.events(callSid: callSid, after: 6, until: "voice.assistant.text").last?["text"] as? String
                #expect(opening == "Sorry, we were cut off for a moment. For how many people shall I book it?")
                try await outbound.send(Wire.stop(callSid: callSid))
                #expect(try await server.events(callSid: callSid).last?["reason"] as? String == "stream_stopped")
            }
            let transcript = try await server.request(.GET, "/api/voice/sessions/twilio-\(callSid)/transcript").json
            let texts = (transcript["turns"] as? [[String: Any]])?.compactMap { $0["text"] as? String }
            #expect(texts?.prefix(2) == ["book a table", "For how many people shall I book it?"])
        }
    }

    @Test func aCallOfADeadServerThatDoesNotComeBackIsClosed() async throws {
        let folder = FolderFixture()
        defer { folder.remove() }
        let callSid = newCallSid()
        try await leaveCall(callSid, in: folder)
        try await withServer([.resumeSeconds: "0"], folder: folder.path) { (server: TestServer) async throws in
            let told = try await server.events(callSid: callSid)
            #expect(told.suffix(2).compactMap { $0["type"] as? String } == ["voice.session.interrupted", "voice.session.stopped"])
            #expect(told.last?["reason"] as? String == "server_lost")
            #expect(try await server.sessions("/api/voice/sessions?state=active").isEmpty)
        }
    }

    /// What a server leaves behind that dies while somebody else is called for its caller.
    private func leaveTransfer(_ callSid: String, in folder: FolderFixture) async throws {
        let store = try DataDirectory(folder.path).openStore()
        let id = "twilio-\(callSid)"
        let now = Timestamp.now
        let record = SessionRecord(id: id, callID: callSid, from: "+1", to: "+2", sttProvider: "scripted", createdAt: now)
        let call = ToolCall(id: "handover-1", name: BuiltInTool.transferCall.rawValue, arguments: "{\"destination\":\"desk\"}")
        _ = try await store.write([
            .create(record), .activate(session: id, streamID: "MZ1", at: now),
            .event(session: id, .toolCalled(call, turn: 1), at: now), .interrupt(session: id, reason: "transferring", at: now),
        ])
    }

    private func dialStatus(_ server: TestServer, _ callSid: String, _ more: String) async throws -> Answer {
        try await server.request(.POST, "/api/voice/twilio/dial-status", token: "", body: "CallSid=\(callSid)&CallStatus=in-progress&\(more)")
    }

    @Test(arguments: ["busy", "no-answer", "failed", "canceled", "", "completed&DialBridged=false"])
    func aDialThatComesToNothingBringsTheCallBackAlsoToAServerThatWasStartedAnew(status: String) async throws {
        let folder = FolderFixture()
        defer { folder.remove() }
        let callSid = newCallSid()
        try await leaveTransfer(callSid, in: folder)
        try await withServer([.resumeSeconds: "0"], folder: folder.path) { (server: TestServer) async throws in
            let first = try TwiML(parsing: try await dialStatus(server, callSid, "DialCallStatus=\(status)").text)
            guard case .connect(let stream)? = first.verbs.first else {
                Issue.record("\(first)")
                return
            }
            #expect(stream.url.hasSuffix("/stream/twilio-\(callSid)"))
            #expect(first.verbs.dropFirst().contains { if case .redirect = $0 { true } else { false } }, "the way back stands behind it")
            #expect(try await dialStatus(server, callSid, "DialCallStatus=\(status)").text.contains("<Connect>"), "Twilio may ask twice")
            try await server.socket(callSid: callSid).withConnection { _, outbound in
                try await outbound.send(Wire.start(callSid: callSid, token: stream.parameters.first?.value ?? ""))
                let events = try await server.events(callSid: callSid, until: "voice.assistant.text")
                #expect(events.last?["text"] as? String == CallMachine.Configuration().apology)
                #expect(events.filter { $0["type"] as? String == "voice.tool.finished" }.compactMap { $0["status"] as? String } == ["failed"])
                try await outbound.send(Wire.stop(callSid: callSid))
                _ = try await server.events(callSid: callSid)
            }
        }
    }

    @Test(arguments: ["completed", "answered", "completed&DialBridged=true"])
    func aDialThatWasTakenEndsTheSessionAsTransferred(status: String) async throws {
        let folder = FolderFixture()
        defer { folder.remove() }
        let callSid = newCallSid()
        try await leaveTransfer(callSid, in: folder)
        try await withServer(folder: folder.path) { (server: TestServer) async throws in
            #expect(try await dialStatus(server, callSid, "DialCallStatus=\(status)").text == InboundTwiML.hangUp.xml)
            let events = try await server.events(callSid: callSid)
            #expect(events.last?["reason"] as? String == "transferred")
            #expect(events.dropLast().last?["status"] as? String == "done")
            #expect(try await dialStatus(server, callSid, "DialCallStatus=\(status)").text == InboundTwiML.hangUp.xml)
            #expect(try await dialStatus(server, callSid, "DialCallStatus=busy").text.contains("Please call again"), "never silence")
        }
    }

    @Test func aDialStatusMustBeTwiliosAndNameACall() async throws {
        try await withServer([.twilioAuthToken: "secret"]) { (server: TestServer) async throws in
            #expect(try await dialStatus(server, newCallSid(), "DialCallStatus=busy").status == 403)
        }
        try await withServer { (server: TestServer) async throws in
            #expect(try await server.request(.POST, "/api/voice/twilio/dial-status", token: "", body: "DialCallStatus=busy").status == 400)
            #expect(try await dialStatus(server, newCallSid(), "DialCallStatus=busy").text.contains("Please call again"))
        }
    }

    @Test func anOperatorEndsACall() async throws {
        try await withServer { (server: TestServer) async throws in
            let callSid = newCallSid()
            try await withStream(server, callSid) { inbound, outbound in
                try await outbound.send(Wire.media())
                let answer = try await server.request(.POST, "/api/voice/sessions/twilio-\(callSid)/end")
                #expect(answer.status == 202)
                #expect(try await inbound.untilClosed().closeCode == 1000)
            }
            #expect(try await server.events(callSid: callSid).last?["reason"] as? String == "ended_by_operator")
            #expect(try await server.request(.POST, "/api/voice/sessions/twilio-\(callSid)/end").status == 409)
            #expect(try await server.request(.POST, "/api/voice/sessions/twilio-CAnone/end").status == 404)
            #expect(try await server.request(.POST, "/api/voice/sessions/twilio-\(callSid)/end", token: "wrong").status == 401)
        }
    }
}

extension TestServer {
    /// The number of a session's last event.
    fileprivate func lastSeq(_ callSid: String) async throws -> Int {
        let store = try SQLiteCallStore(path: folder + "/agentos.sqlite")
        return try await store.session("twilio-\(callSid)")?.lastSeq ?? 0
    }
}
