import Audio
import Conversation
import TestSupport
import Testing

@testable import Engines

/// What reaches the caller of the bodies that voice services send, over real HTTP.
@Suite struct SpeechBodyTests {
    /// A second of 440 Hz as 16-bit samples, highest byte first.
    private static func bigEndian(_ samples: [Int16]) -> [UInt8] {
        samples.flatMap { [UInt8(truncatingIfNeeded: $0 >> 8), UInt8(truncatingIfNeeded: $0)] }
    }

    private static func send(_ bytes: [UInt8], in size: Int = 700, type: String, by answer: FakeEndpoint.Answer) async throws {
        try await answer.begin(type: type)
        for start in stride(from: 0, to: bytes.count, by: size) { try await answer.chunk(Array(bytes[start..<min(start + size, bytes.count)])) }
        try await answer.end()
    }

    private static func speech(of bytes: [UInt8], in size: Int = 700, type: String) async throws -> Speech {
        try await SpeechServiceFixture.withService({ _, answer in try await send(bytes, in: size, type: type, by: answer) }) { service in
            try await Speech(of: "tone", by: service.synthesizer())
        }
    }

    private static func expectTone(_ speech: Speech, seconds: Int = 1, sourceLocation: SourceLocation = #_sourceLocation) {
        #expect(speech.samples.count == seconds * 8_000, sourceLocation: sourceLocation)
        #expect((438...442).contains(SpeechSamples.frequency(of: speech.samples)), sourceLocation: sourceLocation)
        #expect((-17 ... -13).contains(Loudness(of: speech.samples).rms), sourceLocation: sourceLocation)
    }

