import Conversation
import Foundation
import Logging
import TestSupport
import Testing

@testable import VoiceServer

/// Sessions are kept as long as they are to be.
@Suite struct RetentionTests {
    private static let day = 86_400_000_000

    @Test func stoppedSessionsThatAreTooOldGoWithAllThatIsKeptOfThem() async throws {
        let folder = FolderFixture()
        defer { folder.remove() }
        let calls = try KeptCalls(folder: folder.path)
        let now = 100 * Self.day
        for number in 1...60 { try await calls.add("CA\(number)", from: "+14155550199", words: "old words", createdAt: number, stoppedAt: number) }
        try await calls.add("CAlong", from: "+1", words: "x", createdAt: 200, stoppedAt: now - 30 * Self.day)
        try await calls.add("CAnew", from: "+1", words: "x", createdAt: now, stoppedAt: now)
        try await calls.add("CArunning", from: "+1", words: "x", createdAt: 300, stoppedAt: nil)
        let retention = Retention(removal: calls.removal, keepDays: 30, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        #expect(try await retention.sweep(now: now) == 60)
        #expect(try await calls.ids() == ["twilio-CAlong", "twilio-CArunning", "twilio-CAnew"])
        let journals = try FileManager.default.contentsOfDirectory(atPath: calls.data.journals)
        #expect(Set(journals) == ["twilio-CAlong.jsonl", "twilio-CAnew.jsonl", "twilio-CArunning.jsonl"])
        #expect(try calls.files(holding: "old words") == [])
        #expect(try await retention.sweep(now: now) == 0)
        #expect(try await retention.sweep(now: now + 1) == 1, "the day comes for each")
    }

    @Test func spaceOfDeletedSessionsIsUsedAgain() async throws {
        let folder = FolderFixture()
        defer { folder.remove() }
        let calls = try KeptCalls(folder: folder.path)
        let retention = Retention(removal: calls.removal, keepDays: 1, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        var sizes: [Int] = []
        for round in 0..<4 {
            for number in 1...20 {
                try await calls.add("CA\(round)x\(number)", from: "+1", words: String(repeating: "word ", count: 40), events: 40)
            }
            #expect(try await retention.sweep(now: 10 * Self.day) == 20)
            let attributes = try FileManager.default.attributesOfItem(atPath: calls.data.database)
            sizes.append(attributes[.size] as? Int ?? 0)
        }
        #expect(sizes[3] < sizes[0] * 3 / 2, "\(sizes)")
    }

    @Test func serverDeletesAtItsStartWhatIsTooOld() async throws {
        let folder = FolderFixture()
        defer { folder.remove() }
        let calls = try KeptCalls(folder: folder.path)
        try await calls.add("CAold", from: "+1", words: "x")
        try await calls.add("CAnew", from: "+1", words: "x", createdAt: Timestamp.now, stoppedAt: Timestamp.now)
        try await withServer([.keepDays: "1"], folder: folder.path) { (server: TestServer) async throws in
            try await eventually("the old session is deleted") { try await !server.sessions().contains("twilio-CAold") }
            #expect(try await server.sessions() == ["twilio-CAnew"])
        }
    }

    @Test func withoutALimitEverythingIsKept() async throws {
        let folder = FolderFixture()
        defer { folder.remove() }
        let calls = try KeptCalls(folder: folder.path)
        try await calls.add("CAold", from: "+1", words: "x")
        try await withServer(folder: folder.path) { (server: TestServer) async throws in
            #expect(try await server.sessions() == ["twilio-CAold"])
        }
        #expect(try await calls.ids() == ["twilio-CAold"])
    }
}
