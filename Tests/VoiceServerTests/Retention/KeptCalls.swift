import Conversation
import Foundation
import GRDB

@testable import VoiceServer

/// A data directory with calls in it.
struct KeptCalls {
    let data: DataDirectory
    let store: SQLiteCallStore

    /// Makes the folder and its store.
    init(folder: String) throws {
        data = try DataDirectory(folder)
        store = try data.openStore()
        // Hundreds of transactions that wait for the disk would hold up every server that runs beside these tests.
        try store.database.writeWithoutTransaction { try $0.execute(sql: "PRAGMA synchronous = OFF") }
    }

    /// Makes a call with events that hold these words, and its journal; it has stopped, unless `stoppedAt` is nil.
    func add(_ callSid: String, from: String, words: String, createdAt: Int = 1, stoppedAt: Int? = 2, events: Int = 3) async throws {
        let id = "twilio-\(callSid)"
        let record = SessionRecord(id: id, callID: callSid, from: from, to: "+14155555678", sttProvider: "scripted", createdAt: createdAt)
        let said = (1...events).map { turn in
            StoreChange.event(session: id, .final(text: "\(words) number \(turn)", turn: turn, audioMs: 1, confidence: nil), at: createdAt)
        }
        let stream = StoreChange.activate(session: id, streamID: "MZ00000000000000000000000000000001", at: createdAt)
        _ = try await store.write([.create(record), stream] + said)
        if let stoppedAt { _ = try await store.write([.stop(session: id, reason: "stream_stopped", at: stoppedAt)]) }
        try FileManager.default.createDirectory(atPath: data.journals, withIntermediateDirectories: true)
        try "{\"words\":\"\(words)\"}\n".write(toFile: "\(data.journals)/\(id).jsonl", atomically: true, encoding: .utf8)
    }

    /// The files of the folder that hold a text.
    func files(holding text: String) throws -> [String] {
        let names = try FileManager.default.subpathsOfDirectory(atPath: data.path)
        return try names.filter { name in
            var isFolder: ObjCBool = false
            let path = "\(data.path)/\(name)"
            guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), !isFolder.boolValue else { return false }
            return try Data(contentsOf: URL(fileURLWithPath: path)).firstRange(of: Data(text.utf8)) != nil
        }.sorted()
    }

    /// What deletes sessions here.
    var removal: SessionRemoval { SessionRemoval(store: store, journals: data.journals) }

    /// The ids of the sessions there are, oldest first.
    func ids() async throws -> [String] { try await store.sessions(state: nil, before: nil, limit: 1000).map(\.id).reversed() }
}
