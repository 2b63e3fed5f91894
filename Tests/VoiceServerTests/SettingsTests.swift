import Conversation
import Foundation
import Testing

@testable import VoiceServer

/// Settings: precedence, and errors that name the key.
@Suite struct SettingsTests {
    private func withFile(_ text: String, _ body: (String) throws -> Void) throws {
        let folder = FolderFixture()
        try FileManager.default.createDirectory(atPath: folder.path, withIntermediateDirectories: true)
        defer { folder.remove() }
        let path = folder.path + "/agentos.yaml"
        try text.write(toFile: path, atomically: true, encoding: .utf8)
        try body(path)
    }

    private func message(flags: [SettingKey: String] = [:], environment: [String: String] = [:], file: String? = nil) -> String {
        do {
            _ = try ServerConfiguration(flags: flags, environment: environment, file: file)
            return ""
        } catch {
            return error.message
        }
    }

    /// Why a server with these settings cannot start; nil when it can.
    private func code(_ configuration: ServerConfiguration) -> StartError.Code? {
        do throws(StartError) {
            _ = try VoiceServer(configuration, version: TestServer.version, probeExecutable: nil)
            return nil
        } catch {
            return error.code
        }
    }

    @Test func flagsComeBeforeTheEnvironmentAndThatBeforeTheFile() throws {
        try withFile("port: 1\nhost: file\nchat: file") { file in
            let environment = ["AGENTOS_PORT": "2", "AGENTOS_HOST": "environment"]
            let configuration = try ServerConfiguration(flags: [.port: "3"], environment: environment, file: file)
            #expect(configuration.port == 3)
            #expect(configuration.host == "environment")
            #expect(configuration.chat == "file")
            #expect(configuration.tts == "flite")
        }
    }

