import Crypto
import Foundation
import NIOHTTP1
import Testing
import TwilioTwin

@testable import VoiceServer

/// Secrets stay where they are: in files of their owner's, out of pages, headers and messages.
@Suite struct SecrecyTests {
    @Test func everyAnswerTellsBrowsersToKeepItToThemselves() async throws {
        try await withServer { (server: TestServer) async throws in
            for path in ["/", "/api/voice/sessions", "/nowhere", "/healthz", "/api/voice/sessions/none", "/metrics"] {
                for token in [server.token, "wrong"] {
                    let answer = try await server.request(.GET, "\(path)?token=\(token)", token: "")
                    #expect(answer.headers.first(name: "Referrer-Policy") == "no-referrer", "\(path)")
                    #expect(answer.headers.first(name: "X-Content-Type-Options") == "nosniff")
                    #expect(answer.headers.first(name: "X-Frame-Options") == "DENY")
                    #expect(answer.headers.first(name: "Cache-Control") == "no-store")
                    let all = answer.text + answer.headers.map { "\($0.name): \($0.value)" }.joined()
                    #expect(!all.contains(server.token) && answer.headers.first(name: "Location") == nil)
                }
            }
        }
    }

    @Test func nothingButThePagesOwnScriptMayRunInIt() async throws {
        try await withServer { (server: TestServer) async throws in
            let page = try await server.request(.GET, "/")
            let policy = try #require(page.headers.first(name: "Content-Security-Policy"))
            for element in ["script", "style"] {
                let start = try #require(page.text.range(of: "<\(element)>"))
                let end = try #require(page.text.range(of: "</\(element)>"))
                let hash = Data(SHA256.hash(data: Data(page.text[start.upperBound..<end.lowerBound].utf8))).base64EncodedString()
                #expect(policy.contains("\(element)-src 'sha256-\(hash)'"))
            }
            #expect(!page.text.contains("http://") && !page.text.contains("https://"), "nothing comes from elsewhere")
        }
    }

    @Test func whatIsKeptIsItsOwnersAlone() async throws {
        let folder = FolderFixture()
        defer { folder.remove() }
        try await withServer(folder: folder.path) { (server: TestServer) async throws in
            _ = try await server.inbound(callSid: "CA1")
            let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
            #expect(names.contains("api-token") && names.contains("agentos.sqlite"))
            for name in names + ["."] {
                let mode = try FileManager.default.attributesOfItem(atPath: "\(folder.path)/\(name)")[.posixPermissions] as? Int
                #expect((mode ?? 0o777) & 0o077 == 0, "\(name)")
            }
        }
    }

    @Test(arguments: ["api_token: \"hush-hush-hush", "twilio_auth_token: [hush-hush-hush]", "hush-hush-hush", "tls_key: {a: hush-hush-hush}"])
    func anErrorInTheFileOfSettingsDoesNotShowIt(text: String) throws {
        let folder = FolderFixture()
        defer { folder.remove() }
        try FileManager.default.createDirectory(atPath: folder.path, withIntermediateDirectories: true)
        try text.write(toFile: folder.path + "/agentos.yaml", atomically: true, encoding: .utf8)
        let error = #expect(throws: StartError.self) {
            try ServerConfiguration(flags: [:], environment: [:], file: folder.path + "/agentos.yaml")
        }
        #expect(error?.message.contains("hush") == false, "\(error?.message ?? "")")
    }

    @Test func secretsAreComparedWhole() {
        let secret = "0123456789abcdef"
        #expect(ConstantTime.areEqual(secret, secret))
        for given in ["", "0", "0123456789abcde", "0123456789abcdeF", secret + "0", secret + secret, "\u{0}123456789abcdef"] {
            #expect(!ConstantTime.areEqual(given, secret), "\(given)")
        }
        #expect(!ConstantTime.areEqual("", ""), "no secret lets nobody in")
    }

    @Test func aTokenIsOneCallsAndOneStreams() async throws {
        try await withServer { (server: TestServer) async throws in
            let tokens = try await [server.openSession(callSid: "CA1"), server.openSession(callSid: "CA2")]
            #expect(Set(tokens).count == 2 && tokens.allSatisfy { $0.count == 64 })
            try await server.socket(callSid: "CA1").withConnection { inbound, outbound in
                try await outbound.send(Wire.start(callSid: "CA1", token: tokens[1]))
                #expect(try await inbound.untilClosed().closeCode == 1008)
            }
        }
    }
}
