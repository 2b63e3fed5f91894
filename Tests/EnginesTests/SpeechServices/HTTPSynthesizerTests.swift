import AsyncHTTPClient
import Audio
import Conversation
import Engines
import TestSupport
import Testing

@Suite struct HTTPSynthesizerTests {
    private static let tone = SpeechSamples.bytes(SpeechSamples.tone(rate: 24_000))

    /// Sends bytes as one answer in chunks of these sizes, over and over.
    private static func send(_ bytes: [UInt8], in sizes: [Int] = [48_000], type: String = "audio/pcm", by answer: FakeEndpoint.Answer) async throws {
        try await answer.begin(type: type)
        var (place, turn) = (0, 0)
        while place < bytes.count {
            let end = min(place + sizes[turn % sizes.count], bytes.count)
            try await answer.chunk(Array(bytes[place..<end]))
            (place, turn) = (end, turn + 1)
        }
        try await answer.end()
    }

    @Test func aTextIsSentAsJSON() async throws {
        try await SpeechServiceFixture.withService({ _, answer in try await Self.send(Self.tone, by: answer) }) { service in
            _ = try await Speech(of: "Say \"hello\" to Zoë.", by: service.synthesizer())
            let request = try #require(service.endpoint.requests.first)
            #expect(request.method == "POST" && request.target == "/v1/audio/speech")
            #expect(request.headers["content-type"] == "application/json")
            #expect(request.headers["authorization"] == "Bearer \(SpeechServiceFixture.key)")
            let expected: JSONValue = .object([
                "model": .string("test-model"), "voice": .string("alloy"), "response_format": .string("pcm"),
                "input": .string("Say \"hello\" to Zoë."),
            ])
            #expect(try JSONValue(parsing: request.body) == expected)
        }
    }

    @Test func aToneKeepsItsPitchAndLength() async throws {
        try await SpeechServiceFixture.withService({ _, answer in try await Self.send(Self.tone, by: answer) }) { service in
            let samples = try await Speech(of: "tone", by: service.synthesizer()).samples
            #expect(samples.count == 8_000)
            #expect((438...442).contains(SpeechSamples.frequency(of: samples)))
            #expect((-16 ... -14).contains(Loudness(of: samples).rms))
        }
    }

    @Test(arguments: [[1, 64], [3, 7, 1_001], [31, 2, 1], [999]])
    func oddCutsAreNotHeard(_ sizes: [Int]) async throws {
        let bytes = Array(Self.tone.prefix(6_000))
        try await SpeechServiceFixture.withService({ request, answer in
            try await Self.send(bytes, in: request.body.contains("whole") ? [bytes.count] : sizes, by: answer)
        }) { service in
            let whole = try await Speech(of: "whole", by: service.synthesizer())
            let cut = try await Speech(of: "cut", by: service.synthesizer())
            #expect(cut.samples == whole.samples && cut.samples.count == 1_000)
            #expect(cut.chunks.dropLast().allSatisfy { $0.samples.count >= 160 })
        }
    }

    @Test(arguments: [("audio/wav", 22_050), ("audio/x-wav", 16_000), ("application/octet-stream", 48_000)])
    func aWAVAnswerTellsItsOwnRate(_ type: String, _ rate: Int) async throws {
        let file = WAVFile(sampleRate: rate, channels: [SpeechSamples.tone(rate: rate)]).encoded()
        try await SpeechServiceFixture.withService({ _, answer in try await Self.send(file, in: [5, 30, 4_001], type: type, by: answer) }) {
            service in
            let samples = try await Speech(of: "tone", by: service.synthesizer()).samples
            #expect(samples.count == 8_000)
            #expect((438...442).contains(SpeechSamples.frequency(of: samples)))
        }
    }

    @Test func theTypeOrTheSettingsMayTellAnotherRate() async throws {
        let bytes = SpeechSamples.bytes(SpeechSamples.tone(rate: 16_000))
        try await SpeechServiceFixture.withService({ request, answer in
            try await Self.send(bytes, type: request.body.contains("settings") ? "audio/pcm" : "audio/pcm; rate=16000", by: answer)
        }) { service in
            let typed = try await Speech(of: "type", by: service.synthesizer())
            #expect(typed.samples.count == 8_000)
            var configuration = SpeechServiceFixture.configuration(service.endpoint.url)
            configuration.sampleRate = 16_000
            #expect(try await Speech(of: "settings", by: HTTPSynthesizer(configuration, http: service.http)).samples.count == 8_000)
        }
    }

    @Test func soundIsGivenBeforeTheAnswerEnds() async throws {
        let heard = Moment()
        try await SpeechServiceFixture.withService({ _, answer in
            try await answer.begin(type: "audio/pcm")
            try await answer.chunk(Self.tone)
            await heard.wait()
            try await answer.end()
        }) { service in
            var chunks = 0
            for try await _ in service.synthesizer().speak("tone") {
                chunks += 1
                heard.come()
            }
            #expect(chunks > 0)
        }
    }

