/// Twilio's identifiers: two letters for the kind and 32 hex digits.
package enum Sid {
    /// What a SID names, by its two letters.
    package enum Kind: String, Sendable {
        case account = "AC"
        case call = "CA"
        case stream = "MZ"
        case conference = "CF"
    }

    /// A SID nobody has used.
    package static func random(_ kind: Kind) -> String {
        var digits = ""
        for _ in 0..<32 { digits += String(Int.random(in: 0..<16), radix: 16) }
        return kind.rawValue + digits
    }
}
