import Foundation
import TestSupport
import Testing
import Twilio
import TwilioTwin

@testable import Conversation
@testable import VoiceServer

/// Callers who are put through, over real sockets, by the key 1.
struct TransferTests {
    private static let sales = "+14155550190"
    private static let second = "+14155550191"

    private static func agent(_ transfer: String) -> String {
        """
        agents:
          - name: reception
            greeting: ""
            idle_prompt_seconds: 0
            phrases: {connecting: "Yes."}
            keys: {"1": transfer sales}
            transfer:
              sales: {\(transfer)}
        """
    }

    /// Places a call in which the caller presses 1, and shows what came of it.
    private func withTransfer(
        _ transfer: String,
        callees: [Callee],
        faults: CallbackFaults = CallbackFaults(),
        then steps: [CallerPlan.Step] = [.waits(for: "voice.assistant.heard"), .does(.hangUp)],
        _ body: @escaping @Sendable (TwinCallReport, [[String: Any]]) throws -> Void
    ) async throws {
        let folder = FolderFixture()
        defer { folder.remove() }
        try FileManager.default.createDirectory(atPath: folder.path, withIntermediateDirectories: true)
        let file = folder.path + "/agents.yaml"
        try Self.agent(transfer).write(toFile: file, atomically: true, encoding: .utf8)
        let rest = TwinREST(authToken: "secret")
        try await rest.withServer { address in
            let settings: [SettingKey: String] = [
                .twilioAccountSid: rest.accountSid, .twilioAuthToken: rest.authToken, .twilioAPIBaseURL: address,
            ]
            try await withServer(settings, folder: folder.path + "/data", file: file) { (server: TestServer) async throws in
                var call = TwinCallConfiguration(
                    webhookURL: server.webhook,
                    statusCallbackURL: server.address + "/api/voice/twilio/status",
                    callees: callees,
                    rest: rest
                )
                call.machineDetectionMs = 300
                call.callbackFaults = faults
                let plan = CallerPlan([.does(.wait(200)), .does(.dtmf("1")), .waits(for: "voice.assistant.heard")] + steps)
                let (report, events) = try await server.place(plan, as: call)
                try body(report, events)
            }
        }
    }

    private static func stages(_ events: [[String: Any]]) -> [String] {
        events.filter { $0["type"] as? String == "voice.transfer" }.compactMap { $0["stage"] as? String }
    }

    private static func finished(_ events: [[String: Any]]) -> [String] {
        events.filter { $0["type"] as? String == "voice.tool.finished" }.compactMap { $0["status"] as? String }
    }

    private static let human = Callee.human(answersAfterMs: 100, talksForSeconds: 1)

    @Test func whoTakesTheCallHearsWhoCallsAndIsConnectedAfterPressing1() async throws {
        try await withTransfer("number: \"\(Self.sales)\", mode: warm", callees: [Self.human], then: []) { report, events in
            #expect(report.dialled == [Self.sales] && report.bridges.count == 1)
            #expect(report.legs.first?.heard.first == "You have a call from 1 4 1 5 5 5 5 1 2 3 4." && report.legs.first?.pressed == "1")
            #expect(Self.stages(events).suffix(3) == ["answered", "accepted", "bridged"])
            #expect(events.last?["reason"] as? String == "transferred" && Self.finished(events) == ["done"])
            #expect(report.faults.filter { $0.code != 31_921 }.isEmpty, "\(report.faults)")
            let types = events.compactMap { $0["type"] as? String }
            #expect(types.contains("voice.hold.started") && types.contains("voice.command.finished"))
        }
    }

    @Test(arguments: [(Callee.busy, "busy"), (.declines, "declined"), (.failed, "failed")])
    func whomNobodyTakesStaysWithTheAgentOnTheSameStream(callee: Callee, stage: String) async throws {
        try await withTransfer("number: \"\(Self.sales)\", mode: warm", callees: [callee]) { report, events in
            #expect(report.dialled == [Self.sales] && report.bridges.isEmpty && report.streams.count == 1)
            #expect(Self.stages(events).last == stage && Self.finished(events) == ["failed"])
            #expect(report.ending == .callerHungUp)
        }
    }

    @Test func voicemailHearsTheQuestionAndIsNotConnected() async throws {
        try await withTransfer("number: \"\(Self.sales)\", mode: warm", callees: [.voicemail]) { report, events in
            #expect(report.bridges.isEmpty && Self.stages(events).last == "declined" && report.ending == .callerHungUp)
        }
    }