    @Test(arguments: [
        ("500 Internal Server Error", "application/json", "{}"), ("401 Unauthorized", "application/json", "{}"),
        ("429 Too Many Requests", "text/plain", "slow down"), ("200 OK", "text/html", "<html>Welcome</html>"),
        ("200 OK", "application/json", #"{"error":"no voice"}"#), ("200 OK", "audio/mpeg", "ID3"), ("200 OK", "audio/pcm", ""),
        ("200 OK", "audio/wav", "RIFF1234nonsense"), ("200 OK", "audio/wav", "RIFF1234WAVEdata12345678"),
    ])
    func whatIsNoSpeechIsAFailure(_ status: String, _ type: String, _ body: String) async throws {
        try await SpeechServiceFixture.withService({ _, answer in try await answer.whole(body, status: status, type: type) }) { service in
            let error = await #expect(throws: EngineError.self) { try await Speech(of: "Hello", by: service.synthesizer()) }
            #expect(error?.code == .failed)
        }
    }

    @Test func anErrorDoesNotRepeatTheKey() async throws {
        let body = "key \(SpeechServiceFixture.key)"
        try await SpeechServiceFixture.withService({ _, answer in try await answer.whole(body, status: "403 Forbidden") }) { service in
            let error = await #expect(throws: EngineError.self) { try await Speech(of: "Hello", by: service.synthesizer()) }
            #expect(error?.description == "the voice service answered 403 Forbidden (check its key): key ***")
        }
    }

    @Test func bytesThatAreNoHTTPAreAFailure() async throws {
        try await SpeechServiceFixture.withService({ _, answer in try await answer.raw("what?\r\n\r\n") }) { service in
            await #expect(throws: EngineError.self) { try await Speech(of: "Hello", by: service.synthesizer()) }
        }
    }

    @Test func anAnswerThatBreaksOffGivesItsSoundAndThenFails() async throws {
        let heard = Moment()
        try await SpeechServiceFixture.withService({ _, answer in
            try await answer.begin(type: "audio/pcm")
            try await answer.chunk(Self.tone)
            await heard.wait()
            throw CancellationError()
        }) { service in
            let synthesizer = service.synthesizer()
            await #expect(throws: EngineError.self) {
                for try await _ in synthesizer.speak("Hello") { heard.come() }
            }
        }
    }

    @Test func anEndlessSpeechIsCutOff() async throws {
        try await SpeechServiceFixture.withService({ _, answer in
            try await answer.begin(type: "audio/pcm")
            while true { try await answer.chunk(Self.tone) }
        }) { service in
            var configuration = SpeechServiceFixture.configuration(service.endpoint.url)
            // Few bytes make much sound.
            configuration.sampleRate = 1_000
            let synthesizer = HTTPSynthesizer(configuration, http: service.http)
            let error = await #expect(throws: EngineError.self) { for try await _ in synthesizer.speak("Hello") {} }
            #expect(error?.message == "the voice service sent more than 120 s of audio for one text")
        }
    }

    /// How a service stalls.
    enum Stall: CaseIterable { case beforeHead, afterHead, inAudio }

    @Test(arguments: Stall.allCases)
    func aStalledServiceIsGivenUpAndToldSo(_ stall: Stall) async throws {
        let ended = Moment()
        try await SpeechServiceFixture.withService({ _, answer in
            defer { ended.come() }
            if stall != .beforeHead { try await answer.begin(type: "audio/pcm") }
            if stall == .inAudio { try await answer.chunk(Self.tone) }
            try await answer.stall()
        }) { service in
            let isEarly = stall != .inAudio
            let synthesizer = isEarly ? service.synthesizer(firstAudioMs: 80) : service.synthesizer(betweenAudioMs: 80)
            let error = await #expect(throws: EngineError.self) { try await Speech(of: "Hello", by: synthesizer) }
            #expect(error?.message == "the voice service took longer than 80 ms")
            // On a busy machine the request may be given up before it arrives.
            if !service.endpoint.requests.isEmpty { await ended.wait() }
        }
    }

    @Test func bargeInClosesTheConnection() async throws {
        let ended = Moment()
        try await SpeechServiceFixture.withService({ _, answer in
            defer { ended.come() }
            try await answer.begin(type: "audio/pcm")
            try await answer.chunk(Self.tone)
            try await answer.stall()
        }) { service in
            for try await _ in service.synthesizer().speak("Hello") { break }
            await ended.wait()
        }
    }

    @Test(arguments: [false, true])
    func aCancelledTaskClosesTheConnection(_ hasBegun: Bool) async throws {
        let (asked, ended) = (Moment(), Moment())
        try await SpeechServiceFixture.withService({ _, answer in
            defer { ended.come() }
            if hasBegun { try await answer.begin(type: "audio/pcm") }
            asked.come()
            try await answer.stall()
        }) { service in
            let synthesizer = service.synthesizer()
            await withTaskGroup(of: Void.self) { group in
                group.addTask { _ = try? await Speech(of: "Hello", by: synthesizer) }
                await asked.wait()
                group.cancelAll()
            }
            await ended.wait()
        }
    }

    @Test func textsShareAConnection() async throws {
        try await SpeechServiceFixture.withService({ _, answer in try await Self.send(Self.tone, by: answer) }) { service in
            for _ in 0..<3 { _ = try await Speech(of: "Hello", by: service.synthesizer()) }
            #expect(service.endpoint.requests.map(\.connection) == [0, 0, 0])
        }
    }

    @Test func noCallWaitsForAnotherOnesSpeech() async throws {
        let meeting = Meeting(of: 20)
        try await SpeechServiceFixture.withService({ _, answer in
            await meeting.join()
            try await Self.send(Array(Self.tone.prefix(960)), by: answer)
        }) { service in
            let synthesizer = service.synthesizer()
            try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<20 { group.addTask { try await Speech(of: "Hello", by: synthesizer).samples.count } }
                for try await count in group { #expect(count == 160) }
            }
        }
    }

    @Test func aTextWithoutAnyWordIsNotSent() async throws {
        try await SpeechServiceFixture.withService({ _, answer in try await Self.send(Self.tone, by: answer) }) { service in
            let speech = try await Speech(of: " ... ", by: service.synthesizer())
            #expect(speech.chunks.isEmpty)
            #expect(service.endpoint.requests.isEmpty)
        }
    }
}
