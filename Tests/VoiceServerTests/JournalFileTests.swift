import Conversation
import Foundation
import Logging
import Testing
import TwilioTwin

@testable import VoiceServer

/// Calls kept so that they can be replayed.
@Suite struct JournalFileTests {
    private func session(_ id: String, streams: Int = 1) -> SessionRecord {
        var session = SessionRecord(id: id, callID: "CA1", from: "+1", to: "+2", sttProvider: "scripted", createdAt: 1)
        session.streamCount = streams
        return session
    }

    private func withFolder(_ body: (String) async throws -> Void) async throws {
        let folder = FolderFixture()
        defer { folder.remove() }
        try await body(folder.path)
    }

    private func lines(_ path: String) throws -> [String] {
        try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").map(String.init)
    }

    private func permissions(_ path: String) throws -> Int? {
        try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
    }

    private let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    @Test func whatIsNotedStandsInTheFileInOrderAndForItsOwnerAlone() async throws {
        try await withFolder { folder in
            let journal = try #require(await JournalFile.open(in: "\(folder)/journals", session: session("twilio-CA1"), logger: quiet))
            let noted = (0..<5000).map { JournalEntry.step(atMs: $0, .timer, []) }
            await journal.keep {
                for entry in noted {
                    journal.note(entry)
                    await Task.yield()
                }
            }
            let path = "\(folder)/journals/twilio-CA1.jsonl"
            #expect(try lines(path) == noted.map { try $0.text() })
            #expect(try permissions(path) == 0o600)
            #expect(try permissions("\(folder)/journals") == 0o700)
        }
    }

    @Test func whatFindsNoRoomIsCountedInTheLastLine() async throws {
        try await withFolder { folder in
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            let path = "\(folder)/small.jsonl"
            #expect(FileManager.default.createFile(atPath: path, contents: nil))
            let log = CollectedLog()
            let file = try #require(FileHandle(forWritingAtPath: path))
            let journal = JournalFile(file, mostPending: 3, logger: Logger(label: "test") { _ in log })
            await journal.keep { for number in 0..<10 { journal.note(.step(atMs: number, .timer, [])) } }
            let kept = try (0..<3).map { try JournalEntry.step(atMs: $0, .timer, []).text() }
            #expect(try lines(path) == kept + [#"{"lost":7}"#])
            #expect(log.messages.count == 1)
        }
    }

    @Test func whatHasNoTextIsCountedAsLost() async throws {
        try await withFolder { folder in
            let journal = try #require(await JournalFile.open(in: folder, session: session("s"), logger: quiet))
            await journal.keep { journal.note(.step(atMs: 1, .voice(probability: .nan, audioMs: 32), [])) }
            #expect(try lines("\(folder)/s.jsonl") == [#"{"lost":1}"#])
        }
    }

    @Test func aFullDiskCostsTheCallNothing() async throws {
        let log = CollectedLog()
        let full = try #require(FileHandle(forWritingAtPath: "/dev/full"))
        let journal = JournalFile(full, logger: Logger(label: "test") { _ in log })
        await journal.keep { journal.note(.step(atMs: 1, .timer, [])) }
        #expect(log.messages.first?.contains("not whole") == true)
    }

    @Test func aFolderThatCannotBeMadeIsToldAndTheCallGoesOn() async {
        let log = CollectedLog()
        let journal = await JournalFile.open(in: "/dev/null/journals", session: session("s"), logger: Logger(label: "test") { _ in log })
        #expect(journal == nil && log.messages.count == 1)
    }

    @Test func aCancelledCallsJournalIsWhole() async throws {
        try await withFolder { folder in
            let journal = try #require(await JournalFile.open(in: folder, session: session("s"), logger: quiet))
            let call = Task {
                withUnsafeCurrentTask { $0?.cancel() }
                await journal.keep { journal.note(.step(atMs: 1, .timer, [])) }
            }
            await call.value
            #expect(try lines("\(folder)/s.jsonl").count == 1)
        }
    }

    @Test(arguments: ["../../etc/passwd", "a/b", "a_b/", "a\u{0}b", "\u{202E}gpj", ".", "", String(repeating: "x", count: 4000), "twilio-CA 1"])
    func aStrangeIdStaysInTheFolderAndApartFromOthers(id: String) {
        let name = JournalFile.name(of: session(id))
        #expect(name.hasSuffix(".jsonl") && name.utf8.count < 200 && !name.hasPrefix("."))
        #expect(name.dropLast(6).allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-" || $0 == "_") })
        #expect(name != JournalFile.name(of: session(id + "_")))
        #expect(name != JournalFile.name(of: session(id, streams: 2)))
    }

    @Test func aCallIsReplayedToTheSameDecisions() async throws {
        try await withFolder { folder in
            let callSid = newCallSid()
            let settings: [SettingKey: String] = [.journal: "on", .greeting: longGreeting, .greetingProtectedMs: "0"]
            try await withServer(settings, folder: folder) { (server: TestServer) async throws in
                let clip = try sample("caller-stop")
                let plan = CallerPlan([
                    .does(.interruptWhenSpeaking(afterMs: 400, clip: clip, label: "first")), .waits(for: "voice.barge_in"),
                    .waits(for: "voice.assistant.text"), .waits(for: "voice.assistant.heard"), .does(.dtmf("4")), .does(.dtmf("#")),
                    .waits(for: "voice.dtmf.entered"), .waits(for: "voice.assistant.heard"), .does(.hangUp),
                ])
                let call = TwinCallConfiguration(webhookURL: server.webhook, callSid: callSid)
                let told = try await server.place(plan, as: call).events.compactMap { $0["type"] as? String }
                #expect(told.contains("voice.barge_in") && told.contains("voice.dtmf.entered"), "\(told)")
            }
            let outcome = try CallReplay(lines: lines("\(folder)/journals/twilio-\(callSid).jsonl")).run()
            #expect(outcome.firstDifference == nil)
            #expect(outcome.steps > 300 && outcome.actions > 50)
        }
    }

    @Test func withoutTheSettingNothingIsKept() async throws {
        try await withServer { (server: TestServer) async throws in
            let call = TwinCallConfiguration(webhookURL: server.webhook, script: [.wait(200), .hangUp])
            _ = try await TwinCall(call).run()
            _ = try await server.events(callSid: call.callSid)
            #expect(!FileManager.default.fileExists(atPath: "\(server.folder)/journals"))
        }
    }
}
