/// Something in a document that its schema does not allow.
package struct JSONSchemaViolation: Sendable, Equatable, CustomStringConvertible {
    /// Where in the document: `party.size`, `dishes[2]`; empty for the document itself.
    package var path: String
    /// What it must be, in words that follow the path.
    package var message: String

    package var description: String { path.isEmpty ? "the arguments \(message)" : "\(path): \(message)" }
}
