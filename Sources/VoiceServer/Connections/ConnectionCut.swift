/// Why a connection was closed that its peer would have kept open; a metric's label.
enum ConnectionCut: String, Sendable, CaseIterable {
    /// A request did not come whole in time.
    case slow
    /// Nothing moved, or no further request came.
    case idle
    /// Too many connections waited, and this one had waited longest.
    case crowded
}
