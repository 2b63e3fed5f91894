/// Addresses on the web and of mail.
enum SpokenAddress {
    /// Reads a web address, a bare host name or file name, or a mail address.
    static func read(_ point: ReadingPoint) -> Reading? { address(in: point.word.core).map { .one(words($0)) } }

    /// What is said of an address: without scheme, user, "www", query and fragment; nil if the word is none.
    static func address(in core: [Character]) -> [Character]? {
        webAddress(core) ?? mailAddress(core) ?? (isDotted(core) ? core : nil)
    }

    /// The host and path of a web address, without scheme, user, "www", query and fragment.
    private static func webAddress(_ core: [Character]) -> [Character]? {
        var rest = core[...]
        if let colon = core.firstIndex(of: ":"), core[colon...].starts(with: "://"), colon > 0, core[..<colon].allSatisfy(\.isLetter) {
            rest = core[(colon + 3)...]
        } else if !core.prefix(4).map({ $0.lowercased() }).joined().hasPrefix("www.") {
            return nil
        }
        rest = rest.prefix { $0 != "?" && $0 != "#" }
        let host = rest.prefix { $0 != "/" }
        if let user = host.lastIndex(of: "@") { rest = rest[(user + 1)...] }
        if rest.prefix(4).map({ $0.lowercased() }).joined() == "www." { rest = rest.dropFirst(4) }
        while rest.last == "/" { rest.removeLast() }
        return rest.contains { $0.isLetter || $0.isDigit } ? Array(rest) : nil
    }

    /// A mail address without "mailto".
    private static func mailAddress(_ core: [Character]) -> [Character]? {
        let rest = core.starts(with: "mailto:") ? core[7...] : core[...]
        guard let at = rest.firstIndex(of: "@"), at > rest.startIndex, at == rest.lastIndex(of: "@") else { return nil }
        let host = rest[(at + 1)...].prefix { $0 != "?" }
        let isName = rest[..<at].allSatisfy { $0.isLetter || $0.isDigit || "._-+%".contains($0) }
        guard isName, host.dropLast().contains("."), host.last?.isLetter == true, host.allSatisfy(isHostCharacter) else { return nil }
        return Array(rest[..<host.endIndex])
    }

    /// Whether names are joined by dots, the last in small letters: a host or a file, and no abbreviation.
    private static func isDotted(_ core: [Character]) -> Bool {
        let host = core.prefix { $0 != "/" }
        let names = host.split(separator: ".", omittingEmptySubsequences: false)
        guard names.count > 1, let last = names.last, (2...6).contains(last.count) else { return false }
        return last.allSatisfy { $0.isASCII && $0.isLowercase } && names.allSatisfy { $0.count > 1 && $0.allSatisfy(isHostCharacter) }
            && host.first?.isDigit == false
    }

    private static func isHostCharacter(_ character: Character) -> Bool {
        character.isLetter || character.isDigit || ".-_".contains(character)
    }

    /// The parts of an address, its signs by name.
    private static func words(_ address: [Character]) -> [String] {
        let names: [Character: String] = [
            ".": "dot", "/": "slash", "-": "dash", "_": "underscore", "@": "at", "+": "plus", ":": "colon", "=": "equals",
        ]
        var words: [String] = []
        var index = 0
        while index < address.count {
            let start = index
            if address[index].isDigit {
                index = WrittenNumber.endOfDigits(address, from: index)
                let digits = Array(address[start..<index])
                words += WrittenNumber(digits, at: 0)?.words(.alone) ?? []
            } else if address[index].isLetter {
                while index < address.count, address[index].isLetter { index += 1 }
                words.append(String(address[start..<index]))
            } else {
                if let name = names[address[index]] { words.append(name) }
                // An escaped character, such as %20, is no part of what people say.
                let isEscape = address[index] == "%" && index + 2 < address.count && address[index + 1].isHexDigit && address[index + 2].isHexDigit
                index += isEscape ? 3 : 1
            }
        }
        return words
    }
}