    @Test func severalNumbersAreCalledOneAfterAnother() async throws {
        let transfer = "numbers: [\"\(Self.sales)\", \"\(Self.second)\"], mode: warm"
        try await withTransfer(transfer, callees: [.busy, Self.human], then: []) { report, events in
            #expect(report.dialled == [Self.sales, Self.second] && report.bridges.map(\.party) == [Self.second])
            #expect(events.last?["reason"] as? String == "transferred")
        }
    }

    @Test func ofNumbersThatAreCalledAtOnceTheFirstToAcceptTakesTheCall() async throws {
        let transfer = "numbers: [\"\(Self.sales)\", \"\(Self.second)\"], mode: warm, order: at_once"
        let slow = Callee.human(answersAfterMs: 8000)
        try await withTransfer(transfer, callees: [slow, Self.human], then: []) { report, events in
            #expect(report.dialled.count == 2 && report.bridges.map(\.party) == [Self.second])
            let other = report.legs.first { $0.to == Self.sales }
            #expect(other?.answeredAtMs == nil && other?.endedAtMs != nil, "the other telephone stops ringing")
            #expect(Self.stages(events).contains("cancelled"))
        }
    }

    @Test func whoHangsUpBeforeTheCallerIsThereLeavesTheCallerWithTheAgent() async throws {
        try await withTransfer("number: \"\(Self.sales)\", mode: warm", callees: [.hangsUp]) { report, events in
            #expect(report.bridges.isEmpty && report.ending == .callerHungUp)
            #expect(Self.finished(events) == ["failed"])
            #expect(["stream_stopped", "call_completed"].contains(events.last?["reason"] as? String))
        }
    }

    @Test func whoHangsUpWhileSomebodyIsBeingCalledStopsTheRinging() async throws {
        let slow = Callee.human(answersAfterMs: 20_000)
        let steps: [CallerPlan.Step] = [.waits(for: "voice.transfer"), .waits(for: "voice.transfer"), .waits(for: "voice.transfer"), .does(.hangUp)]
        try await withTransfer("number: \"\(Self.sales)\", mode: warm", callees: [slow], then: steps) { report, events in
            #expect(report.dialled == [Self.sales] && report.bridges.isEmpty)
            let leg = report.legs.first
            #expect(leg?.answeredAtMs == nil && (leg?.endedAtMs ?? .max) - (report.durationMs) < 3000)
            #expect(Self.finished(events) == ["cancelled"] && Self.stages(events).last == "cancelled")
        }
    }

    @Test func aColdTransferIsOverOnceAPersonHasAnswered() async throws {
        try await withTransfer("number: \"\(Self.sales)\"", callees: [.human(answersAfterMs: 100, talksForSeconds: 2)], then: []) { report, events in
            #expect(report.dialled == [Self.sales] && report.bridges.count == 1)
            #expect(Self.stages(events).contains("answered") && Self.stages(events).last == "bridged")
            #expect(events.last?["reason"] as? String == "transferred" && Self.finished(events) == ["done"])
        }
    }

    @Test func aMachineThatAnswersAColdTransferGivesTheCallerBack() async throws {
        try await withTransfer("number: \"\(Self.sales)\"", callees: [.voicemail]) { report, events in
            #expect(report.streams.count == 2 && report.ending == .callerHungUp, "\(report.ending)")
            #expect(Self.stages(events).last == "machine" && Self.finished(events) == ["failed"])
        }
    }

    @Test func outsideTheirHoursNobodyIsCalled() async throws {
        let weekday = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"]
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = .gmt
        let today = calendar.component(.weekday, from: Date()) - 1
        let closed = weekday[(today + 3) % 7]
        let transfer = "number: \"\(Self.sales)\", mode: warm, hours: \"\(closed) 09:00-10:00\", time_zone: UTC"
        try await withTransfer(transfer, callees: [Self.human]) { report, events in
            #expect(report.dialled.isEmpty && Self.finished(events) == ["failed"] && report.ending == .callerHungUp)
        }
    }

    /// Twilio's callbacks may come twice, late, or not at all; the caller is not lost by it, and nobody is called twice.
    @Test(arguments: [CallbackFaults(sendsTwice: true), CallbackFaults(delayMs: 1500), CallbackFaults(dropped: [CallbackFaults.everything])])
    func callbacksThatAreLateDoubledOrLostLoseNobody(faults: CallbackFaults) async throws {
        let human = Callee.human(answersAfterMs: 100, talksForSeconds: faults.dropped.isEmpty ? 4 : 18)
        try await withTransfer("number: \"\(Self.sales)\", mode: warm", callees: [human], faults: faults, then: []) { report, events in
            #expect(report.dialled == [Self.sales] && report.bridges.count == 1)
            #expect(events.last?["reason"] as? String == "transferred" && Self.finished(events) == ["done"])
        }
    }
}
