/// Calls whose line was lost and that may still come back, each until a moment of its own.
struct AwaitedCalls: Sendable {
    private struct Call: Sendable {
        var loss: LineLoss
        var until: ContinuousClock.Instant
    }

    private var calls: [String: Call] = [:]

    /// Waits for a session's call from now on.
    mutating func wait(for session: String, after loss: LineLoss, until: ContinuousClock.Instant) {
        calls[session] = Call(loss: loss, until: until)
    }

    /// Why a session's call is away; nil where it is not waited for.
    func loss(of session: String) -> LineLoss? { calls[session]?.loss }

    /// Waits no longer: it came back, or is over.
    mutating func remove(_ session: String) {
        calls[session] = nil
    }

    /// Takes out those that have not come back in time, but not one that is just coming back.
    mutating func takeOverdue(
        at now: ContinuousClock.Instant,
        unless isComingBack: (String) -> Bool = { _ in false }
    ) -> [(session: String, loss: LineLoss)] {
        let overdue = calls.filter { $0.value.until <= now && !isComingBack($0.key) }
        for session in overdue.keys { calls[session] = nil }
        return overdue.map { ($0.key, $0.value.loss) }.sorted { $0.session < $1.session }
    }
}
