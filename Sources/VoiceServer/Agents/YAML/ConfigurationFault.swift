/// One thing that is wrong in a configuration file, and where.
///
/// The message never holds a value that could be a secret.
package struct ConfigurationFault: Error, Sendable, Hashable, Comparable, CustomStringConvertible {
    /// Where it is.
    package var place: FilePlace
    /// What it is a fault of, such as `agents[0].temperature`; empty for the file as a whole.
    package var path: String
    /// What is wrong, and how to mend it.
    package var message: String

    /// The line, from 1.
    package var line: Int { place.line }
    /// The column, from 1.
    package var column: Int { place.column }

    /// Path and message, in one line.
    package var problem: String { path.isEmpty ? message : "\(path): \(message)" }

    /// Place, path and message, in one line.
    package var description: String { "\(line):\(column): \(problem)" }

    package static func < (one: ConfigurationFault, other: ConfigurationFault) -> Bool {
        (one.place, one.path, one.message) < (other.place, other.path, other.message)
    }
}
