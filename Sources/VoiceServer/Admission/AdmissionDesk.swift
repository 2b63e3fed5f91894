import Conversation

/// Judges new calls by the policy, by what the store counts and by how the server does.
struct AdmissionDesk: Sendable {
    /// The operator's limits.
    var policy = AdmissionPolicy()
    /// How the server does; nil where nobody watches.
    var health: ServerHealth?

    /// Why a call that has just arrived is refused, if it is.
    func refusal(of arrival: Arrivals.Snapshot, store: any CallStore) async throws -> RefusalReason? {
        if let reason = policy.refusal(of: arrival.caller, isOverloaded: health?.isOverloaded ?? false) { return reason }
        guard let query = policy.query(caller: arrival.caller, now: Timestamp.now, except: arrival.ids) else { return nil }
        var counts = try await store.counts(query)
        counts.ofCaller += arrival.ahead.ofCaller
        counts.recent += arrival.ahead.recent
        counts.open += arrival.ahead.open
        return policy.refusal(after: counts)
    }
}
