import Audio
import Conversation
import Foundation
import TestSupport
import Testing
import TwilioTwin

@testable import VoiceServer

/// Calls that speech services hear and speak in, over real HTTP.
@Suite struct SpeechServiceCallTests {
    /// Recognises the same words every time, and speaks as a test says.
    private static func service(
        heard text: String,
        speak: @escaping @Sendable (FakeEndpoint.Answer) async throws -> Void
    ) -> FakeEndpoint.Handler {
        { request, answer in
            guard request.target == "/v1/audio/transcriptions" else { return try await speak(answer) }
            try await answer.whole("{\"text\":\"<|pt|>\(text)<|endoftext|>\"}")
        }
    }

    private static func bytes(_ samples: [Int16]) -> [UInt8] {
        samples.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8(truncatingIfNeeded: $0 >> 8)] }
    }

    private static let voice: [Int16] = ToneSource(frequency: 300, level: -15, sampleRate: 16_000).samples(milliseconds: 900)

    private func call(
        _ handler: @escaping FakeEndpoint.Handler,
        file: String,
        _ settings: [SettingKey: String],
        check: @escaping @Sendable ([[String: Any]], TwinCallReport, FakeEndpoint) throws -> Void
    ) async throws {
        let folder = FolderFixture()
        defer { folder.remove() }
        try FileManager.default.createDirectory(atPath: folder.path, withIntermediateDirectories: true)
        let path = folder.path + "/agentos.yaml"
        try file.write(toFile: path, atomically: true, encoding: .utf8)
        try await FakeEndpoint.withEndpoint(handler) { service in
            let all = settings.merging([.openaiBaseURL: "\(service.url)/v1"]) { given, _ in given }
            let environment = ["OPENAI_API_KEY": "sk-nothing", "SPEECH_URL": "\(service.url)/v1"]
            try await withServer(all, folder: folder.path + "/data", file: path, environment: environment) { (server: TestServer) async throws in
                let (report, events) = try await server.place(try .saying("caller-stop"))
                try check(events, report, service)
            }
        }
    }

    private static func texts(_ events: [[String: Any]], _ type: String) -> [String] {
        events.filter { $0["type"] as? String == type }.compactMap { $0["text"] as? String }
    }

    @Test(arguments: ["hearing: speech", "greeting_protected_ms: 0"])
    func theAgentsLanguageReachesTheRecogniserOfItsOwnAndOfTheServer(_ more: String) async throws {
        let handler = Self.service(heard: "Quero uma mesa.") { answer in
            try await answer.begin(type: "audio/L16;rate=16000")
            try await answer.chunk(Self.voice.flatMap { [UInt8(truncatingIfNeeded: $0 >> 8), UInt8(truncatingIfNeeded: $0)] })
            try await answer.end()
        }
        let file = """
            endpoints: {speech: {url: "${SPEECH_URL}", sample_rate: 22050}}
            agents: [{name: mesa, language: pt-BR, voice: speech, idle_prompt_seconds: 0, silence: {filler_after_ms: 0}, \(more)}]
            """
        try await call(handler, file: file, [.stt: "openai"]) { events, report, service in
            let questions = service.requests.filter { $0.target == "/v1/audio/transcriptions" }
            #expect(!questions.isEmpty)
            for question in questions {
                #expect(String(decoding: question.bodyBytes, as: UTF8.self).contains("name=\"language\"\r\n\r\npt\r\n"))
            }
            #expect(Self.texts(events, "voice.transcript.final").allSatisfy { $0 == "Quero uma mesa." })
            let heard = Self.tone(in: report.recording.channels[1])
            #expect((295...305).contains(heard.frequency), "\(heard)")
            #expect(!events.contains { $0["type"] as? String == "error" })
        }
    }

    @Test(arguments: [("audio/pcm", "ID3\u{4}\u{0}\u{0}"), ("audio/mpeg", "OggS\u{0}"), ("audio/wav", "{\"detail\":\"busy\"}"), ("audio/pcm", "")])
    func insteadOfNoiseTheCallerHearsTheLocalVoice(_ type: String, _ start: String) async throws {
        var random = SeededRandom(seed: 11)
        let noise = (0..<40_000).map { _ in UInt8.random(in: 0...255, using: &random) }
        let handler = Self.service(heard: "Yes please.") { answer in
            try await answer.begin(type: type)
            if !start.isEmpty { try await answer.chunk(Array(start.utf8) + (start.hasPrefix("{") ? [] : noise)) }
            try await answer.end()
        }
        let file = """
            endpoints: {speech: {url: "${SPEECH_URL}"}}
            agents: [{name: all, hearing: speech, voice: speech, idle_prompt_seconds: 0, silence: {filler_after_ms: 0}}]
            """
        try await call(handler, file: file, [:]) { events, report, service in
            #expect(service.requests.contains { $0.target == "/v1/audio/speech" })
            let heard = Self.tone(in: report.recording.channels[1])
            // The local voice is a tone of 500 Hz in these tests.
            #expect((495...505).contains(heard.frequency), "\(heard)")
            #expect(heard.milliseconds > 300)
            #expect(Self.texts(events, "voice.assistant.text").isEmpty == false)
        }
    }

    @Test func aLanguageThatTheEnginesLackStopsTheStart() async throws {
        let folder = FolderFixture()
        defer { folder.remove() }
        try FileManager.default.createDirectory(atPath: folder.path, withIntermediateDirectories: true)
        let path = folder.path + "/agentos.yaml"
        try "agents:\n  - name: mesa\n    language: pt-BR\n".write(toFile: path, atomically: true, encoding: .utf8)
        func fault(_ settings: [SettingKey: String]) async -> StartError? {
            await #expect(throws: StartError.self) { try await withServer(settings, folder: folder.path + "/data", file: path) { _ in } }
        }
        let voice = await fault([.tts: "flite"])
        #expect(voice?.code == .configuration)
        #expect(voice?.message.hasPrefix("\(path):3:15: agents[0].language: the voice flite knows English only, not pt-BR; ") == true)
        let ears = await fault([.stt: "whisper", .whisperModel: "phone-mini"])
        let told = "\(path):3:15: agents[0].language: the speech model whisper-phone-mini knows English only; the agent's language is pt-BR: "
        #expect(ears?.message.hasPrefix(told) == true, "\(ears?.message ?? "")")
        // Engines for load tests take any.
        try await withServer([:], folder: folder.path + "/data", file: path) { _ in }
    }

    /// The frequency and length of what is louder than the line's noise.
    private static func tone(in samples: [Int16]) -> (frequency: Int, milliseconds: Int) {
        guard let first = samples.firstIndex(where: { $0.magnitude > 1_000 }), let last = samples.lastIndex(where: { $0.magnitude > 1_000 }) else {
            return (0, 0)
        }
        // Sounds may have pauses between them, in which nothing rises through zero.
        let loud = stride(from: first, to: last, by: 80).filter { start in samples[start..<min(start + 80, last)].contains { $0.magnitude > 1_000 } }
        let rises = zip(samples[first...last], samples[first...last].dropFirst()).filter { $0 < 0 && $1 >= 0 }.count
        return (loud.isEmpty ? 0 : rises * 100 / loud.count, loud.count * 10)
    }
}
