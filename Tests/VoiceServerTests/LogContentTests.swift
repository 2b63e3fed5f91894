import Conversation
import Foundation
import Logging
import Testing
import TwilioTwin

@testable import VoiceServer

/// What the log holds: how the server is set, what became of turns, and no words where they are not wanted.
@Suite struct LogContentTests {
    /// The log of a server while `body` runs.
    private func log(_ settings: [SettingKey: String], _ body: @escaping @Sendable (TestServer) async throws -> Void) async throws -> [String] {
        let folder = FolderFixture()
        defer { folder.remove() }
        try FileManager.default.createDirectory(atPath: folder.path, withIntermediateDirectories: true)
        let path = "\(folder.path)/log"
        _ = FileManager.default.createFile(atPath: path, contents: nil)
        let writer = LogWriter(try #require(FileHandle(forWritingAtPath: path)))
        try await withServer(settings, folder: "\(folder.path)/data", log: writer, body)
        writer.flush()
        return try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").map(String.init)
    }

    @Test(arguments: ["text", "json"])
    func withoutTranscriptsNoWordIsInTheLog(format: String) async throws {
        let settings: [SettingKey: String] = [.logLevel: "trace", .logTranscripts: "false", .logFormat: format]
        let lines = try await log(settings) { (server: TestServer) async throws in
            let events = try await server.place(try .saying("caller-stop")).events
            #expect(events.contains { ($0["text"] as? String)?.contains("book a table") == true }, "the events hold them all the same")
        }
        #expect(!lines.contains { $0.contains("table") || $0.contains("You said") })
        #expect(lines.contains { $0.contains("AUDIT: voice.twilio.transcript") && $0.contains("transcript='***' response='***' provider=twilio") })
        #expect(lines.contains { $0.contains("A turn was answered") })
        if format == "json" { #expect(lines.allSatisfy { $0.hasPrefix("{") && $0.hasSuffix("}") }) }
    }

    @Test func eachTurnIsALineAtLevelDebug() async throws {
        let lines = try await log([.logLevel: "debug"]) { (server: TestServer) async throws in
            _ = try await server.place(try .saying("caller-stop"))
        }
        let turn = try #require(lines.first { $0.contains("A turn was answered") })
        for part in [
            "DEBUG:", "asked='I would like to book a table.'", "heard='You said: ", "complete=true", "endpoint_ms=", "response_ms=", "turn=1",
        ] {
            #expect(turn.contains(part), "\(part)")
        }
        #expect(lines.allSatisfy { $0.prefix(4).allSatisfy(\.isNumber) && $0.contains("Z ") }, "each begins with the time")
    }

    @Test func aStartTellsHowTheServerIsSetAndHidesSecrets() async throws {
        let lines = try await log([.logLevel: "info", .greeting: "Welcome to us.", .twilioAuthToken: "twilio-secret-1"]) { _ in }
        let text = lines.joined(separator: "\n")
        #expect(text.contains("AgentOS Voice starts commit=0123456789ab version=\(ProgramVersion.number)"))
        #expect(text.contains("greeting='Welcome to us.'") && text.contains("twilio_auth_token=***") && !text.contains("twilio-secret-1"))
        #expect(text.contains("Agents default='all numbers'") && text.contains("Engines chat=echo stt=scripted tts=tone"))
        #expect(text.contains("Open to all: /healthz and /readyz."))
    }

    @Test func aServerThatIsOpenSaysSo() throws {
        let lines = StartSummary(try ServerConfiguration(flags: [.host: "0.0.0.0"], environment: [:], file: nil), version: TestServer.version).lines
        #expect(lines.contains { $0.message.contains("and Twilio's paths. All others") })
        #expect(lines.contains { $0.level == .warning && $0.message.contains("without TLS") })
    }

    @Test(arguments: [
        ("https://api.example.com/v1: 400 Bad Request: I would like", "https://api.example.com/v1: 400 Bad Request: ***"),
        ("no answer within 5000 ms", "no answer within 5000 ms"),
    ])
    func whatAServiceWroteIsLeftOutWithTheWords(error: String, shown: String) {
        #expect(NumberMask(isOn: false, hidesWords: true).failure(error) == shown)
        #expect(NumberMask(isOn: false).failure(error) == error)
    }

    @Test func decisionsBesideTurnsAreTold() {
        var notes = TurnNotes()
        let lines = [
            CallEvent.dismissed(text: "mm-hm", audioMs: 90, reason: .backchannel), .assistantPaused(turn: 2, playedMs: 400),
            .final(text: "stop", turn: 3, audioMs: 9, confidence: nil), .bargeIn(turn: 2, playedMs: 460),
            .assistantHeard(text: "One", turn: 2, complete: false),
        ].compactMap { notes.line(for: $0) }
        #expect(lines.map(\.message) == ["Sound is no turn", "The answer waits: somebody may be speaking", "An answer was interrupted"])
        #expect(lines.first?.fields == ["reason": "backchannel", "audio_ms": "90", "words": "mm-hm"])
        #expect(lines.last?.fields == ["turn": "2", "heard": "One", "complete": "false", "cut_at_ms": "460"])
    }
}
