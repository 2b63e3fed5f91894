/// Where in a file something stands: line and column from 1, columns in Unicode scalars.
package struct FilePlace: Sendable, Hashable, Comparable {
    /// The beginning of a file.
    static let start = FilePlace(line: 1, column: 1)

    /// The line.
    package var line: Int
    /// The column.
    package var column: Int

    package static func < (one: FilePlace, other: FilePlace) -> Bool {
        (one.line, one.column) < (other.line, other.column)
    }
}

/// A value, and where in its file it stands.
package struct Located<Value: Sendable>: Sendable {
    /// The value.
    package var value: Value
    /// Where it stands.
    package var place: FilePlace
}
