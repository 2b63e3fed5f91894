/// A schema that cannot be used.
package struct JSONSchemaError: Error, Sendable, Equatable, CustomStringConvertible {
    /// Where in the schema, as a JSON pointer: `/properties/time/pattern`; empty for the schema itself.
    package var path: String
    /// What is wrong there.
    package var message: String

    package var description: String { path.isEmpty ? message : "\(path): \(message)" }
}

/// A part of a schema that is not checked.
package struct JSONSchemaNote: Sendable, Equatable {
    /// Where in the schema, as a JSON pointer.
    package var path: String
    /// What is not checked there.
    package var message: String
}
