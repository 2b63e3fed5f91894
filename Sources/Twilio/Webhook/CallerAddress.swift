/// Who is on the other end, as `From` or `To` say it.
///
/// What is here was chosen by the caller's side: it says whom to greet, never whom to trust.
package enum CallerAddress: Sendable, Equatable {
    /// A number that matches `+` and 2 to 15 digits, not starting with 0 (ITU-T E.164).
    case e164(String)
    /// Withheld: `anonymous`, `Restricted`, empty, or a keypad spelling such as `+266696687`.
    case anonymous
    /// A SIP address, whole.
    case sip(String)
    /// A Voice SDK client's identity, without `client:`.
    case client(String)
    /// Anything else, trimmed: short codes, unformatted numbers.
    case other(String)

    /// Words that carriers send in place of a withheld number.
    private static let withheldWords: Set<String> = [
        "anonymous", "restricted", "blocked", "unknown", "unavailable", "private", "withheld",
    ]

    /// ANONYMOUS, RESTRICTED, BLOCKED, UNKNOWN and UNAVAILABLE on a telephone keypad.
    ///
    /// They look like numbers in Lesotho, Russia, Uganda and China, so they are looked for before E.164.
    private static let withheldNumbers: Set<String> = ["266696687", "7378742833", "2562533", "8656696", "86282452253"]

    /// Reads what Twilio sent.
    package init(_ raw: String) {
        let text = raw.trimmed
        let lowercased = text.lowercased()
        if Self.isWithheld(lowercased) {
            self = .anonymous
        } else if lowercased.hasPrefix("client:") {
            self = .client(String(text.dropFirst("client:".count)))
        } else if Self.isSIP(lowercased) {
            self = Self.isAnonymousSIP(lowercased) ? .anonymous : .sip(text)
        } else if Self.isE164(text) {
            self = .e164(text)
        } else {
            self = .other(text)
        }
    }

    private static func isWithheld(_ text: String) -> Bool {
        text.isEmpty || withheldWords.contains(text) || withheldNumbers.contains(text.hasPrefix("+") ? String(text.dropFirst()) : text)
    }

    /// A bare address, or one in angle brackets after a display name.
    private static func isSIP(_ text: String) -> Bool {
        text.hasPrefix("sip:") || text.hasPrefix("sips:") || text.contains("<sip:") || text.contains("<sips:")
    }

    /// The user part that RFC 3323, section 4.1, gives a caller who asks for privacy.
    private static func isAnonymousSIP(_ text: String) -> Bool {
        text.contains("sip:anonymous@") || text.contains("sips:anonymous@")
    }

    private static func isE164(_ text: String) -> Bool {
        let digits = text.utf8.dropFirst()
        return text.utf8.first == UInt8(ascii: "+") && (2...15).contains(digits.count) && digits.first != UInt8(ascii: "0")
            && digits.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    }
}
