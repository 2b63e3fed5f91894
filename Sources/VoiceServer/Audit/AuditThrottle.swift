/// Keeps a flood of refusals from filling the disk: of each kind a few a minute are recorded one by one, the others are counted.
struct AuditThrottle: Sendable {
    /// Records of one kind in a window.
    static let mostEach = 20
    /// A window, in microseconds.
    static let window = 60_000_000

    private struct Kind: Sendable {
        var event: AuditEvent
        var since: Int
        var recorded = 0
        var counted = 0
    }

    /// Kinds are words of ours, so there are few.
    private var kinds: [String: Kind] = [:]

    /// What is to be recorded when this happens: itself or nothing, after the sum of an earlier window.
    mutating func take(_ event: AuditEvent, at now: Int) -> [AuditEvent] {
        guard let name = event.throttle else { return [event] }
        var due: [AuditEvent] = []
        if let kind = kinds[name], now - kind.since >= Self.window { due = end(name) }
        var kind = kinds[name] ?? Kind(event: event, since: now)
        if kind.recorded < Self.mostEach {
            kind.recorded += 1
            due.append(event)
        } else {
            kind.counted += 1
        }
        kinds[name] = kind
        return due
    }

    /// The sums of the windows that have ended, of all windows when `now` is nil.
    mutating func sums(at now: Int?) -> [AuditEvent] {
        let ended = kinds.filter { (now ?? .max) - $0.value.since >= Self.window }.keys.sorted()
        return ended.flatMap { end($0) }
    }

    private mutating func end(_ name: String) -> [AuditEvent] {
        guard let kind = kinds.removeValue(forKey: name), kind.counted > 0 else { return [] }
        return [kind.event.summed(kind.counted, since: kind.since)]
    }
}
