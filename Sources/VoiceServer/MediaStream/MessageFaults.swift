import CoreMetrics
import Logging

/// Unreadable messages of one socket, by kind: each kind is worth one line in the log, the rest is a number.
struct MessageFaults: Sendable {
    /// A peer that sends more unreadable messages than this is turned out.
    static let most = 1000

    private var counts: [String: Int] = [:]
    private var noted: Set<String> = []

    /// How many there were.
    var total: Int { counts.values.reduce(0, +) }

    /// Counts one; returns whether it is the first of its kind.
    mutating func count(_ kind: String) -> Bool {
        counts[kind, default: 0] += 1
        return counts[kind] == 1
    }

    /// Whether something harmless has not been noted before on this socket.
    mutating func isNew(_ note: String) -> Bool {
        noted.insert(note).inserted
    }

    /// Logs and counts what there was, at the end of the socket.
    func report(to service: MediaStreamService, session: String) {
        guard total > 0 else { return }
        service.metrics.badMessages.increment(by: total)
        let kinds = counts.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: ",")
        service.logger.warning(
            "Media messages could not be read",
            metadata: ["session_id": "\(session)", "kinds": "\(kinds)", "messages": "\(total)"]
        )
    }
}