    @Test(arguments: SoundFormTests.foreign, ["audio/pcm", "audio/wav"])
    func whatIsNotSamplesIsAnErrorAndNoNoise(_ sample: (name: String, bytes: [UInt8]), _ type: String) async throws {
        try await SpeechServiceFixture.withService({ _, answer in try await Self.send(sample.bytes, in: 3, type: type, by: answer) }) { service in
            var heard = 0
            let error = await #expect(throws: EngineError.self) {
                for try await chunk in service.synthesizer().speak("Hello") { heard += chunk.samples.count }
            }
            #expect(heard == 0)
            let message = "the voice service answered \(sample.name) where 16-bit samples (pcm) or WAV are needed"
            #expect(error?.message.hasPrefix(message) == true, "\(error?.message ?? "")")
            #expect(error?.message.contains { $0.isNewline } == false)
        }
    }

    @Test func theMessageOfAServiceIsRepeated() async throws {
        let error = await #expect(throws: EngineError.self) {
            try await Self.speech(of: Array(#"{"error":{"message":"no such voice"}}"#.utf8), type: "audio/mpeg")
        }
        #expect(error?.message.hasSuffix(#"needed: {"error":{"message":"no such voice"}}"#) == true)
    }

    @Test(arguments: [
        ("audio/L16;rate=16000", 16_000, 1), ("audio/l16; rate=48000; channels=2", 48_000, 2), ("audio/L16", 24_000, 1),
    ])
    func samplesWithTheHighestByteFirstAreSwapped(_ type: String, _ rate: Int, _ channels: Int) async throws {
        let samples = SpeechSamples.tone(rate: rate).flatMap { [Int16](repeating: $0, count: channels) }
        Self.expectTone(try await Self.speech(of: Self.bigEndian(samples), in: 333, type: type))
    }

    @Test func channelsAreMixed() async throws {
        let samples = SpeechSamples.tone(rate: 16_000).flatMap { [$0, $0] }
        Self.expectTone(try await Self.speech(of: SpeechSamples.bytes(samples), in: 1_001, type: "audio/pcm;rate=16000;channels=2"))
    }

    @Test(arguments: ["audio/basic", "audio/PCMU", "audio/x-mulaw;rate=8000"])
    func theTelephonesOwnSamplesAreRead(_ type: String) async throws {
        Self.expectTone(try await Self.speech(of: MuLaw.encode(SpeechSamples.tone(rate: 8_000)), type: type))
    }

    @Test(arguments: ["audio/mpeg", "text/html", "audio/L16;rate=8000", "application/json"])
    func aWAVFileIsPlayedWhateverItsTypeSays(_ type: String) async throws {
        let file = WAVFile(sampleRate: 44_100, channels: [SpeechSamples.tone(rate: 44_100)]).encoded()
        Self.expectTone(try await Self.speech(of: file, in: 5_000, type: type))
    }

    @Test(arguments: [1_000, 7, 50_000])
    func filesInOneBodyAreAllPlayed(_ size: Int) async throws {
        let files = [8_000, 24_000, 24_000, 16_000].map { WAVFile(sampleRate: $0, channels: [SpeechSamples.tone(rate: $0)]).encoded() }
        var streamed = files[1]
        streamed.replaceSubrange(40..<44, with: [0xFF, 0xFF, 0xFF, 0xFF])
        let bytes = files[0] + streamed + files[2] + Array("LIST".utf8) + [4, 0, 0, 0] + Array("INFO".utf8) + files[3] + [9, 9, 9, 9, 9]
        Self.expectTone(try await Self.speech(of: bytes, in: size, type: "audio/wav"), seconds: 4)
    }

    @Test(arguments: [
        ("audio/pcm", 0), ("audio/pcm", 48_000), ("audio/pcm", 1), ("audio/wav", 0), ("audio/L16", 2_000), ("application/octet-stream", 9_600),
    ])
    func aBodyWithoutSoundIsAFailure(_ type: String, _ zeros: Int) async throws {
        let error = await #expect(throws: EngineError.self) { try await Self.speech(of: [UInt8](repeating: 0, count: zeros), type: type) }
        #expect(["the voice service sent no audio", "the voice service sent nothing but silence"].contains(error?.message))
    }

    @Test func aWAVFileOfAHeaderAloneIsAFailure() async throws {
        let header = WAVFile(sampleRate: 16_000, channels: [[]]).encoded()
        for count in [12, 20, 43, 44] {
            let error = await #expect(throws: EngineError.self) { try await Self.speech(of: Array(header.prefix(count)), type: "audio/wav") }
            #expect(error?.message == "the voice service sent no audio")
        }
    }

    @Test func silenceBeforeTheWordsIsKept() async throws {
        let samples = [Int16](repeating: 0, count: 12_000) + SpeechSamples.tone(rate: 24_000)
        let speech = try await Self.speech(of: SpeechSamples.bytes(samples), type: "audio/pcm")
        #expect(speech.samples.count == 12_000)
        #expect(speech.samples.prefix(3_900).allSatisfy { $0.magnitude < 300 })
    }

    @Test func aCompressedBodyIsAFailure() async throws {
        try await SpeechServiceFixture.withService({ _, answer in
            try await answer.whole("abc", type: "audio/pcm", headers: "Content-Encoding: br\r\n")
        }) { service in
            let error = await #expect(throws: EngineError.self) { try await Speech(of: "Hello", by: service.synthesizer()) }
            #expect(error?.message.contains("answered data compressed with br") == true)
        }
    }

    @Test(arguments: [("audio/pcm", 22_050), ("audio/pcm;rate=16000", 16_000), ("audio/wav", 48_000)])
    func theRateOfTheSettingsGivesWayToWhatTheAnswerSays(_ type: String, _ rate: Int) async throws {
        let samples = SpeechSamples.tone(rate: rate)
        let bytes = type == "audio/wav" ? WAVFile(sampleRate: rate, channels: [samples]).encoded() : SpeechSamples.bytes(samples)
        try await SpeechServiceFixture.withService({ _, answer in try await Self.send(bytes, type: type, by: answer) }) { service in
            var configuration = SpeechServiceFixture.configuration(service.endpoint.url)
            configuration.sampleRate = 22_050
            Self.expectTone(try await Speech(of: "tone", by: HTTPSynthesizer(configuration, http: service.http)))
        }
    }
}
