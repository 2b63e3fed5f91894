/// Why something was turned away.
struct Refusal: Error, Sendable {
    var reason: RefusalReason
    /// One line for the log and the peer.
    var message: String
    /// What the log says beside it, for the operator alone; made only if it is written.
    var details: (@Sendable () -> [String: String])?

    init(_ reason: RefusalReason, _ message: String) {
        self.reason = reason
        self.message = message
    }
}
