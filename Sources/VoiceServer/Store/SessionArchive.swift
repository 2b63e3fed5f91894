import Engines
import Conversation
import Foundation

/// Stored sessions, read for people and for export.
package struct SessionArchive: Sendable {
    private let store: SQLiteCallStore
    private let erasure: CallerErasure

    /// Opens the store of a data directory.
    ///
    /// - Throws: ``StartError`` when there is none.
    package init(folder: String) throws(StartError) {
        guard FileManager.default.fileExists(atPath: "\(folder)/agentos.sqlite") else {
            throw StartError(.missingInput, "there are no sessions in \(folder); give --data-dir the server's data directory")
        }
        let data = try DataDirectory(folder)
        store = try data.openStore()
        let audit = try AuditArchive(dataDirectory: folder)
        erasure = CallerErasure(removal: SessionRemoval(store: store, journals: data.journals)) { _ = try audit.eraseCaller($0) }
    }

    /// The newest sessions, a line each.
    package func list(limit: Int) async throws -> [String] {
        try await store.sessions(state: nil, before: nil, limit: limit).map { session in
            let reason = session.stopReason.map { " (\($0))" } ?? ""
            let parties = "\(session.from) -> \(session.to)  \(session.agent.isEmpty ? "-" : session.agent)"
            return "\(session.id)  \(Timestamp.text(session.createdAt).prefix(19))  \(parties)  \(session.state.rawValue)\(reason)"
        }
    }

    /// A session and what was said in it.
    package func show(_ id: String) async throws -> [String] {
        let session = try await find(id)
        let transcript = try await Transcript.read(id, from: store)
        let head = [
            "session   \(session.id)", "from      \(session.from)", "to        \(session.to)",
            "agent     \(session.agent.isEmpty ? "-" : session.agent)",
            "state     \(session.state.rawValue) \(session.stopReason ?? "")", "created   \(Timestamp.text(session.createdAt))",
            "stopped   \(session.stoppedAt.map(Timestamp.text) ?? "-")", "",
        ]
        return head
            + transcript.turns.map { turn in
                let cut = turn.role == .assistant && turn.heard != turn.text ? "  [heard: \(turn.heard)]" : ""
                return "\(turn.turn)  \(turn.role.rawValue)  \(turn.text)\(cut)"
            }
    }

    /// A session, its transcript and its events as one JSON object.
    package func export(_ id: String) async throws -> String {
        let session = try await find(id)
        var events: [String] = []
        var last = 0
        while case let page = try await store.events(of: id, after: last, limit: 500), let newest = page.last {
            events += page.map(\.json)
            last = newest.seq
        }
        let transcript = try await Transcript.read(id, from: store).json.text()
        return "{\"session\":\(try session.json.text()),\"transcript\":\(transcript),\"events\":[\(events.joined(separator: ","))]}"
    }

    /// The ids of a caller's sessions, newest first.
    package func sessions(ofNumber number: String) async throws -> [String] {
        let caller = try Self.caller(number)
        var ids: [String] = []
        while case let page = try await erasure.sessions(of: caller, before: ids.last, limit: 500), !page.isEmpty { ids += page.map(\.id) }
        return ids
    }

    /// Deletes everything that is kept of a caller but running calls.
    package func erase(number: String) async throws -> CallerErasure.Report {
        do {
            return try await erasure.erase(try Self.caller(number))
        } catch let error as ErasureError {
            throw StartError(.cannotCreate, error.description)
        }
    }

    private static func caller(_ number: String) throws(StartError) -> String {
        guard let caller = CallerKey.key(of: number) else {
            throw StartError(.missingInput, "a withheld number is nobody's: give --number a number such as +14155551234")
        }
        return caller
    }

    private func find(_ id: String) async throws -> SessionRecord {
        guard let session = try await store.session(id) else {
            throw StartError(.missingInput, "there is no session \(id); `agentos sessions list` shows what there is")
        }
        return session
    }
}
