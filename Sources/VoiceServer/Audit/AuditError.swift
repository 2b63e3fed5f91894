import Foundation

/// Why the trail cannot be written to.
struct AuditError: Error, Sendable, CustomStringConvertible {
    /// What and why.
    let description: String

    /// Makes an error from what failed and, where the system said why, its number.
    init(_ problem: String, _ number: Int32? = nil) {
        description = number.map { "\(problem): \(String(cString: strerror($0)))" } ?? problem
    }
}
