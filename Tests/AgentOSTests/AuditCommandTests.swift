import ArgumentParser
import Foundation
import Testing
import VoiceServer

@testable import agentos

/// The audit trail from the command line.
@Suite struct AuditCommandTests {
    private func withFolder(_ body: (String) async throws -> Void) async throws {
        let folder = FileManager.default.temporaryDirectory.path + "/agentos-test-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try await body(folder)
    }

    /// Places a short call; the commands are tried while the server runs.
    private func withCall(_ folder: String, whileItRuns body: @escaping @Sendable () async throws -> Void = {}) async throws {
        let settings = ["AGENTOS_DATA_DIR": folder, "AGENTOS_STT": "scripted", "AGENTOS_TTS": "tone"]
        try await OwnServer.run(environment: settings) { address, _ in
            let call = try Call.parse(["--url", "\(address)/api/voice/twilio/inbound", "--audio", "Samples/caller-stop.wav", "--json"])
            // How the call went is not what is tested: on a busy machine Twilio would find fault with its pace.
            _ = try? await call.run()
            try await body()
        }
    }

    /// Starts a server and stops it.
    private func withoutCall(_ folder: String) async throws {
        let settings = ["AGENTOS_DATA_DIR": folder, "AGENTOS_STT": "scripted", "AGENTOS_TTS": "tone"]
        try await OwnServer.run(environment: settings) { _, _ in }
    }

    private func verify(_ arguments: String...) async throws { try await AuditVerify.parse(arguments).run() }

    @Test func aTrailIsVerifiedAndExportedWhileTheServerRunsAndAfter() async throws {
        try await withFolder { folder in
            try await withCall(folder) {
                try await AuditVerify.parse(["--data-dir", folder]).run()
                try await AuditExport.parse(["--data-dir", folder]).run()
            }
            try await verify("--data-dir", folder)
            let report = try #require(try AuditArchive(dataDirectory: folder).verify())
            try await verify("--data-dir", folder, "--head", report.head.text)
            var text = ""
            _ = try AuditArchive(dataDirectory: folder).export { text += $0 }
            #expect(text.contains(#""what":"audit trail""#) && text.contains("+14155551234"))
        }
    }

    @Test func anAlteredTrailFailsTheCheckAndTheExport() async throws {
        try await withFolder { folder in
            try await withoutCall(folder)
            let path = "\(folder)/audit/audit.jsonl"
            let text = try String(contentsOfFile: path, encoding: .utf8)
            try text.replacing("server.started", with: "server.startet").write(toFile: path, atomically: true, encoding: .utf8)
            await #expect(throws: ExitCode(1)) { try await verify("--data-dir", folder) }
            let error = await #expect(throws: StartError.self) { try await AuditExport.parse(["--data-dir", folder]).run() }
            #expect(error?.code == .badData && error?.message.contains("record 1 was altered") == true)
        }
    }

    @Test func aHeadThatWasNotedElsewhereMustBeThere() async throws {
        try await withFolder { folder in
            try await withoutCall(folder)
            let number = try #require(try AuditArchive(dataDirectory: folder).verify()).head.number
            let other = String(repeating: "a", count: 64)
            await #expect(throws: ExitCode(1)) { try await verify("--data-dir", folder, "--head", "\(number):\(other)") }
            await #expect(throws: ExitCode(1)) { try await verify("--data-dir", folder, "--head", "\(number + 5):\(other)") }
            #expect(throws: (any Error).self) { try AuditVerify.parse(["--head", "five"]) }
        }
    }

    @Test func readingASessionIsRecorded() async throws {
        try await withFolder { folder in
            try await withCall(folder)
            let path = "\(folder)/agentos.sqlite"
            #expect(FileManager.default.fileExists(atPath: path))
            let lines = try await SessionArchive(folder: folder).list(limit: 1)
            let id = try #require(lines.first?.split(separator: " ").first.map(String.init))
            try await Sessions.Show.parse([id, "--data-dir", folder]).run()
            try await Sessions.Export.parse([id, "--data-dir", folder]).run()
            var accesses = 0
            _ = try AuditArchive(dataDirectory: folder).export(session: id) { if $0.contains(#""what":"session""#) { accesses += 1 } }
            #expect(accesses == 2)
            try await verify("--data-dir", folder)
        }
    }

    @Test func withoutADataDirectoryThereIsNothingToCheckAndThatIsAnError() async throws {
        let error = await #expect(throws: StartError.self) { try await verify("--data-dir", "/nowhere/at/all") }
        #expect(error?.code == .missingInput)
        try await withFolder { folder in try await verify("--data-dir", folder) }
    }
}
