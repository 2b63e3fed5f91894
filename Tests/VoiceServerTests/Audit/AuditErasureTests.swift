import Engines
import Foundation
import Testing

@testable import VoiceServer

/// What belongs to a caller is readable with that caller's key, and never again once it is erased.
@Suite struct AuditErasureTests {
    private func transcript(_ caller: String, session: String = "twilio-CA1", _ words: String) -> AuditWriter.Entry {
        let event = AuditEvent.transcript(session: session, caller: caller, stream: "MZ1", transcript: words, response: "You said: \(words)")
        return .init(event: event, time: 1)
    }

    private func words(_ record: [String: Any]) -> String? { (record["personal"] as? [String: Any])?["transcript"] as? String }

    @Test func wordsAndNumbersAreSealedInTheFileAndOpenInAnExport() async throws {
        try await withTrailFile { trail in
            let created = AuditEvent.sessionCreated(session: "twilio-CA1", call: "CA1", from: "+14155551234", to: "+14155555678")
            try trail.writer().append([.init(event: created, time: 1), transcript("+14155551234", "secret words")])
            let text = String(decoding: try trail.bytes, as: UTF8.self)
            #expect(!text.contains("4155551234") && !text.contains("4155555678") && !text.contains("secret words"))
            let records = try trail.export()
            #expect((records[0]["personal"] as? [String: Any])?["from"] as? String == "+14155551234")
            #expect(words(records[1]) == "secret words")
        }
    }

    @Test func anErasedCallersRecordsStayInTheChainAndAreReadableNoMore() async throws {
        try await withTrailFile { trail in
            let writer = try trail.writer()
            try writer.append([transcript("+14155551234", "mine"), transcript("+14155550000", "others")])
            #expect(try writer.erase(.number("+14155551234"), at: 2))
            #expect(try !writer.erase(.number("+14155551234"), at: 2))
            try writer.append([transcript("+14155551234", "called again")])
            try writer.note()
            #expect(try trail.verify()?.fault == nil)
            let records = try trail.export()
            #expect(records[0]["erased"] as? Bool == true && records[0]["personal"] == nil)
            #expect(words(records[1]) == "others")
            #expect(records[2]["event"] as? String == "caller.erased")
            #expect(words(records[4]) == "called again")
            let text = String(decoding: try trail.bytes, as: UTF8.self)
            #expect(!text.contains("14155551234"))
        }
    }

    @Test func aDeletedKeyIsGoneFromItsFile() async throws {
        try await withTrailFile { trail in
            let writer = try trail.writer()
            try writer.append([transcript("+14155551234", "mine")])
            let owner = AuditOwner.number("+14155551234")
            let secret = try #require(try writer.keys.keys(of: [owner])[owner]).stored
            let files = { try FileManager.default.contentsOfDirectory(atPath: trail.folder.path).filter { $0.hasPrefix("keys.sqlite") } }
            let holds = { try files().contains { try Data(contentsOf: URL(fileURLWithPath: "\(trail.folder.path)/\($0)")).range(of: secret) != nil } }
            #expect(try holds())
            _ = try writer.erase(owner, at: 2)
            #expect(try !holds())
        }
    }

    @Test func thePersonIsNotFoundInTheKeysByNumber() async throws {
        try await withTrailFile { trail in
            try trail.writer().append([transcript("+14155551234", "mine")])
            let keys = try Data(contentsOf: URL(fileURLWithPath: trail.folder.keys))
            #expect(keys.range(of: Data("4155551234".utf8)) == nil)
        }
    }

    @Test func callersWhoWithheldTheirNumberHaveAKeyForEachSession() async throws {
        try await withTrailFile { trail in
            let writer = try trail.writer()
            try writer.append([transcript("anonymous", session: "a", "first"), transcript("Restricted", session: "b", "second")])
            #expect(try writer.erase(.session("a"), at: 2))
            try writer.note()
            let records = try trail.export()
            #expect(records[0]["erased"] as? Bool == true)
            #expect(words(records[1]) == "second")
        }
    }

    @Test func aSealCannotBeTakenOverByAnotherRecord() async throws {
        try await withTrailFile { trail in
            let keys = try trail.writer().keys
            let owner = AuditOwner.number("+1")
            let key = try #require(try keys.keys(of: [owner])[owner])
            let seal = try AuditSeal(["transcript": .string("mine")], with: key, number: 4)
            #expect(seal.open(with: key.secret, number: 4) == .object(["transcript": .string("mine")]))
            #expect(seal.open(with: key.secret, number: 5) == nil)
        }
    }
}
