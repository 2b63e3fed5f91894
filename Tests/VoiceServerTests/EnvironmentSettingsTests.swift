import Conversation
import Engines
import Foundation
import Testing

@testable import VoiceServer

/// Settings as environments really hold them: with blanks and quotes, beside what Kubernetes adds, misspelt.
@Suite struct EnvironmentSettingsTests {
    private func message(_ environment: [String: String]) -> String {
        do {
            _ = try ServerConfiguration(flags: [:], environment: environment, file: nil)
            return ""
        } catch {
            return error.message
        }
    }

    @Test func whatKubernetesAddsIsIgnoredWithOneNotice() throws {
        let links = [
            "AGENTOS_SERVICE_HOST": "10.0.0.1", "AGENTOS_SERVICE_PORT": "8000", "AGENTOS_SERVICE_PORT_HTTP": "8000",
            "AGENTOS_PORT": "tcp://10.0.0.1:8000", "AGENTOS_PORT_8000_TCP": "tcp://10.0.0.1:8000", "AGENTOS_PORT_8000_TCP_ADDR": "10.0.0.1",
            "AGENTOS_PORT_8000_TCP_PORT": "8000", "AGENTOS_PORT_8000_TCP_PROTO": "tcp",
            "AGENTOS_VOICE_SERVICE_HOST": "10.0.0.2", "AGENTOS_VOICE_PORT": "udp://10.0.0.2:53", "AGENTOS_VOICE_PORT_53_UDP_ADDR": "10.0.0.2",
        ]
        let configuration = try ServerConfiguration(flags: [:], environment: links, file: nil)
        #expect(configuration.port == 8000 && configuration.remarks.map(\.level) == [.notice])
        #expect(configuration.remarks.first?.message.hasPrefix("Variables that Kubernetes adds for services are ignored (AGENTOS_PORT, ") == true)
        #expect(try ServerConfiguration(flags: [:], environment: ["AGENTOS_PORT": "8123"], file: nil).port == 8123)
    }

    @Test(arguments: [
        ("AGENTOS_PROT", "did you mean AGENTOS_PORT?"), ("AGENTOS_PUBLIC_ULR", "did you mean AGENTOS_PUBLIC_URL?"),
        ("AGENTOS_TWILIO_AUTH_TOKEN", "did you mean TWILIO_AUTH_TOKEN?"), ("AGENTOS_OPENAI_MODEL", "did you mean OPENAI_MODEL?"),
        ("AGENTOS_MODEL_DIR", "did you mean AGENTOS_MODELS_DIR?"), ("AGENTOS_SOMETHING_ELSE", "docs/reference.md lists the settings"),
    ])
    func aNameThatMeansNothingIsAnErrorWithTheNearestOne(name: String, advice: String) {
        let text = message([name: "1"])
        #expect(text.hasPrefix("\(name) is no setting; ") && text.hasSuffix(advice), "\(text)")
    }

    @Test(arguments: ["  feed  ", "\"feed\"", "'feed'\n", "\t\" feed \"", "\u{FEFF}feed\u{200B}"])
    func valuesAreTrimmed(given: String) throws {
        let environment = ["TWILIO_AUTH_TOKEN": given, "AGENTOS_PORT": " 81 ", "AGENTOS_CHAT": "\"echo\""]
        let configuration = try ServerConfiguration(flags: [:], environment: environment, file: nil)
        #expect(configuration.twilioAuthTokens == ["feed"] && configuration.port == 81 && configuration.chat == "echo")
    }

    @Test func quotesWithinATextStay() {
        #expect(SettingText.trimmed("\"Yes,\" she said, \"no.\"") == "\"Yes,\" she said, \"no.\"")
        #expect(SettingText.trimmed("'") == "'")
        #expect(SettingText.trimmed("\"\"") == "")
    }

    @Test(arguments: [
        ("https://voice.example.com/", "https://voice.example.com"), (" HTTPS://Voice.Example.COM// ", "https://voice.example.com"),
        ("https://voice.example.com:443", "https://voice.example.com"), ("http://voice.example.com:80/", "http://voice.example.com"),
        ("https://voice.example.com:8443", "https://voice.example.com:8443"), ("https://[::1]:443", "https://[::1]"),
    ])
    func thePublicAddressIsNormalised(given: String, normal: String) throws {
        let configuration = try ServerConfiguration(flags: [:], environment: ["AGENTOS_PUBLIC_URL": given], file: nil)
        #expect(configuration.publicAddress == normal)
    }

