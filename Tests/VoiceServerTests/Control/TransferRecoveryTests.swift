import Conversation
import Foundation
import NIOHTTP1
import TestSupport
import Testing
import Twilio
import TwilioTwin

@testable import VoiceServer

/// What a server that died in a transfer left behind.
struct TransferRecoveryTests {
    private static let agents = """
        agents:
          - name: reception
            transfer:
              sales: {number: "+14155550190", mode: warm}
        """

    /// Runs a server whose predecessor died with a call in which somebody was being called; Twilio says that the call is as `status` says.
    private func withServer(
        afterStages stages: [TransferStep.Stage],
        callStatus status: String,
        _ body: @escaping @Sendable (_ server: TestServer, _ callSid: String, _ endpoint: FakeEndpoint) async throws -> Void
    ) async throws {
        let folder = FolderFixture()
        defer { folder.remove() }
        let (data, file, callSid) = (folder.path + "/data", folder.path + "/agents.yaml", newCallSid())
        try FileManager.default.createDirectory(atPath: data, withIntermediateDirectories: true)
        try Self.agents.write(toFile: file, atomically: true, encoding: .utf8)
        let id = "twilio-\(callSid)"
        let tool = ToolCall(id: "t1", name: "transfer_call", arguments: "{\"destination\":\"sales\"}")
        let now = Timestamp.now
        let session = SessionRecord(id: id, callID: callSid, from: "+14155551234", to: "+14155555678", sttProvider: "scripted", createdAt: now)
        let steps = stages.map { TransferStep(transfer: "t1", destination: "sales", party: 1, stage: $0, callID: $0 == .dialing ? nil : "CAparty") }
        let events = [CallEvent.toolCalled(tool, turn: 1)] + steps.map { CallEvent.transfer($0) }
        let changes: [StoreChange] = [.create(session), .activate(session: id, streamID: "MZ1", at: now)]
        _ = try await SQLiteCallStore(path: data + "/agentos.sqlite").write(changes + events.map { .event(session: id, $0, at: now) })
        let handler: FakeEndpoint.Handler = { request, answer in
            guard status != "nothing" else { return try await answer.whole("no such page", status: "404 Not Found", type: "text/plain") }
            let sid = request.target.split(separator: "/").last.map { String($0.dropLast(".json".count)) } ?? ""
            try await answer.whole(CallResource(sid: sid, status: status).json)
        }
        try await FakeEndpoint.withEndpoint(handler) { endpoint in
            let settings: [SettingKey: String] = [
                .twilioAccountSid: "AC1", .twilioAuthToken: "secret", .twilioAPIBaseURL: endpoint.url, .resumeSeconds: "60",
            ]
            try await VoiceServerTests.withServer(settings, folder: data, file: file) { (server: TestServer) async throws in
                try await body(server, callSid, endpoint)
            }
        }
    }

    @Test func whoWasBeingCalledIsHungUpOnAndTheCallerIsNotPutThroughAgain() async throws {
        try await withServer(afterStages: [.dialing, .placed], callStatus: "in-progress") { server, callSid, endpoint in
            try await eventually("the party is hung up on") {
                endpoint.requests.contains { $0.target.contains("CAparty") && $0.body.contains("Status=completed") }
            }
            let events = try await server.events(callSid: callSid, until: "voice.session.interrupted")
            try await eventually("the step is told") {
                let page = try await server.request(.GET, "/api/voice/sessions/twilio-\(callSid)/events", headers: [("Accept", "application/json")])
                return page.text.contains("\"stage\":\"cancelled\"")
            }
            let finished = events.first { $0["type"] as? String == "voice.tool.finished" }
            #expect(finished?["status"] as? String == "cancelled")
            #expect((finished?["result"] as? String)?.contains("nobody is being called any more") == true)
            #expect(!endpoint.requests.contains { $0.target.hasSuffix("/Calls.json") }, "nobody is called again")
        }
    }

    @Test func whoHasTakenTheCallMeetsTheCallerWhoComesBack() async throws {
        try await withServer(afterStages: [.dialing, .placed, .answered, .accepted], callStatus: "in-progress") { server, callSid, _ in
            let answer = try await server.inbound(callSid: callSid, authToken: "secret")
            let document = try TwiML(parsing: answer.text)
            guard case .dial(let dial)? = document.verbs.first, case .conference(let conference)? = dial.parties.first else {
                Issue.record("the caller is not sent to a conference: \(answer.text)")
                return
            }
            #expect(conference.participantLabel == "caller" && dial.action?.contains("dial-status") == true)
        }
    }

    @Test func aPageThatIsNotFoundEndsNoCall() async throws {
        try await withServer(afterStages: [], callStatus: "nothing") { server, callSid, endpoint in
            try await eventually("Twilio was asked") { !endpoint.requests.isEmpty }
            let answer = try await server.inbound(callSid: callSid, authToken: "secret")
            #expect(answer.text.contains("<Connect>"))
        }
    }

    @Test func aCallThatEndedWhileTheServerWasAwayEndsAtOnce() async throws {
        try await withServer(afterStages: [], callStatus: "completed") { server, callSid, _ in
            let events = try await server.events(callSid: callSid)
            #expect(events.last?["reason"] as? String == "call_completed")
        }
    }
}
