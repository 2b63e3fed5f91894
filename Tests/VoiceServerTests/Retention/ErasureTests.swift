import Conversation
import Foundation
import GRDB
import NIOHTTP1
import Testing

@testable import VoiceServer

/// Nothing is left of a caller who wants to be forgotten.
@Suite struct ErasureTests {
    private static let number = "+14155550199"
    private static let secret = "the quick brown fox keeps a secret"

    private func withCalls(_ body: (KeptCalls) async throws -> Void) async throws {
        let folder = FolderFixture()
        defer { folder.remove() }
        try await body(try KeptCalls(folder: folder.path))
    }

    @Test func afterErasureNoFileHoldsTheNumberOrTheWords() async throws {
        try await withCalls { (calls: KeptCalls) async throws in
            // As earlier versions wrote it: what is deleted, or moved within the file, stays where it was.
            try await calls.store.database.writeWithoutTransaction { try $0.execute(sql: "PRAGMA secure_delete = OFF") }
            for number in 1...120 {
                let isTheirs = number % 4 == 0
                let words = isTheirs ? Self.secret : "nothing of importance, at some length, so that pages fill up"
                try await calls.add("CA\(number)", from: isTheirs ? Self.number : "+1415555\(1000 + number)", words: words, createdAt: number)
            }
            #expect(try calls.files(holding: Self.number).contains { $0.hasPrefix("agentos.sqlite") })
            #expect(try calls.files(holding: Self.secret).contains("journals/twilio-CA4.jsonl"))
            let report = try await CallerErasure(removal: calls.removal) { _ in }.erase(Self.number)
            #expect(report.erased.count == 30 && report.running.isEmpty)
            #expect(try calls.files(holding: Self.number) == [])
            #expect(try calls.files(holding: Self.secret) == [])
            #expect(try await calls.ids().count == 90)
            #expect(try calls.files(holding: "nothing of importance").count == 91, "everybody else's journals and the database")
        }
    }

    @Test func numbersAreFoundHoweverTheyWereWritten() async throws {
        try await withCalls { (calls: KeptCalls) async throws in
            for (index, from) in ["+14155550199", "14155550199", "+1 415 555 0199", "%2B14155550199"].enumerated() {
                try await calls.add("CA\(index)", from: from, words: "x", createdAt: index)
            }
            try await calls.add("CAother", from: "+14155550198", words: "x", createdAt: 9)
            let archive = try SessionArchive(folder: calls.data.path)
            #expect(try await archive.sessions(ofNumber: "+1 (415) 555-0199").count == 4)
            #expect(try await archive.erase(number: "1 415 555 0199").erased.count == 4)
            #expect(try await calls.ids() == ["twilio-CAother"])
        }
    }

    @Test func runningCallsAreLeftAloneAndNamed() async throws {
        try await withCalls { (calls: KeptCalls) async throws in
            for number in 1...70 {
                try await calls.add("CA\(number)", from: Self.number, words: "x", createdAt: number, stoppedAt: number % 10 == 0 ? nil : 99)
            }
            let report = try await CallerErasure(removal: calls.removal) { _ in }.erase(Self.number)
            let running = (1...7).map { "twilio-CA\($0 * 10)" }
            #expect(report.erased.count == 63 && Set(report.running) == Set(running))
            #expect(try await calls.ids() == running)
        }
    }

    @Test func aSessionOfThousandsOfEventsGoesInParts() async throws {
        try await withCalls { (calls: KeptCalls) async throws in
            try await calls.add("CA1", from: Self.number, words: "many", events: 2000)
            #expect(try await CallerErasure(removal: calls.removal) { _ in }.erase(Self.number).erased == ["twilio-CA1"])
            #expect(try await calls.store.lastPosition() == 0)
        }
    }

    @Test func withheldNumbersAreNobodys() async throws {
        try await withCalls { (calls: KeptCalls) async throws in
            try await calls.add("CA1", from: "anonymous", words: "x")
            let archive = try SessionArchive(folder: calls.data.path)
            await #expect(throws: StartError.self) { try await archive.erase(number: "anonymous") }
            #expect(try await calls.ids() == ["twilio-CA1"])
        }
    }

    @Test func aCallersCallsAreExportedOneByOne() async throws {
        try await withCalls { (calls: KeptCalls) async throws in
            try await calls.add("CA1", from: Self.number, words: Self.secret, createdAt: 1)
            try await calls.add("CA2", from: "+14155550198", words: "other", createdAt: 2)
            try await calls.add("CA3", from: Self.number, words: Self.secret, createdAt: 3)
            let archive = try SessionArchive(folder: calls.data.path)
            let ids = try await archive.sessions(ofNumber: Self.number)
            #expect(ids == ["twilio-CA3", "twilio-CA1"])
            #expect(try await archive.export(ids[0]).contains(Self.secret))
        }
    }

    @Test func eraseWorksBesideARunningServer() async throws {
        let folder = FolderFixture()
        defer { folder.remove() }
        let calls = try KeptCalls(folder: folder.path)
        for number in 1...20 { try await calls.add("CA\(number)", from: Self.number, words: Self.secret, createdAt: number) }
        try await withServer(folder: folder.path) { (server: TestServer) async throws in
            _ = try await server.inbound(callSid: "CArunning", from: Self.number)
            let archive = try SessionArchive(folder: folder.path)
            let report = try await archive.erase(number: Self.number)
            #expect(report.erased.count == 20 && report.running == ["twilio-CArunning"])
            #expect(try calls.files(holding: Self.secret) == [])
            #expect(try await server.sessions() == ["twilio-CArunning"])
            #expect(try await server.inbound(callSid: "CAnext").text.contains("<Connect>"), "the server goes on")
        }
    }

    @Test func theServerErasesToo() async throws {
        let folder = FolderFixture()
        defer { folder.remove() }
        let calls = try KeptCalls(folder: folder.path)
        for number in 1...3 { try await calls.add("CA\(number)", from: Self.number, words: Self.secret, createdAt: number) }
        try await withServer(folder: folder.path) { (server: TestServer) async throws in
            let path = "/api/voice/callers/%2B14155550199"
            #expect(try await server.request(.GET, "\(path)/sessions", token: "guess").status == 401)
            #expect(try await server.request(.DELETE, path, token: "guess").status == 401)
            #expect(try await server.sessions("\(path)/sessions?limit=2") == ["twilio-CA3", "twilio-CA2"])
            #expect(try await server.sessions("\(path)/sessions?before=twilio-CA2") == ["twilio-CA1"])
            #expect(try await server.request(.GET, "\(path)/sessions?limit=0").status == 400)
            _ = try await server.inbound(callSid: "CA4", from: Self.number)
            let first = try await server.request(.DELETE, path)
            #expect(first.status == 409 && first.json["running"] as? [String] == ["twilio-CA4"])
            #expect((first.json["erased"] as? [String])?.count == 3)
            _ = try await server.request(.POST, "/api/voice/twilio/status", token: "", body: "CallSid=CA4&CallStatus=completed")
            let second = try await server.request(.DELETE, "/api/voice/callers/+14155550199")
            #expect(second.status == 200 && second.json["erased"] as? [String] == ["twilio-CA4"])
            #expect(try calls.files(holding: Self.number) == [])
            #expect(try await server.request(.DELETE, "/api/voice/callers/anonymous").status == 400)
        }
    }
}
