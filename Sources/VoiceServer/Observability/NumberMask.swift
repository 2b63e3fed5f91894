import Twilio

/// Hides most of a telephone number where lines are kept or shown: `+14155551234` becomes `+1415*****34`.
struct NumberMask: Sendable {
    /// Digits that stay at the end.
    private static let tail = 2
    /// Digits that stay at the front, at most.
    private static let head = 4
    /// Digits that are hidden, at least; a number with no more than these and the tail is hidden whole.
    private static let hidden = 5
    /// Characters of the shortest number that is looked for in a text: a plus sign and four digits.
    private static let shortest = 5

    /// Whether anything is hidden.
    let isOn: Bool

    /// Hides what is a caller's or callee's address as a whole: a number in any form, a SIP address's user.
    func address(_ address: String) -> String {
        guard isOn else { return address }
        switch CallerAddress(address) {
        case .anonymous: return address
        case .e164, .other: return Self.digitsHidden(address)
        case .client(let identity): return "client:" + text(identity)
        case .sip(let sip): return Self.userHidden(sip)
        }
    }

    /// Hides the numbers within a text, and the users of SIP addresses.
    func text(_ text: String) -> String {
        guard isOn, text.utf8.count >= Self.shortest else { return text }
        let sip = text.lowercased().contains(/sips?:/)
        return Self.numbersHidden(sip ? Self.userHidden(text) : text)
    }

    /// Hides digits by their place among all digits of the text.
    private static func digitsHidden(_ text: some StringProtocol) -> String {
        let count = text.count { isDigit($0) }
        let head = count <= hidden + tail ? 0 : min(Self.head, count - hidden - tail)
        let tail = count <= hidden + tail ? 0 : Self.tail
        var place = 0
        return String(
            text.map { character in
                guard isDigit(character) else { return character }
                place += 1
                return place <= head || place > count - tail ? character : "*"
            }
        )
    }

    /// Hides what stands between `sip:` and `@`.
    private static func userHidden(_ text: String) -> String {
        text.replacing(/(?i)(sips?:)([^@\s>]*)@/) { match in
            let user = match.output.2
            let isNumber = user.contains(where: isDigit) && user.allSatisfy { isDigit($0) || "+-.()".contains($0) }
            return "\(match.output.1)\(isNumber ? digitsHidden(user) : "*****")@"
        }
    }

    /// Hides what looks like a telephone number: digits after a plus sign, also one that is encoded for a URL, or many of them.
    private static func numbersHidden(_ text: String) -> String {
        // Without a plus sign, groups of digits are dates and addresses as often as numbers: only one long group counts.
        text.replacing(/(\+|%2[Bb])([0-9](?:[ .()\-]{0,2}[0-9]){3,})|[0-9]{9,}/) { match in
            if let plus = match.output.1, let number = match.output.2 { return String(plus) + digitsHidden(number) }
            return stands(match.output.0, in: text) ? digitsHidden(match.output.0) : String(match.output.0)
        }
    }

    /// Whether no letter or digit stands beside it: digits of an identifier are no number.
    private static func stands(_ part: Substring, in text: String) -> Bool {
        let before = part.startIndex == text.startIndex ? nil : text[text.index(before: part.startIndex)]
        let after = part.endIndex == text.endIndex ? nil : text[part.endIndex]
        return [before, after].allSatisfy { $0.map { !($0.isLetter || $0.isNumber || $0 == "_") } ?? true }
    }

    private static func isDigit(_ character: Character) -> Bool { character.isASCII && character.isNumber }
}