    @Test(arguments: [
        ("https://v.example.com/voice/", "has the path /voice/, and the server has paths of its own; set it to https://v.example.com"),
        ("https://v.example.com/?a=b", "has a part behind ?, which belongs to a webhook; set it to https://v.example.com"),
        ("https://v.example.com#x", "has a part behind #, which nobody sends; set it to https://v.example.com"),
        ("wss://V.example.com", "must begin with http:// or https://; set it to https://v.example.com"),
        ("https://v.example.com:port", "has a port that is not a number from 1 to 65535: 'https://v.example.com:port'"),
        ("v.example.com", "is not like https://voice.example.com: 'v.example.com'"),
        ("https://", "is not like https://voice.example.com: 'https://'"),
    ])
    func aPublicAddressWithMoreThanSchemeAndHostIsRefusedWithTheFix(given: String, problem: String) {
        #expect(message(["AGENTOS_PUBLIC_URL": given]) == "AGENTOS_PUBLIC_URL \(problem)")
    }

    @Test func aPasswordInThePublicAddressIsNotShown() {
        let text = message(["AGENTOS_PUBLIC_URL": "https://user:hush-hush@v.example.com"])
        #expect(text.contains("must not hold a user or password") && !text.contains("hush-hush"))
    }

    @Test func credentialsThatAreNotTwiliosAreWarnedOf() throws {
        let remarks = { (environment: [String: String]) throws in
            try ServerConfiguration(flags: [:], environment: environment, file: nil).remarks.map(\.message)
        }
        let good = ["TWILIO_ACCOUNT_SID": "AC" + String(repeating: "0f", count: 16), "TWILIO_AUTH_TOKEN": String(repeating: "1b", count: 16)]
        #expect(try remarks(good) == [])
        let bad = try remarks(["TWILIO_ACCOUNT_SID": "SK123", "TWILIO_AUTH_TOKEN": "AC-hush-hush", "TWILIO_AUTH_TOKEN_SECONDARY": "hush-hush"])
        #expect(bad.count == 3 && bad.allSatisfy { !$0.contains("hush-hush") && $0.contains("console") })
        #expect(bad[0].hasPrefix("TWILIO_ACCOUNT_SID is not an account's id"))
        #expect(bad[1].hasPrefix("TWILIO_AUTH_TOKEN looks like an account's id, so Twilio's requests will be refused"))
        #expect(bad[2].hasPrefix("TWILIO_AUTH_TOKEN_SECONDARY is not an auth token"))
    }

    @Test func settingsOfTheFileTakeVariablesAndTextsStandAsTheyAre() throws {
        let folder = FolderFixture()
        try folder.make()
        defer { folder.remove() }
        let path = folder.path + "/agentos.yaml"
        try "openai_api_key: ${MY_KEY}\ngreeting: Pay ${100}".write(toFile: path, atomically: true, encoding: .utf8)
        let configuration = try ServerConfiguration(flags: [:], environment: ["MY_KEY": " \"sk-1\"\n"], file: path)
        #expect(configuration.openAI.endpoint.key?.value == "sk-1" && configuration.call.greeting == "Pay ${100}")
        let error = #expect(throws: StartError.self) { try ServerConfiguration(flags: [:], environment: [:], file: path) }
        #expect(error?.message == "\(path):1:17: openai_api_key: names the environment variable MY_KEY, which is not set")
    }

    @Test func noticesAndWarningsAreLoggedAtTheStart() async throws {
        let folder = FolderFixture()
        try folder.make()
        defer { folder.remove() }
        let log = folder.path + "/log"
        _ = FileManager.default.createFile(atPath: log, contents: nil)
        let writer = LogWriter(try #require(FileHandle(forWritingAtPath: log)))
        let environment = ["AGENTOS_SERVICE_HOST": "10.0.0.1", "TWILIO_AUTH_TOKEN": "secret"]
        try await withServer([.logLevel: "info"], environment: environment, log: writer) { (_: TestServer) async throws in }
        writer.flush()
        let text = try String(contentsOfFile: log, encoding: .utf8)
        #expect(text.contains("Variables that Kubernetes adds for services are ignored (AGENTOS_SERVICE_HOST)"))
        #expect(text.contains("TWILIO_AUTH_TOKEN is not an auth token"))
    }
}
