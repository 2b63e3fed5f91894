import Conversation
import Foundation
import VoiceServer

extension Suite {
    /// Durable events a second, by how many share a transaction; by the clock on the wall, because the disk is waited for.
    static let store = Suite(name: "store", summary: "events written to SQLite, each batch synced to the disk") { plan in
        try await Scratch.lend { folder in
            let store = try SQLiteCallStore(path: "\(folder)/events.sqlite")
            let record = SessionRecord(
                id: "twilio-CA1",
                callID: "CA1",
                from: "+14155551234",
                to: "+14155555678",
                sttProvider: "scripted",
                createdAt: 1
            )
            _ = try await store.write([.create(record)])
            var rows: [Row] = []
            for size in [1, 10, 100] {
                let event = CallEvent.final(text: "I would like to book a table for two.", turn: 1, audioMs: 4000, confidence: nil)
                let batch = (0..<size).map { StoreChange.event(session: record.id, event, at: $0) }
                var rates: [Double] = []
                for _ in 0..<plan.batches {
                    let start = ContinuousClock.now
                    for _ in 0..<5 { _ = try await store.write(batch) }
                    rates.append(Double(5 * size) / (start.duration(to: .now) / .seconds(1)))
                }
                rows.append(Row("store: batches of \(size)", "events/s", rates, best: .highest))
            }
            return rows
        }
    }
}

/// A folder that is gone afterwards.
enum Scratch {
    /// Makes one, lends it, and removes it.
    static func lend<Value>(_ body: (_ folder: String) async throws -> Value) async throws -> Value {
        let folder = FileManager.default.temporaryDirectory.appending(path: "agentos-bench-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        return try await body(folder)
    }
}
