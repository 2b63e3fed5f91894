/// Numbers that an operator lets in or keeps out: one number, all that begin alike, or all that are withheld.
struct NumberPattern: Sendable, Equatable {
    private enum Kind: Sendable, Equatable {
        case number(String)
        case prefix(String)
        case withheld
    }

    private let kind: Kind

    /// Reads `+14155551234`, `+1900*` or `anonymous`; nil for anything else.
    init?(_ text: String) {
        guard text.lowercased() != "anonymous" else {
            kind = .withheld
            return
        }
        let isPrefix = text.hasSuffix("*")
        let number = isPrefix ? text.dropLast() : text[...]
        let digits = number.dropFirst()
        guard number.first == "+", (isPrefix ? 1...14 : 2...15).contains(digits.count), digits.first != "0",
            digits.allSatisfy({ $0.isASCII && $0.isNumber })
        else { return nil }
        kind = isPrefix ? .prefix(String(number)) : .number(String(number))
    }

    /// Whether a caller is meant; nil is one whose number is withheld.
    func matches(_ caller: String?) -> Bool {
        switch kind {
        case .number(let number): caller == number
        case .prefix(let prefix): caller?.hasPrefix(prefix) ?? false
        case .withheld: caller == nil
        }
    }

    /// Reads a list with commas; fails with the first entry that cannot be read.
    static func list(_ text: String) -> Result<[NumberPattern], Unreadable> {
        var patterns: [NumberPattern] = []
        for entry in text.split(separator: ",").map({ $0.trimmingPrefix(while: \.isWhitespace) }) {
            let entry = String(entry.reversed().drop(while: \.isWhitespace).reversed())
            guard !entry.isEmpty else { continue }
            guard let pattern = NumberPattern(entry) else { return .failure(Unreadable(entry: entry)) }
            patterns.append(pattern)
        }
        return .success(patterns)
    }

    /// An entry that is none.
    struct Unreadable: Error, Equatable {
        var entry: String
    }
}
