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
    /// Digits of the shortest number without a plus sign.
    private static let leastAlone = 9

    /// Whether numbers are hidden.
    let isOn: Bool
    /// Whether what callers and agents say is hidden.
    var hidesWords = false

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
        return Self.numbersHidden(Self.userHidden(text))
    }

    /// Hides what somebody said.
    func words(_ text: String) -> String { hidesWords && !text.isEmpty ? "***" : text }

    /// Hides what a service wrote, which may repeat what somebody said: it stands behind the address and the status.
    func failure(_ text: String) -> String {
        guard hidesWords else { return text }
        let parts = text.split(separator: ": ", maxSplits: 2, omittingEmptySubsequences: false)
        return parts.count < 3 ? text : parts.prefix(2).joined(separator: ": ") + ": ***"
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

    // The two below read a text once, by hand: it may be what a model said, and lines are written on the threads that carry calls.

    /// Hides what stands between `sip:` and `@`.
    private static func userHidden(_ text: String) -> String {
        var shown = ""
        var rest = text[...]
        while let colon = rest.firstIndex(of: ":") {
            let start = rest.index(after: colon)
            let scheme = rest[..<start].suffix(5).lowercased()
            shown += rest[..<start]
            rest = rest[start...]
            guard scheme.hasSuffix("sip:") || scheme == "sips:" else { continue }
            let user = rest.prefix { !$0.isWhitespace && $0 != "@" && $0 != ">" }
            if rest[user.endIndex...].first == "@" {
                let isNumber = user.contains(where: isDigit) && user.allSatisfy { isDigit($0) || "+-.()".contains($0) }
                shown += isNumber ? digitsHidden(user) : "*****"
            } else {
                shown += user
            }
            rest = rest[user.endIndex...]
        }
        return shown + rest
    }

    /// Hides what looks like a telephone number: digits after a plus sign, also one that is encoded for a URL, or many of them.
    private static func numbersHidden(_ text: String) -> String {
        var shown = ""
        var rest = text[...]
        while let first = rest.first {
            let plus = first == "+" ? rest.prefix(1) : first == "%" && ["%2B", "%2b"].contains(rest.prefix(3)) ? rest.prefix(3) : ""
            if !plus.isEmpty, let number = groupedNumber(rest[plus.endIndex...]) {
                shown += plus + digitsHidden(number)
                rest = rest[number.endIndex...]
            } else if isDigit(first) {
                // Without a plus sign, groups of digits are dates and addresses as often as numbers: only one long group counts.
                let group = rest.prefix(while: isDigit)
                shown += group.count >= leastAlone && stands(group, in: text) ? digitsHidden(group) : String(group)
                rest = rest[group.endIndex...]
            } else {
                shown.append(first)
                rest = rest.dropFirst()
            }
        }
        return shown
    }

    /// The number at the beginning of a text: groups of digits with at most two separators between two digits; nil if it is too short.
    private static func groupedNumber(_ text: Substring) -> Substring? {
        var (end, digits, separators) = (text.startIndex, 0, 0)
        for index in text.indices {
            let character = text[index]
            if isDigit(character) {
                (digits, separators, end) = (digits + 1, 0, text.index(after: index))
            } else {
                separators += 1
                guard digits > 0, separators <= 2, " .()-".contains(character) else { break }
            }
        }
        return digits >= shortest - 1 ? text[..<end] : nil
    }

    /// Whether no letter or digit stands beside it: digits of an identifier are no number.
    private static func stands(_ part: Substring, in text: String) -> Bool {
        let before = part.startIndex == text.startIndex ? nil : text[text.index(before: part.startIndex)]
        let after = part.endIndex == text.endIndex ? nil : text[part.endIndex]
        return [before, after].allSatisfy { $0.map { !($0.isLetter || $0.isNumber || $0 == "_") } ?? true }
    }

    private static func isDigit(_ character: Character) -> Bool { character.isASCII && character.isNumber }
}
