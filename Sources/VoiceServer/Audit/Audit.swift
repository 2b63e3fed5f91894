import Logging

/// Where everything is told that is audited: the log, and the trail.
struct Audit: Sendable {
    private let logger: Logger
    private let mask: NumberMask
    private let trail: AuditTrail?

    /// Makes an audit that writes to a log and, where there is one, to a trail.
    init(logger: Logger, mask: NumberMask = NumberMask(isOn: false), trail: AuditTrail? = nil) {
        self.logger = logger
        self.mask = mask
        self.trail = trail
    }

    /// Writes the event's line, where it has one, and records it; returns at once.
    func record(_ event: AuditEvent) {
        if let line = event.line { logger.info("\(line(mask).text)") }
        trail?.record(event)
    }
}
