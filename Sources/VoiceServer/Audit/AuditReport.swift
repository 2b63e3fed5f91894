/// What reading a whole trail came to.
package struct AuditReport: Sendable {
    /// The newest record that is as it was written; its number is how many there are.
    package var head: AuditHead
    /// The first that is not; nil when all are.
    package var fault: AuditFault?
    /// What the server itself found amiss, a line each.
    package var notes: [String]
    /// Whether the newest line was being written just then.
    package var isUnfinished: Bool
}
