import ArgumentParser
import Foundation
import Testing
import VoiceServer

@testable import agentos

/// A recorded call, run again from the command line.
@Suite struct ReplayTests {
    private func withFolder(_ body: (String) async throws -> Void) async throws {
        let folder = FileManager.default.temporaryDirectory.path + "/agentos-test-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try await body(folder)
    }

    /// Places a short call and returns the path of its journal.
    private func journal(in folder: String) async throws -> String {
        let settings = ["AGENTOS_JOURNAL": "on", "AGENTOS_DATA_DIR": folder, "AGENTOS_STT": "scripted", "AGENTOS_TTS": "tone"]
        try await OwnServer.run(environment: settings) { address, _ in
            let call = try Call.parse(["--url", "\(address)/api/voice/twilio/inbound", "--audio", "Samples/caller-stop.wav", "--json"])
            try await call.run()
        }
        let names = try FileManager.default.contentsOfDirectory(atPath: "\(folder)/journals")
        #expect(names.count == 1)
        return try "\(folder)/journals/\(#require(names.first))"
    }

    private func code(of path: String) throws -> StartError.Code? {
        let error = #expect(throws: StartError.self) { try Replay.parse([path]).run() }
        #expect(error?.message.contains(path) == true)
        return error?.code
    }

    @Test func aCallIsDecidedAgainAsItWasUnlessItsJournalIsChanged() async throws {
        try await withFolder { folder in
            let path = try await journal(in: folder)
            try Replay.parse([path]).run()
            var lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").map(String.init)
            let end = try #require(lines.lastIndex { $0.contains("stopped(reason:") })
            lines[end] = lines[end].replacing("stopped(reason:", with: "stopped(because:")
            try lines.joined(separator: "\n").write(toFile: path, atomically: true, encoding: .utf8)
            #expect(throws: ExitCode(1)) { try Replay.parse([path]).run() }
        }
    }

    @Test func aJournalThatIsNotThereIsAMissingInput() throws {
        #expect(try code(of: "/nowhere/journal.jsonl") == .missingInput)
        #expect(try code(of: "/tmp") == .missingInput)
    }

    @Test(arguments: ["", "hello", "{}", #"{"lost":3}"#, "[1]\n", "\u{FFFD}\u{0}"])
    func whatIsNoJournalIsBrokenData(text: String) async throws {
        try await withFolder { folder in
            try text.write(toFile: "\(folder)/text", atomically: true, encoding: .utf8)
            #expect(try code(of: "\(folder)/text") == .badData)
        }
    }
}
