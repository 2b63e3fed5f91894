import Audio
import Synchronization
import NIOHTTP1
import Testing
import Twilio
import TwilioTwin

@testable import VoiceServer

/// Whole calls over real sockets, placed by the Twilio twin.
@Suite struct CallTests {
    @Test func aCallersWordsAreRecognisedAnsweredAndSpoken() async throws {
        try await withServer([.stt: "whisper", .tts: "flite", .twilioAuthToken: "secret"]) { (server: TestServer) async throws in
            let call = TwinCallConfiguration(webhookURL: server.webhook, authToken: "secret")
            let (report, events) = try await server.place(try .saying("caller-digits"), as: call)
            #expect(report.faults.isEmpty && report.failures.isEmpty)
            #expect(report.verbs.first == .say("Connecting to agent.", voice: "alice"))
            #expect(report.totals.mediaReceived > 0 && report.totals.marksPlayed > 0)
            #expect(Loudness(of: report.recording.channels[1]).rms > -45)
            #expect(report.turns.first?.responseMs != nil)

            let types = events.compactMap { $0["type"] as? String }
            // How often the words so far are told depends on how busy the machine is.
            #expect(
                types.filter { $0 != "voice.stt.partial" } == [
                    "voice.session.created", "voice.session.active", "voice.speech.started", "voice.speech.stopped", "voice.stt.final",
                    "voice.assistant.text", "voice.turn.metrics", "voice.assistant.heard", "voice.session.stopped",
                ]
            )
            let final = try #require(types.firstIndex(of: "voice.stt.final"))
            #expect(types.lastIndex(of: "voice.stt.partial") ?? 0 < final)
            let times = try #require(events.first { $0["type"] as? String == "voice.turn.metrics" }).compactMapValues { $0 as? Int }
            // On a machine that is late the answer may be over before the echo of its first mark is back; then both are unknown.
            #expect(times["at_ear"] == times["wire"].map { (times["response"] ?? 0) + $0 })
            #expect(events.compactMap { $0["seq"] as? Int } == Array(1...events.count))
            let transcript = try await server.request(.GET, "/api/voice/sessions/twilio-\(call.callSid)/transcript").json
            let turns = transcript["turns"] as? [[String: Any]] ?? []
            #expect(turns.map { $0["role"] as? String } == ["caller", "assistant"])
            #expect(turns.map { $0["text"] as? String } == ["seven three one five nine", "You said: seven three one five nine"])
            #expect(turns.last?["heard"] as? String == "You said: seven three one five nine")
        }
    }

    @Test func speakingOverTheAnswerStopsIt() async throws {
        try await withServer([.greeting: longGreeting, .greetingProtectedMs: "0"]) { (server: TestServer) async throws in
            let clip = try sample("caller-stop")
            let cleared = CallerSignal()
            let plan = CallerPlan([
                .does(.interruptWhenSpeaking(afterMs: 600, clip: clip, label: "interruption")), .waits(for: "voice.assistant.heard"),
                .does(.waitUntil(cleared)), .does(.hangUp),
            ])
            let (report, events) = try await server.place(plan) { event in
                if case .cleared = event.kind { cleared.give() }
            }
            #expect(report.totals.clearsReceived >= 1)
            let heard = events.first { $0["type"] as? String == "voice.assistant.heard" }
            #expect(events.contains { $0["type"] as? String == "voice.barge_in" })
            #expect(heard?["complete"] as? Bool == false)
            #expect(longGreeting.hasPrefix(heard?["text"] as? String ?? "nothing"))
        }
    }

    @Test func silenceNoiseAndKeypadTonesGiveNoTranscript() async throws {
        try await withServer([.stt: "whisper", .tts: "tone"]) { (server: TestServer) async throws in
            let clip = try sample("caller-silence-noise")
            let dtmf = "159#".compactMap { ToneSource(digit: $0) }.flatMap { source in
                source.samples(milliseconds: 200) + [Int16](repeating: 0, count: 800)
            }
            let script: [CallerStep] = [.say(clip: clip, label: "noise"), .say(clip: dtmf, label: "keys"), .wait(1200), .hangUp]
            let call = TwinCallConfiguration(webhookURL: server.webhook, script: script)
            _ = try await TwinCall(call).run()
            let events = try await server.events(callSid: call.callSid)
            #expect(!events.contains { $0["type"] as? String == "voice.stt.final" })
        }
    }

    @Test func aPlainClientSeesEventsOnItsSocketAndTwilioNever() async throws {
        try await withServer { (server: TestServer) async throws in
            for persona in [TwinPersona.plain, .twilio] {
                let texts = Mutex<[String]>([])
                let call = TwinCallConfiguration(webhookURL: server.webhook, persona: persona)
                let report = try await server.place(try .saying("caller-stop"), as: call) { event in
                    if case .serverEvent(let text) = event.kind { texts.withLock { $0.append(text) } }
                }.report
                let types = texts.withLock { $0 }.joined()
                #expect(types.contains("voice.stt.final") == (persona == .plain))
                #expect(types.contains("voice.assistant.text") == (persona == .plain))
                #expect(report.faults.isEmpty)
            }
        }
    }

    @Test func aOneWayStreamHearsTheCallerAndIsSentNothing() async throws {
        try await withServer([.streamMode: "start"]) { (server: TestServer) async throws in
            let (report, events) = try await server.place(try .saying("caller-stop"))
            #expect(report.totals.mediaReceived == 0 && report.totals.marksReceived == 0)
            #expect(!report.faults.contains { $0.code == 31_924 })
            #expect(events.contains { $0["type"] as? String == "voice.assistant.text" })
        }
    }

    @Test func fixedSegmentationTranscribesEveryThreeSeconds() async throws {
        try await withServer([.segmentation: "fixed"]) { (server: TestServer) async throws in
            let call = TwinCallConfiguration(webhookURL: server.webhook, script: [.wait(6500), .hangUp])
            _ = try await TwinCall(call).run()
            let events = try await server.events(callSid: call.callSid)
            let places = events.filter { $0["type"] as? String == "voice.stt.final" }.compactMap { $0["audio_ms"] as? Int }
            #expect(places.count == 2)
            #expect(places.last.map { $0 - (places.first ?? 0) } == 3000)
        }
    }

    @Test func tenCallsAtOnceKeepTheirWordsApart() async throws {
        try await withServer([.stt: "whisper", .tts: "tone"]) { (server: TestServer) async throws in
            let clips = [("caller-yes", "yes please"), ("caller-no", "no thank you")]
            try await withThrowingTaskGroup { group in
                for index in 0..<10 {
                    group.addTask {
                        let (name, words) = clips[index % 2]
                        let events = try await server.place(try .saying(name)).events
                        let finals = events.filter { $0["type"] as? String == "voice.stt.final" }.compactMap { $0["text"] as? String }
                        #expect(finals == [words])
                    }
                }
                try await group.waitForAll()
            }
        }
    }
}
