import Conversation
import GRDB
import Testing

@testable import VoiceServer

/// Databases of earlier versions.
@Suite struct MigrationTests {
    @Test func databaseWithoutCallersIsBroughtUpToDateWithAllItHolds() async throws {
        let folder = FolderFixture()
        defer { folder.remove() }
        let data = try DataDirectory(folder.path)
        let old = try SQLiteCallStore(path: data.database, upTo: "sessions and events")
        try await old.database.write { database in
            for (id, from) in [("twilio-CA1", "+14155550199"), ("twilio-CA2", "+1 415 555 0199"), ("twilio-CA3", "anonymous")] {
                let columns = "id, project_id, provider, stt_provider, transport, call_id, from_number, to_number, state, created_at"
                let values = "?, 'default', 'twilio', 'whisper_local', 'twilio_stream', 'CA', ?, '+1', 'stopped', 1"
                try database.execute(
                    sql: "INSERT INTO session (\(columns), last_activity_at) VALUES (\(values), 1)",
                    arguments: [id, from]
                )
                let event = "INSERT INTO event (session_id, seq, type, json) VALUES (?, 1, 'voice.session.created', '{}')"
                try database.execute(sql: event, arguments: [id])
            }
        }
        try old.database.close()
        let store = try SQLiteCallStore(path: data.database)
        #expect(try await store.sessions(ofCaller: "+14155550199", before: nil, limit: 10).map(\.id) == ["twilio-CA2", "twilio-CA1"])
        #expect(try await store.sessions(state: nil, before: nil, limit: 10).count == 3)
        #expect(try await store.events(after: 0, limit: 10).count == 3)
        #expect(try await store.counts(CallCountQuery(caller: "+14155550199", since: 0)) == CallCounts(ofCaller: 2, recent: 3))
    }

    @Test func countsAreWhatTheySay() async throws {
        let folder = FolderFixture()
        defer { folder.remove() }
        let store = try DataDirectory(folder.path).openStore()
        for (index, state) in ["created", "created", "active", "stopped"].enumerated() {
            let id = "s\(index)"
            let record = SessionRecord(id: id, callID: id, from: "+1415555019\(index / 3)", to: "+2", sttProvider: "scripted", createdAt: index)
            _ = try await store.write([.create(record)])
            if state != "created" { _ = try await store.write([.activate(session: id, streamID: "MZ1", at: 9)]) }
            if state == "stopped" { _ = try await store.write([.stop(session: id, reason: "over", at: 9)]) }
        }
        let query = CallCountQuery(caller: "+14155550190", callerSince: 1, since: 1, openSince: 1)
        #expect(try await store.counts(query) == CallCounts(ofCaller: 2, recent: 3, open: 2), "s0 is too old to count as open")
        #expect(try await store.counts(CallCountQuery(openSince: 0)) == CallCounts(open: 3))
        #expect(try await store.counts(CallCountQuery(since: 0, openSince: 5, except: ["s2", "s3"])) == CallCounts(recent: 2, open: 0))
    }
}
