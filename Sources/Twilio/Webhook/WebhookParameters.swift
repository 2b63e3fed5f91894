/// The parameters of a webhook, in order and with repeats, decoded from `application/x-www-form-urlencoded`.
///
/// Twilio adds parameters without notice, so nothing is refused. Names may be chosen by a caller (Voice SDK clients send their own).
package struct WebhookParameters: Sendable, Equatable {
    /// The most pairs read from a body; Twilio sends about thirty.
    package static let maximumPairs = 1_000

    /// Name and value pairs in the order received.
    package var pairs: [Pair]

    /// A decoded name and value.
    package struct Pair: Sendable, Equatable {
        /// The name, decoded.
        package var name: String
        /// The value, decoded, its white space kept.
        package var value: String

        /// Makes a pair.
        package init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    /// Makes parameters from pairs.
    package init(_ pairs: [Pair] = []) { self.pairs = pairs }

    /// The first value of `name` that is not empty after trimming white space, as it was sent, or nil.
    package subscript(name: String) -> String? {
        pairs.first { $0.name == name && !$0.value.allSatisfy(\.isWhitespace) }?.value
    }

    /// Whether `name` was sent at all, even with an empty value.
    package func contains(_ name: String) -> Bool {
        pairs.contains { $0.name == name }
    }
}
