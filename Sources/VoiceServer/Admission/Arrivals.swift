import Conversation

/// Calls that are being let in at this moment, in the order they came.
///
/// None of them is certain to be in the store. So each counts those ahead of it beside what the store counts, and a burst cannot overshoot a limit.
struct Arrivals: Sendable {
    private struct Guest: Sendable {
        var id: String
        var caller: String?
        /// Webhooks that ask for it.
        var webhooks: Int
    }

    private var guests: [Guest] = []

    /// What a call finds when it arrives.
    struct Snapshot: Sendable, Equatable {
        /// Who calls; nil where the number is withheld.
        var caller: String?
        /// The calls ahead of it.
        var ahead: CallCounts
        /// Those and all others that are arriving, itself among them: what the store must not count.
        var ids: Set<String>
    }

    /// A call arrives; ``leave(_:)`` must follow once it is in the store or refused.
    mutating func enter(_ id: String, caller: String?) -> Snapshot {
        // A repeated webhook is the same call, at the same place.
        if let index = guests.firstIndex(where: { $0.id == id }) {
            guests[index].webhooks += 1
        } else {
            guests.append(Guest(id: id, caller: caller, webhooks: 1))
        }
        let ahead = guests.prefix { $0.id != id }
        let ofCaller = caller == nil ? 0 : ahead.count { $0.caller == caller }
        let counts = CallCounts(ofCaller: ofCaller, recent: ahead.count, open: ahead.count)
        return Snapshot(caller: caller, ahead: counts, ids: Set(guests.map(\.id)))
    }

    /// A call is in the store, or refused.
    mutating func leave(_ id: String) {
        guard let index = guests.firstIndex(where: { $0.id == id }) else { return }
        guests[index].webhooks -= 1
        if guests[index].webhooks == 0 { guests.remove(at: index) }
    }
}
