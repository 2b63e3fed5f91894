import AsyncHTTPClient
import Engines
import Foundation
import TestSupport
import Testing
import TwilioTwin
import VoiceServer

@testable import agentos

/// Set-ups that are broken in one way each: `doctor` names what is wrong and what mends it.
@Suite struct DoctorFindingsTests {
    private static let chat: [String: String] = ["AGENTOS_CHAT": "openai", "OPENAI_MODEL": "good", "AGENTOS_PROMPT": "You sell shoes."]

    /// A service with one model that answers whoever has the key, or everybody.
    private func service(key: String? = nil, lists: Bool = true, status: String = "200 OK") -> FakeEndpoint.Handler {
        { request, answer in
            if let key, request.headers["authorization"] != "Bearer \(key)" {
                return try await answer.whole(#"{"error":{"message":"Incorrect API key provided"}}"#, status: "401 Unauthorized")
            }
            if request.target.hasSuffix("/models") {
                guard lists else { return try await answer.whole("{}", status: "404 Not Found") }
                return try await answer.whole(#"{"object":"list","data":[{"id":"good"},{"id":"other"}]}"#)
            }
            guard request.body.contains(#""model":"good""#), status == "200 OK" else {
                let refusal = #"{"error":{"message":"The model `bad` does not exist"}}"#
                return try await answer.whole(refusal, status: status == "200 OK" ? "404 Not Found" : status)
            }
            try await answer.whole(#"{"choices":[{"message":{"content":"Hello"}}]}"#)
        }
    }

    /// Whisper base by its name: the small model in a folder that is called so.
    @Test func anAgentWhoseLanguageBaseReadsPoorlyIsNamed() throws {
        let folder = FileManager.default.temporaryDirectory.path + "/agentos-test-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let installation = try Installation.locate()
        try FileManager.default.createSymbolicLink(atPath: folder + "/whisper-base", withDestinationPath: installation.bundledModelFolder)
        let found = { (language: String) in
            let flags: [SettingKey: String] = [.whisperModel: folder + "/whisper-base", .language: language]
            let settings = try ServerConfiguration(flags: flags, environment: [:], file: nil)
            return EngineFindings(installation: installation, settings: settings).weakLanguages
        }
        #expect(try found("en-GB").isEmpty)
        let german = try found("de")
        #expect(german.count == 1 && german.first?.level == .note)
        #expect(german.first?.text.contains("agentos models pull small") == true)
    }

    /// What doctor finds that is not `ok`, beside what the machine itself is like.
    private func findings(_ environment: [String: String], file: String? = nil, offline: Bool = false) async throws -> [Finding] {
        let folder = FileManager.default.temporaryDirectory.path + "/agentos-test-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        var path: String?
        if let file {
            path = folder + "/agentos.yaml"
            try file.write(toFile: folder + "/agentos.yaml", atomically: true, encoding: .utf8)
        }
        let own = ["AGENTOS_PORT": "0", "AGENTOS_DATA_DIR": folder + "/data", "AGENTOS_STT": "scripted"]
        let settings = try ServerConfiguration(flags: [:], environment: own.merging(environment) { $1 }, file: path)
        return try await Doctor.look(at: settings, offline: offline).filter { $0.level != .ok && $0.subject != "open files" }
    }

    /// The one error or warning among findings.
    private func only(_ findings: [Finding], _ level: Finding.Level = .error) throws -> Finding {
        let faults = findings.filter { $0.level == .error || $0.level == .warning }
        try #require(faults.count == 1 && faults[0].level == level, "\(findings)")
        return faults[0]
    }

    @Test func aGoodSetUpHasNoFaults() async throws {
        try await FakeEndpoint.withEndpoint(service(key: "k")) { endpoint in
            let found = try await findings(Self.chat.merging(["OPENAI_BASE_URL": "\(endpoint.url)/v1", "OPENAI_API_KEY": "k"]) { $1 })
            #expect(found.allSatisfy { $0.level == .note } && Verdict(found).line == "Calls can be answered: agentos webui start", "\(found)")
            // The key is proved by an answer, since lists are often open to all.
            #expect(endpoint.requests.map(\.target) == ["/v1/models", "/v1/chat/completions"])
        }
    }

    @Test func aKeyThatIsRefusedIsNamed() async throws {
        try await FakeEndpoint.withEndpoint(service(key: "k")) { endpoint in
            let found = try await findings(Self.chat.merging(["OPENAI_BASE_URL": "\(endpoint.url)/v1", "OPENAI_API_KEY": "hush-hush"]) { $1 })
            let fault = try only(found)
            #expect(fault.subject == "chat" && fault.text.contains("refuses the key (HTTP 401: Incorrect API key provided); set OPENAI_API_KEY"))
            #expect(!fault.text.contains("hush-hush"))
            let line = Verdict(found).line
            #expect(line == "1 error (chat): callers of agent default hear an apology in place of each answer" && !Verdict(found).isGood)
        }
    }

    @Test(arguments: [true, false]) func aModelThatIsNotThereIsNamed(lists: Bool) async throws {
        try await FakeEndpoint.withEndpoint(service(lists: lists)) { endpoint in
            let environment = ["OPENAI_BASE_URL": "\(endpoint.url)/v1", "OPENAI_MODEL": "bad"]
            let fault = try only(try await findings(Self.chat.merging(environment) { $1 }))
            #expect(fault.text.contains("does not know the model bad") && fault.text.contains("set OPENAI_MODEL"), "\(fault.text)")
            #expect(fault.text.contains("it has good, other") == lists)
        }
    }

    @Test func aChatServiceThatIsNotThereIsNamed() async throws {
        let fault = try only(try await findings(Self.chat.merging(["OPENAI_BASE_URL": "http://no-such-host.invalid/v1"]) { $1 }))
        #expect(fault.text.contains("cannot be asked: the name no-such-host.invalid does not resolve"))
    }

    @Test func aFallbackThatAnswersMakesItAWarning() async throws {
        try await FakeEndpoint.withEndpoint(service()) { endpoint in
            let environment = ["OPENAI_BASE_URL": "http://no-such-host.invalid/v1", "OPENAI_FALLBACK_BASE_URL": "\(endpoint.url)/v1"]
            let found = try await findings(Self.chat.merging(environment) { $1 })
            #expect(try only(found, .warning).effect == "the fallback answers for agent default")
            #expect(Verdict(found).isGood && Verdict(found).line == "Calls are answered, but the fallback answers for agent default")
        }
    }

    @Test func speechServicesThatAreNotThereLeaveTheLocalEngines() async throws {
        let file = "endpoints: {e: {url: \"http://no-such-host.invalid/v1\", model: m}}\nagents: [{name: a, hearing: e, voice: e}]"
        let found = try await findings([:], file: file)
        #expect(found.filter { $0.level == .warning }.map(\.subject) == ["speech to text", "text to speech"])
        #expect(Verdict(found).line == "Calls are answered, but speech is recognised by the local engine; the local voice speaks")
    }

    @Test func aToolWhoseHostIsNotFoundIsNamed() async throws {
        let file = """
            endpoints: {main: {url: "http://127.0.0.1:1/v1", model: good}}
            tools: {slots: {description: d, url: "https://no-such-host.invalid/slots/{day}"}}
            agents: [{name: a, prompt: p, endpoint: main, tools: [slots]}]
            """
        let found = try await findings([:], file: file)
        let tool = try #require(found.first { $0.subject == "tools" })
        #expect(tool.level == .warning && tool.text.hasPrefix("the tool slots: the name no-such-host.invalid does not resolve"), "\(tool.text)")
        #expect(found.contains { $0.level == .error && $0.text.contains("the connection was refused") })
    }

    @Test func anAgentWithoutAPromptAndAKeyThatIsWrittenOutAreNoted() async throws {
        try await FakeEndpoint.withEndpoint(service(key: "hush-hush")) { endpoint in
            let file = "endpoints: {main: {url: \"\(endpoint.url)/v1\", key: hush-hush, model: good}}\nagents: [{name: seller, endpoint: main}]"
            let found = try await findings([:], file: file)
            #expect(found.contains { $0.subject == "prompt" && $0.text.hasPrefix("agent seller has none") })
            #expect(found.contains { $0.subject == "configuration" && $0.text.contains("endpoints.main.key: is written out") })
            #expect(found.allSatisfy { !$0.text.contains("hush-hush") } && Verdict(found).isGood)
        }
    }

    @Test func aPortThatIsTakenAndAFolderThatCannotBeWrittenAreNamed() async throws {
        try await FakeEndpoint.withEndpoint(service()) { endpoint in
            let fault = try only(try await findings(["AGENTOS_PORT": "\(endpoint.port)"]))
            #expect(fault.subject == "address" && fault.text.contains("is in use; stop what listens there or set AGENTOS_PORT"))
        }
        let found = try await findings(["AGENTOS_DATA_DIR": "/proc/nothing"])
        #expect(try only(found).subject == "data directory")
        #expect(Verdict(found).line == "1 error (data directory): no call is answered, because the server does not start")
    }

    @Test func filesOfTLSThatDoNotBelongTogetherAreNamed() async throws {
        let missing = try only(try await findings(["AGENTOS_TLS_CERT": "/nowhere/cert.pem", "AGENTOS_TLS_KEY": "/nowhere/key.pem"]))
        #expect(missing.subject == "TLS" && missing.text.contains("/nowhere/cert.pem cannot be read"))
        let folder = FileManager.default.temporaryDirectory.path + "/agentos-test-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let one = try TestCertificate.one.write(to: folder + "/one")
        let two = try TestCertificate.two.write(to: folder + "/two")
        let fault = try only(try await findings(["AGENTOS_TLS_CERT": one.certificate, "AGENTOS_TLS_KEY": two.key]))
        #expect(fault.subject == "TLS" && fault.text.contains("does not belong to the certificate in \(one.certificate)"))
    }

    @Test func thePublicAddressIsFollowed() async throws {
        let health = #"{"status":"ok","version":"\#(ProgramVersion.number)","commit":"\#(ThisProgram.version.commit)"}"#
        try await FakeEndpoint.withEndpoint({ _, answer in try await answer.whole(health) }) { endpoint in
            let found = try await findings(["AGENTOS_PUBLIC_URL": endpoint.url])
            #expect(Verdict(found).line == "Calls can be answered: agentos webui start")
            #expect(found.contains { $0.level == .note && $0.text.contains("is not https") })
        }
        try await FakeEndpoint.withEndpoint({ _, answer in try await answer.whole("<h1>It works!</h1>", type: "text/html") }) { endpoint in
            let fault = try only(try await findings(["AGENTOS_PUBLIC_URL": endpoint.url]))
            #expect(fault.text.contains("answers HTTP 200 and is not this server"))
            #expect(Verdict([fault]).line == "1 error (public address): Twilio cannot reach this server, so callers hear Twilio's error message")
        }
        try await FakeEndpoint.withEndpoint({ _, answer in try await answer.whole("", status: "502 Bad Gateway") }) { endpoint in
            let found = try await findings(["AGENTOS_PUBLIC_URL": endpoint.url])
            #expect(found.contains { $0.level == .untested && $0.text.contains("as a proxy does while the server is not running") })
        }
        let fault = try only(try await findings(["AGENTOS_PUBLIC_URL": "https://no-such-host.invalid"]))
        #expect(fault.text.contains("cannot be reached: the name no-such-host.invalid does not resolve"))
    }

    @Test func twiliosAccountIsAsked() async throws {
        let (sid, token) = ("AC" + String(repeating: "a1", count: 16), String(repeating: "b2", count: 16))
        let twin = TwinREST(accountSid: sid, authToken: token)
        try await twin.withServer { url in
            var environment = ["TWILIO_API_BASE_URL": url, "TWILIO_ACCOUNT_SID": sid, "TWILIO_AUTH_TOKEN": token]
            let good = try await findings(environment)
            #expect(good.allSatisfy { $0.subject != "Twilio" } && Verdict(good).isGood, "\(good)")
            environment["TWILIO_AUTH_TOKEN"] = String(repeating: "c3", count: 16)
            let fault = try only(try await findings(environment))
            #expect(fault.text.contains("do not belong together (HTTP 401, Twilio error 20003") && !fault.text.contains("c3c3"))
        }
    }

    @Test func aTokenThatIsNoneIsNamedWithoutBeingShown() async throws {
        let found = try await findings(["TWILIO_AUTH_TOKEN": "hush-hush"], offline: true)
        let fault = try only(found)
        #expect(fault.text.hasPrefix("TWILIO_AUTH_TOKEN is not an auth token") && !fault.text.contains("hush-hush"))
        #expect(Verdict(found).line.hasPrefix("1 error (Twilio): Twilio's requests are refused"))
    }

    @Test func offlineNamesEachThingThatWasNotTested() async throws {
        let file = """
            endpoints: {main: {url: "https://chat.invalid/v1", model: good}, voice: {url: "https://voice.invalid/v1", model: v}}
            tools: {slots: {description: d, url: "https://tool.invalid/"}}
            agents: [{name: a, prompt: p, endpoint: main, voice: voice, tools: [slots]}]
            """
        let environment = [
            "AGENTOS_PUBLIC_URL": "https://voice.invalid", "TWILIO_ACCOUNT_SID": "AC" + String(repeating: "a1", count: 16),
            "TWILIO_AUTH_TOKEN": String(repeating: "b2", count: 16),
        ]
        let found = try await findings(environment, file: file, offline: true)
        let untested = found.filter { $0.level == .untested }.map(\.text)
        #expect(
            untested == [
                "whether https://chat.invalid/v1 answers and knows the model good", "whether https://voice.invalid/v1 answers and knows the model v",
                "whether tool.invalid can be found", "whether Twilio knows the account", "whether https://voice.invalid leads to this server",
            ]
        )
        let expected = "Calls can be answered: agentos webui start (not tested: chat, text to speech, tools, Twilio, public address)"
        #expect(Verdict(found).line == expected)
    }

    @Test func redisIsAsked() async throws {
        try await withRedis { redis in
            let environment = ["AGENTOS_API_TOKEN": "0123456789abcdef0123456789abcdef"]
            let found = try await findings(environment.merging(["REDIS_URL": redis.url]) { $1 })
            #expect(!found.contains { $0.subject == "Redis" }, "\(found)")
            let place = "redis://:hush@127.0.0.1:\(try await freePort())"
            let away = try await findings(environment.merging(["REDIS_URL": place]) { $1 })
            let fault = try only(away, .warning)
            #expect(fault.subject == "Redis" && fault.text.contains("refused") && !fault.text.contains("hush"), "\(fault)")
            let offline = try await findings(environment.merging(["REDIS_URL": place]) { $1 }, offline: true)
            #expect(offline.contains { $0.level == .untested && $0.subject == "Redis" })
        }
    }

    @Test func belowSettingsThatAreWrongNothingIsSaidOfThem() async throws {
        let environment = ["TWILIO_AUTH_TOKEN": String(repeating: "a1", count: 16), "AGENTOS_PUBLIC_URL": "https://h.example/path"]
        let output = try await Program.run(["doctor", "--offline"], environment: environment).output
        #expect(output.contains("has the path /path"), "\(output)")
        #expect(!output.contains("TWILIO_AUTH_TOKEN is not set") && !output.contains("AGENTOS_PUBLIC_URL is not set"), "\(output)")
        #expect(output.contains("the server does not start"))
    }
}
