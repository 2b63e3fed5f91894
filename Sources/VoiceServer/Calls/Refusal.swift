/// Why something was turned away.
struct Refusal: Error, Sendable {
    var reason: RefusalReason
    /// One line for the log and the peer.
    var message: String

    init(_ reason: RefusalReason, _ message: String) {
        self.reason = reason
        self.message = message
    }
}
