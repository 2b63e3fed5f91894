import Logging
import Synchronization

/// Keeps a flood of one kind of line out of the log: a few each minute are written, the others are counted in the next one.
///
/// For lines that unauthenticated requests cause. ``AuditThrottle`` limits the audit trail.
final class LineLimit: Sendable {
    /// The lines of a kind and a minute.
    struct Window: Sendable, Equatable {
        /// Lines that are written in a minute.
        static let maximum = 20

        private var begin: ContinuousClock.Instant?
        private var written = 0
        private var skipped = 0

        /// Takes a line.
        ///
        /// - Returns: how many were skipped since the last one that was written; nil if this one is skipped, too.
        mutating func take(at now: ContinuousClock.Instant) -> Int? {
            if begin.map({ now - $0 >= .seconds(60) }) ?? true { (begin, written) = (now, 0) }
            guard written < Self.maximum else {
                skipped += 1
                return nil
            }
            written += 1
            defer { skipped = 0 }
            return skipped
        }
    }

    /// Kinds are words of ours, so there are few.
    private let windows = Mutex<[String: Window]>([:])

    /// Logs a refusal, unless this kind has reached its limit for the minute.
    func write(_ message: String, _ refusal: Refusal, session: String? = nil, to logger: Logger) {
        guard logger.logLevel <= .warning else { return }
        let kind = "\(message) \(refusal.reason.rawValue)"
        guard let skipped = windows.withLock({ $0[kind, default: Window()].take(at: .now) }) else { return }
        var metadata: Logger.Metadata = ["reason": "\(refusal.reason.rawValue)", "detail": "\(refusal.message)"]
        for (name, value) in refusal.details?() ?? [:] { metadata[name] = "\(value)" }
        if let session { metadata["session_id"] = "\(session)" }
        if skipped > 0 { metadata["not_logged"] = "\(skipped)" }
        logger.warning("\(message)", metadata: metadata)
    }
}
