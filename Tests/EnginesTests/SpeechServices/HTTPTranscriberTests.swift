import AsyncHTTPClient
import Audio
import Conversation
import Engines
import TestSupport
import Testing

@Suite struct HTTPTranscriberTests {
    private static let utterance = SpeechSamples.tone(rate: 8_000)

    @Test func anUtteranceIsSentAsAFormWithAWAVFile() async throws {
        try await SpeechServiceFixture.withService({ _, answer in try await answer.whole(#"{"text":"yes"}"#) }) { service in
            #expect(try await service.transcriber().transcribe(Self.utterance).text == "yes")
            let request = try #require(service.endpoint.requests.first)
            #expect(request.method == "POST" && request.target == "/v1/audio/transcriptions")
            #expect(request.headers["authorization"] == "Bearer \(SpeechServiceFixture.key)")
            let form = FormParts(request)
            #expect(form.parts.count == 5)
            #expect(form["model"]?.text == "test-model")
            #expect(form["language"]?.text == "en")
            #expect(form["response_format"]?.text == "json")
            #expect(form["temperature"]?.text == "0")
            let file = try #require(form["file"])
            #expect(file.head.contains(#"filename="speech.wav""#) && file.head.contains("Content-Type: audio/wav"))
            let wave = try WAVFile(parsing: file.content)
            #expect(wave.sampleRate == 16_000 && wave.channels.map(\.count) == [16_000])
            #expect((438...442).contains(SpeechSamples.frequency(of: wave.channels[0], rate: 16_000)))
        }
    }

    @Test(arguments: [("pt-BR", "pt"), ("pt_BR", "pt"), ("EN-us", "en"), ("zh-Hant-TW", "zh"), ("deu", "de"), ("no", "no"), ("fil-PH", "tl")])
    func theLanguageIsSentAsServicesKnowIt(_ tag: String, _ code: String) async throws {
        try await SpeechServiceFixture.withService({ _, answer in try await answer.whole(#"{"text":"sim"}"#) }) { service in
            let language = try #require(SpeechLanguage(tag))
            let both = FallbackTranscriber(primary: service.transcriber(), local: nil) { _ in }
            #expect(try await both.listening(for: language.code).transcribe(Self.utterance).text == "sim")
            let request = try #require(service.endpoint.requests.first)
            #expect(FormParts(request)["language"]?.text == code)
        }
    }

    @Test(arguments: ["", "english", "xx", "e", "12", "pt BR", "en--US", "en-", "qqq", "engl-US", "en.US"])
    func whatIsNoLanguageIsNotRead(_ tag: String) {
        #expect(SpeechLanguage(tag) == nil)
    }

    @Test func withoutKeyAndLanguageNeitherIsSent() async throws {
        try await SpeechServiceFixture.withService({ _, answer in try await answer.whole(#"{"text":"yes"}"#) }) { service in
            var configuration = SpeechServiceConfiguration(baseURL: "\(service.endpoint.url)/v1/", model: "m")
            configuration.limitMs = SpeechServiceFixture.farAway
            _ = try await HTTPTranscriber(configuration, http: service.http).transcribe(Self.utterance)
            let request = try #require(service.endpoint.requests.first)
            #expect(request.target == "/v1/audio/transcriptions")
            #expect(request.headers["authorization"] == nil && FormParts(request)["language"] == nil)
        }
    }

    @Test(arguments: [
        (#"{"text":" Two, please.\n"}"#, "application/json", "Two, please."),
        (#"{"text":"one\n two","usage":{"type":"duration","seconds":2},"segments":[{"id":0}]}"#, "application/json", "one two"),
        (#"{"text":""}"#, "application/json", ""),
        (#"{"text":" [BLANK_AUDIO]"}"#, "application/json", ""),
        (#"{"text":"yes"}"#, "text/plain", "yes"),
        ("  Two, please.\n", "text/plain; charset=utf-8", "Two, please."),
        ("42", "text/plain", "42"),
        (#"{"text":"<|en|><|transcribe|> Two, please.<|endoftext|>"}"#, "application/json", "Two, please."),
        (#"{"text":"<|nospeech|>"}"#, "application/json", ""), ("<|en|>yes", "text/plain", "yes"),
        (#"{"segments":[{"text":" Two,"},{"text":" please."}],"language":"en"}"#, "application/json", "Two, please."),
        (#"{"segments":[]}"#, "application/json", ""), (#"{"transcript":"yes"}"#, "application/json", "yes"),
    ])
    func anAnswerIsReadHoweverItIsWrapped(_ body: String, _ type: String, _ text: String) async throws {
        try await SpeechServiceFixture.withService({ _, answer in try await answer.whole(body, type: type) }) { service in
            let transcription = try await service.transcriber().transcribe(Self.utterance)
            #expect(transcription.text == text)
        }
    }

    @Test(arguments: [
        ("200 OK", "application/json", ""), ("200 OK", "text/plain", " "), ("200 OK", "application/json", #"{"text":"#),
        ("200 OK", "application/json", #"{"error":{"message":"no such model"}}"#), ("200 OK", "text/html", "<html>Welcome</html>"),
        ("200 OK", "text/plain", "<!doctype html>"), ("200 OK", "text/plain", "\u{1}\u{2}"), ("200 OK", "application/json", #"{"text":7}"#),
        ("500 Internal Server Error", "application/json", "{}"), ("401 Unauthorized", "application/json", "{}"),
        ("429 Too Many Requests", "text/plain", "slow down"), ("302 Found", "text/html", ""), ("404 Not Found", "text/html", "<html>"),
    ])
    func whatIsNoAnswerIsAFailure(_ status: String, _ type: String, _ body: String) async throws {
        try await SpeechServiceFixture.withService({ _, answer in try await answer.whole(body, status: status, type: type) }) { service in
            let error = await #expect(throws: EngineError.self) { try await service.transcriber().transcribe(Self.utterance) }
            #expect(error?.code == .failed)
            #expect(error?.message.contains(String(status.prefix(3))) == true || status.hasPrefix("200"))
        }
    }

    @Test func anErrorIsOneShortLineWithoutTheKey() async throws {
        let body = "{\n \"error\": \"wrong key \(SpeechServiceFixture.key)\",\r\n \"more\": \"\(String(repeating: "x", count: 5_000))\" }"
        try await SpeechServiceFixture.withService({ _, answer in try await answer.whole(body, status: "401 Unauthorized") }) { service in
            let error = try #require(await #expect(throws: EngineError.self) { try await service.transcriber().transcribe(Self.utterance) })
            #expect(
                error.description.hasPrefix(
                    "the speech recognition service answered 401 Unauthorized (check its key): { \"error\": \"wrong key ***\""
                )
            )
            #expect(error.description.count < 240 && !error.description.contains(where: \.isNewline))
        }
    }

    @Test func aKeyThatIsCutOffInAnErrorShowsNoPartOfItself() async throws {
        let body = String(repeating: "x", count: 110) + SpeechServiceFixture.key
        try await SpeechServiceFixture.withService({ _, answer in try await answer.whole(body, status: "500 Oops") }) { service in
            let error = try #require(await #expect(throws: EngineError.self) { try await service.transcriber().transcribe(Self.utterance) })
            #expect(!error.description.contains(SpeechServiceFixture.key.prefix(4)))
        }
    }

    @Test func bytesThatAreNoHTTPAreAFailure() async throws {
        try await SpeechServiceFixture.withService({ _, answer in try await answer.raw("what?\r\n\r\n") }) { service in
            await #expect(throws: EngineError.self) { try await service.transcriber().transcribe(Self.utterance) }
        }
    }

    @Test func anAnswerThatBreaksOffIsAFailure() async throws {
        try await SpeechServiceFixture.withService({ _, answer in
            try await answer.begin(type: "application/json")
            try await answer.chunk(#"{"text":"yes"}"#)
            throw CancellationError()
        }) { service in
            await #expect(throws: EngineError.self) { try await service.transcriber().transcribe(Self.utterance) }
        }
    }

    @Test func anEndlessAnswerIsNotReadForEver() async throws {
        try await SpeechServiceFixture.withService({ _, answer in
            try await answer.begin(type: "application/json")
            while true { try await answer.chunk([UInt8](repeating: 0x20, count: 65_536)) }
        }) { service in
            let error = await #expect(throws: EngineError.self) { try await service.transcriber().transcribe(Self.utterance) }
            #expect(error?.message.contains("more than 1048576 bytes") == true)
        }
    }

    @Test(arguments: [false, true])
    func aStalledServiceIsGivenUpAndToldSo(_ hasBegun: Bool) async throws {
        let ended = Moment()
        try await SpeechServiceFixture.withService({ _, answer in
            defer { ended.come() }
            if hasBegun {
                try await answer.begin(type: "application/json")
                try await answer.chunk(#"{"te"#)
            }
            try await answer.stall()
        }) { service in
            let error = await #expect(throws: EngineError.self) { try await service.transcriber(limitMs: 80).transcribe(Self.utterance) }
            #expect(error?.message == "the speech recognition service took longer than 80 ms")
            // On a busy machine the request may be given up before it arrives.
            if !service.endpoint.requests.isEmpty { await ended.wait() }
        }
    }

    @Test func aServiceThatIsNotThereIsAFailure() async throws {
        let gone = try await FakeEndpoint.withEndpoint({ _, _ in }) { $0.url }
        try await HTTPClient.withHTTPClient(eventLoopGroup: ServiceClient.eventLoops, configuration: ServiceClient.configuration()) { http in
            let transcriber = HTTPTranscriber(SpeechServiceFixture.configuration(gone), http: http)
            await #expect(throws: EngineError.self) { try await transcriber.transcribe(Self.utterance) }
        }
    }

    @Test func anAddressThatIsNoneIsAFailure() async throws {
        try await HTTPClient.withHTTPClient { http in
            let transcriber = HTTPTranscriber(SpeechServiceConfiguration(baseURL: "not an address", model: "m"), http: http)
            await #expect(throws: EngineError.self) { try await transcriber.transcribe(Self.utterance) }
        }
    }

    @Test func wordsThatNobodyWantsAnyMoreEndTheRequest() async throws {
        let (asked, ended) = (Moment(), Moment())
        try await SpeechServiceFixture.withService({ _, answer in
            defer { ended.come() }
            asked.come()
            try await answer.stall()
        }) { service in
            let result = await withTaskGroup(of: Result<Transcription, any Error>.self) { group in
                let transcriber = service.transcriber()
                group.addTask { await Result { () async throws in try await transcriber.transcribe(Self.utterance) } }
                await asked.wait()
                group.cancelAll()
                return await group.next()
            }
            #expect(throws: CancellationError.self) { try result?.get() }
            await ended.wait()
        }
    }

    @Test func requestsShareAConnectionAlsoAfterARefusal() async throws {
        try await SpeechServiceFixture.withService({ _, answer in
            try await answer.whole(#"{"error":"busy"}"#, status: "503 Service Unavailable")
        }) { service in
            for _ in 0..<3 { await #expect(throws: EngineError.self) { try await service.transcriber().transcribe(Self.utterance) } }
            #expect(service.endpoint.requests.map(\.connection) == [0, 0, 0])
        }
    }

    @Test func previewsAndClicksCostNothing() async throws {
        try await SpeechServiceFixture.withService({ _, answer in try await answer.whole(#"{"text":"yes"}"#) }) { service in
            let preview = try await service.transcriber().preview(Self.utterance)
            let click = try await service.transcriber().transcribe([1, 2, 3])
            #expect(preview == nil && click.text.isEmpty)
            #expect(service.endpoint.requests.isEmpty)
        }
    }
}

extension Result where Failure == any Error {
    /// What came of some work.
    init(_ work: () async throws -> Success) async {
        do { self = .success(try await work()) } catch { self = .failure(error) }
    }
}
