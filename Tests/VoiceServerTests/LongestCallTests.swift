import Conversation
import Testing
import TwilioTwin

@testable import VoiceServer

/// The longest call, through the running server.
@Suite struct LongestCallTests {
    @Test func callIsToldGoodbyeAndEndedAtTheLimit() async throws {
        try await withServer([.longestCallSeconds: "1", .timeLimitGoodbye: "Bye."]) { (server: TestServer) async throws in
            let callSid = newCallSid()
            let token = try await server.openSession(callSid: callSid)
            try await server.socket(callSid: callSid).withConnection { inbound, outbound in
                try await outbound.send(Wire.start(callSid: callSid, token: token))
                #expect(try await inbound.untilClosed().closeCode == 1000)
            }
            let events = try await server.events(callSid: callSid)
            #expect(events.last?["reason"] as? String == "time_limit")
            #expect(events.contains { $0["type"] as? String == "voice.assistant.text" && $0["text"] as? String == "Bye." })
            #expect(try await server.inbound(callSid: callSid).text.contains("<Response><Hangup /></Response>"), "Twilio comes back and hangs up")
        }
    }

    @Test func timeIsCountedFromTheCallsBeginningOnWhateverStream() {
        var session = SessionRecord(id: "s", callID: "CA1", from: "+1", to: "+2", sttProvider: "scripted", createdAt: 5_000_000)
        session.streamCount = 2
        var configuration = CallMachine.Configuration()
        #expect(configuration.limited(session, now: 9_000_000).longestCallMs == nil)
        configuration.longestCallMs = 10_000
        #expect(configuration.limited(session, now: 9_000_000).longestCallMs == 6000)
        #expect(configuration.limited(session, now: 99_000_000).longestCallMs == 0)
    }

    @Test func oneWayCallIsHeldOpenAsLongAsItMayTakeAndEndsWithoutAWord() async throws {
        let flags: [SettingKey: String] = [.streamMode: "start", .longestCallSeconds: "3"]
        #expect(try ServerConfiguration(flags: flags, environment: [:], file: nil).streamedCall(by: .usual).timeLimitGoodbye == nil)
        try await withServer(flags) { (server: TestServer) async throws in
            #expect(try await server.inbound(callSid: "CA1").text.contains("<Pause length=\"3\" />"))
        }
    }
}
