import Conversation
import Diagnostics

/// Finds and deletes everything that is kept of one caller.
package struct CallerErasure: Sendable {
    /// What was done.
    package struct Report: Sendable, Equatable {
        /// The sessions that are gone.
        package var erased: [String] = []
        /// The caller's sessions that are still there because their calls have not ended.
        package var running: [String] = []
    }

    /// Sessions looked up at a time.
    private static let pageSize = 50

    let removal: SessionRemoval
    /// Makes unreadable what the audit trail holds of a caller.
    let forget: @Sendable (String) async throws -> Void

    /// A caller's sessions, newest first; `before` is the id of a session.
    func sessions(of caller: String, before: String?, limit: Int) async throws -> [SessionRecord] {
        try await removal.store.sessions(ofCaller: caller, before: before, limit: limit)
    }

    /// Whether there is a session of this id, whoever called.
    func isKnown(_ id: String) async throws -> Bool {
        try await removal.store.session(id) != nil
    }

    /// Deletes a caller's sessions, events and journals, and sees to it that no file holds a trace of them; running calls are left alone.
    func erase(_ caller: String) async throws -> Report {
        var report = Report()
        var last: String?
        while case let page = try await sessions(of: caller, before: last, limit: Self.pageSize), !page.isEmpty {
            // A session that is gone is no anchor for the next page.
            var kept: String?
            for session in page {
                if try await removal.remove(session) {
                    report.erased.append(session.id)
                } else {
                    report.running.append(session.id)
                    kept = session.id
                }
            }
            last = kept ?? last
        }
        // A call that goes on is recorded under the same key; it is erased with the rest once it has ended.
        if report.running.isEmpty { try await forget(caller) }
        do {
            try await removal.store.rewrite()
        } catch {
            throw ErasureError(erased: report.erased.count, cause: ErrorText.of(error))
        }
        return report
    }
}

/// A caller's sessions were deleted, and traces of them may be left.
struct ErasureError: Error, CustomStringConvertible {
    /// How many sessions are gone.
    var erased: Int
    /// What went wrong.
    var cause: String

    var description: String {
        "\(erased) session(s) were deleted, but traces may be left in the database, which could not be written anew (\(LogField.onOneLine(cause))); "
            + "see that the disk has room for it twice and erase again"
    }
}
