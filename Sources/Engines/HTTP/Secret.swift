/// A key or token: whoever prints it prints stars.
package struct Secret: Sendable, Hashable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The text itself, for the one place that sends it.
    package let value: String

    /// Wraps a key.
    package init(_ value: String) { self.value = value }

    package var description: String { "***" }
    package var debugDescription: String { "***" }
    package var customMirror: Mirror { Mirror(self, children: []) }
}

/// Takes secrets out of text that others wrote, before it is told or kept: a service may repeat the key it was sent.
package struct SecretRedactor: Sendable {
    /// Shorter ones would take words out of ordinary text.
    private static let shortest = 6
    private let secrets: [String]

    /// Makes a redactor for these.
    package init(_ secrets: [Secret]) {
        self.secrets = secrets.map(\.value).filter { $0.count >= Self.shortest }.sorted { $0.count > $1.count }
    }

    /// The text with stars in place of secrets.
    package func redact(_ text: String) -> String {
        secrets.reduce(text) { $0.replacing($1, with: "***") }
    }
}