    @Test func anUnknownKeyIsNamedWithItsPlace() throws {
        try withFile("port: 1\nprot: 2\n") { #expect(message(file: $0).contains(":2:1: prot is no setting")) }
        #expect(message(environment: ["AGENTOS_PROT": "2"]).contains("AGENTOS_PROT is no setting"))
    }

    @Test func anUnreadableValueIsNamedAsItsSourceNamesIt() throws {
        #expect(message(flags: [.port: "many"]).hasPrefix("--port is not a number from 0 to 65535: 'many'"))
        #expect(message(environment: ["AGENTOS_STREAM_MODE": "both"]).hasPrefix("AGENTOS_STREAM_MODE is not one of connect, start"))
        try withFile("public_url: voice.example.com") {
            #expect(message(file: $0).contains("public_url in the configuration file is not like https://"))
        }
        try withFile("host: [a, b]") { #expect(message(file: $0).contains("host must have a single value")) }
        try withFile("host: 'open") { #expect(message(file: $0).contains("is not YAML")) }
        #expect(message(file: "/nowhere/agentos.yaml").contains("/nowhere/agentos.yaml cannot be read"))
    }

    @Test func openAIsOwnServiceWantsAKeyBeforeTheFirstCall() throws {
        let without = try ServerConfiguration(flags: [.chat: "openai"], environment: [:], file: nil)
        #expect(throws: StartError.self) { try without.checkServices() }
        for variable in ["OPENAI_API_KEY": "sk-anything", "OPENAI_BASE_URL": "http://127.0.0.1:11434/v1"] {
            let with = try ServerConfiguration(flags: [.chat: "openai"], environment: [variable.key: variable.value], file: nil)
            try with.checkServices()
        }
    }

    @Test func whatTheAgentSaysOfItsOwnAccordIsSet() throws {
        let defaults = try ServerConfiguration(flags: [:], environment: [:], file: nil)
        var expected = CallMachine.Configuration()
        expected.longestCallMs = 14_400_000
        expected.turns.pauseMs = TurnConfiguration.localPauseMs
        #expect(defaults.streamedCall(by: .usual) == expected && defaults.journal == .off)
        let text = """
            greeting: Welcome.
            greeting_protected_ms: 1500
            idle_prompt_seconds: 30
            idle_prompt: Hello?
            idle_goodbye: Bye.
            digits_interrupt: false
            journal: on
            """
        try withFile(text) { file in
            let configuration = try ServerConfiguration(flags: [:], environment: ["AGENTOS_IDLE_PROMPT": "Anyone?"], file: file)
            let call = configuration.streamedCall(by: .usual)
            #expect(call.greeting == "Welcome." && call.greetingProtectedMs == 1500 && !call.interruptsOnDigits)
            #expect(call.idlePromptMs == 30_000 && call.idlePrompt == "Anyone?" && call.idleGoodbye == "Bye.")
            #expect(configuration.journal == .on)
        }
    }

    @Test func noSecondsMeansThatASilentCallerIsLeftInPeace() throws {
        #expect(try ServerConfiguration(flags: [.idlePromptSeconds: "0"], environment: [:], file: nil).streamedCall(by: .usual).idlePromptMs == nil)
    }

    @Test func nothingIsSaidOfItsOwnAccordWhereTheCallerCannotHear() throws {
        let flags: [SettingKey: String] = [.streamMode: "start", .greeting: "Welcome.", .endSilenceMs: "500"]
        let call = try ServerConfiguration(flags: flags, environment: [:], file: nil).streamedCall(by: .usual)
        #expect(call.greeting == nil && call.idlePromptMs == nil)
        #expect(call.turns.endSilenceMs == 500)
    }

    @Test(arguments: [
        (SettingKey.idlePromptSeconds, "3601", "--idle-prompt-seconds is not a number from 0 to 3600: '3601'"),
        (.greetingProtectedMs, "-1", "--greeting-protected-ms is not a number from 0 to 10000: '-1'"),
        (.digitsInterrupt, "yes", "--digits-interrupt is not true or false: 'yes'"),
        (.journal, "maybe", "--journal is not one of off, on: 'maybe'"),
    ])
    func aWrongMannerIsNamed(key: SettingKey, value: String, expected: String) {
        #expect(message(flags: [key: value]) == expected)
    }

    @Test func engineNamesAreCheckedAtStart() throws {
        for (key, name) in [(SettingKey.stt, "ear"), (.chat, "brain"), (.tts, "mouth")] {
            let folder = FolderFixture()
            let configuration = try ServerConfiguration(flags: [key: name, .dataDir: folder.path], environment: [:], file: nil)
            let error = #expect(throws: StartError.self) { try VoiceServer(configuration, version: TestServer.version, probeExecutable: nil) }
            #expect(error?.code == .configuration)
            #expect(error?.message.contains("'\(name)'") == true)
            #expect(!FileManager.default.fileExists(atPath: folder.path), "nothing is made for a server that cannot start")
        }
    }

    @Test func aMissingOrBrokenModelIsAnErrorAtStart() throws {
        let folder = FolderFixture()
        defer { folder.remove() }
        let missing = try ServerConfiguration(flags: [.whisperModel: "nothing", .dataDir: folder.path], environment: [:], file: nil)
        #expect(code(missing) == .missingInput)
        try FileManager.default.createDirectory(atPath: folder.path, withIntermediateDirectories: true)
        for name in ["encoder.onnx", "decoder.onnx", "tokens.txt"] {
            try "broken".write(toFile: "\(folder.path)/\(name)", atomically: true, encoding: .utf8)
        }
        let broken = try ServerConfiguration(flags: [.whisperModel: folder.path, .dataDir: folder.path], environment: [:], file: nil)
        #expect(code(broken) == .badData)
    }

    @Test func aDataDirectoryThatIsAFileIsAnErrorAtStart() throws {
        try withFile("") { file in
            let configuration = try ServerConfiguration(flags: [.dataDir: file, .stt: "scripted"], environment: [:], file: nil)
            #expect(code(configuration) == .cannotCreate)
        }
    }

    @Test func severalServersNeedRedisAndOneToken() throws {
        let token = "AGENTOS_API_TOKEN"
        let shared = try ServerConfiguration(flags: [:], environment: ["REDIS_URL": "redis://:secret@cache/1", token: "0123456789abcdef"], file: nil)
        #expect(shared.redis.map { "\($0)" } == "redis://cache:6379/1")
        #expect(try ServerConfiguration(flags: [:], environment: [:], file: nil).redis == nil)
        for environment in [["REDIS_URL": "redis://:secret@cache"], ["REDIS_URL": "http://:secret@cache", token: "0123456789abcdef"]] {
            let error = #expect(throws: StartError.self) { try ServerConfiguration(flags: [:], environment: environment, file: nil) }
            #expect(error?.message.contains("REDIS_URL") == true && error?.message.contains("secret") == false)
        }
    }
}
