import Engines
import Foundation
import Testing

@testable import VoiceServer

/// The settings of a file, checked with their places by the rules of a start.
@Suite struct SettingsCheckTests {
    private func faults(_ text: String, environment: [String: String] = [:]) throws -> [String] {
        let folder = FolderFixture()
        try FileManager.default.createDirectory(atPath: folder.path, withIntermediateDirectories: true)
        defer { folder.remove() }
        let path = folder.path + "/agentos.yaml"
        try text.write(toFile: path, atomically: true, encoding: .utf8)
        return try AgentFile.check(path, environment: environment).faults.map(\.description)
    }

    @Test func everySettingThatAStartWouldRefuseIsTold() throws {
        let text = """
            port: 70000
            stt: ear
            openai_base_url: http://user:hidden@host
            openai_api_key: hush-hush
            openai_fallback_model: m
            tls_cert: a.pem
            redis_url: redis://:hidden@host
            keep_days: -1
            agents: [{name: a, retries: 7}]
            """
        #expect(
            try faults(text) == [
                "1:7: port: is not a number from 0 to 65535: '70000'",
                "2:6: stt: is not one of \(EngineLoader.transcribers.joined(separator: ", "))",
                "3:18: openai_base_url: must not hold a user or password; give those as a key or header",
                "5:24: openai_fallback_model: needs OPENAI_FALLBACK_BASE_URL beside it: 'm'",
                "6:11: tls_cert: needs --tls-key (AGENTOS_TLS_KEY) beside it: 'a.pem'",
                "7:12: redis_url: needs AGENTOS_API_TOKEN, too: the same on every server that shares it",
                "8:12: keep_days: is not a number from 0 to 36500: '-1'",
                "9:29: agents[0].retries: is not a whole number from 0 to 3",
            ]
        )
    }

    @Test func aLanguageThatTheVoiceLacksIsRefused() throws {
        let flite = "agents[0].language: the voice flite knows English only, not de; give the agent a `voice` from `endpoints`, or set `tts: openai`"
        #expect(try faults("stt: scripted\nagents: [{name: a, language: de}]") == ["2:30: \(flite)"])
        #expect(try faults("stt: scripted\nagents: [{name: a, language: EN-gb}]") == [])
        #expect(try faults("stt: scripted\ntts: openai\nagents: [{name: a, language: de}]") == [])
        #expect(try faults("stt: scripted\nagents: [{name: a, language: de}]", environment: ["AGENTOS_TTS": "openai"]) == [])
        let service = "stt: scripted\nendpoints: {v: {url: \"http://h:1/v1\"}}\nagents: [{name: a, language: de, voice: v}]"
        #expect(try faults(service) == [])
    }

    @Test func aLanguageThatTheSpeechModelLacksIsRefused() throws {
        let whisper = "agents[0].language: the speech model whisper-phone-mini knows English only; the agent's language is pt_BR: "
        let text = "whisper_model: phone-mini\ntts: tone\nagents: [{name: a, language: pt_BR}]"
        let faults = try faults(text)
        #expect(faults.count == 1 && faults.first?.hasPrefix("3:30: \(whisper)set `whisper_model` to one of many languages") == true, "\(faults)")
        #expect(try self.faults(text + "\nstt: openai") == [])
    }

    @Test(arguments: ["english", "xx", "pt BR", "p", "pt--BR"])
    func whatIsNoLanguageIsRefused(_ tag: String) throws {
        #expect(try faults("agents: [{name: a, language: \(tag)}]") == ["1:30: agents[0].language: is not a language like en or pt-BR, or auto"])
    }

    @Test(arguments: ["7999", "48001", "fast"])
    func aSampleRateThatNoVoiceHasIsRefused(_ rate: String) throws {
        let endpoint = "endpoints: {v: {url: \"http://h:1/v1\", sample_rate: \(rate)}}"
        #expect(try faults(endpoint) == ["1:52: endpoints.v.sample_rate: is not a whole number from 8000 to 48000"])
        #expect(try faults("openai_tts_sample_rate: \(rate)") == ["1:25: openai_tts_sample_rate: is not a number from 8000 to 48000: '\(rate)'"])
    }

    @Test func whatTheEnvironmentGivesBesideTheFileIsEnough() throws {
        let environment = ["AGENTOS_API_TOKEN": "0123456789abcdef", "AGENTOS_TLS_KEY": "k.pem", "AGENTOS_PORT": "nonsense"]
        #expect(try faults("redis_url: redis://host\ntls_cert: a.pem", environment: environment) == [])
    }

    @Test func theFirstFaultOfAFileStopsTheStartAndTheOthersAreCounted() throws {
        let folder = FolderFixture()
        try FileManager.default.createDirectory(atPath: folder.path, withIntermediateDirectories: true)
        defer { folder.remove() }
        let path = folder.path + "/agentos.yaml"
        try "agents: [{name: a, retries: 7}]\nprot: 1\nhots: 2".write(toFile: path, atomically: true, encoding: .utf8)
        let error = #expect(throws: StartError.self) { try ServerConfiguration(flags: [:], environment: [:], file: path) }
        let more = "; and 2 more: `agentos config check \(path)` lists them"
        #expect(error?.message == "\(path):1:29: agents[0].retries: is not a whole number from 0 to 3\(more)")
        #expect(error?.code == .configuration)
    }

    @Test func servicesAreSetLikeEverythingElse() throws {
        let environment = [
            "OPENAI_BASE_URL": "http://h:1/v1/", "OPENAI_API_KEY": "hush-hush", "OPENAI_FALLBACK_BASE_URL": "http://h:2/v1",
            "OPENAI_TTS_VOICE": "nova", "OPENAI_TTS_SAMPLE_RATE": "22050", "TWILIO_API_BASE_URL": "http://twin/",
        ]
        let configuration = try ServerConfiguration(flags: [.openaiModel: "m", .prompt: "Be kind."], environment: environment, file: nil)
        let openAI = configuration.openAI
        #expect(openAI.endpoint.url == "http://h:1/v1" && openAI.endpoint.model == "m" && openAI.endpoint.key?.value == "hush-hush")
        #expect(openAI.fallback?.url == "http://h:2/v1" && openAI.fallback?.model == "m" && openAI.fallback?.key == nil)
        #expect(openAI.sttModel == "whisper-1" && openAI.ttsModel == "gpt-4o-mini-tts" && openAI.ttsVoice == "nova" && openAI.ttsSampleRate == 22_050)
        #expect(configuration.prompt == "Be kind." && configuration.twilioAPIBaseURL == "http://twin")
        #expect(try ServerConfiguration(flags: [:], environment: [:], file: nil).openAI == OpenAISettings())
        #expect(SettingKey.openaiAPIKey.isSecret && SettingKey.openaiFallbackAPIKey.isSecret && !"\(openAI)".contains("hush-hush"))
    }
}
