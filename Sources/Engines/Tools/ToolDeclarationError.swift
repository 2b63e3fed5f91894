/// A tool that cannot be offered.
package struct ToolDeclarationError: Error, Sendable, Equatable, CustomStringConvertible {
    /// Which of the tool's settings is wrong: `name`, `parameters`, `url`, `headers`.
    package var key: String
    /// Where within it, as a JSON pointer; empty for the setting itself.
    package var path: String
    /// What is wrong.
    package var message: String

    /// Makes an error.
    init(_ key: String, path: String = "", _ message: String) {
        self.key = key
        self.path = path
        self.message = message
    }

    package var description: String { "\(key)\(path): \(message)" }
}
