extension JSONCursor {
    /// Moves past a string, checking its escapes; the token is what lies between the quotes.
    mutating func string(_ json: Span<UInt8>) throws(MediaStreamError) -> JSONToken {
        guard peek(json) == UInt8(ascii: "\"") else { throw fault(json) }
        index += 1
        let start = index
        var kind = JSONToken.Kind.string
        while true {
            skipPlainText(json)
            switch peek(json) {
            case UInt8(ascii: "\""):
                index += 1
                return JSONToken(kind: kind, range: start..<index - 1)
            case UInt8(ascii: "\\"):
                kind = .escapedString
                try skipEscape(json)
            default:
                throw fault(json)
            }
        }
    }

    /// Moves to the next quote, backslash or control character, eight bytes at a time.
    ///
    /// Source: S. E. Anderson, "Bit Twiddling Hacks", haszero and hasless.
    private mutating func skipPlainText(_ json: Span<UInt8>) {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let text = json.bytes
        var position = index
        while position + 8 <= json.count {
            let word = UInt64(littleEndian: text.unsafeLoadUnaligned(fromByteOffset: position, as: UInt64.self))
            let quotes = word ^ (ones &* 0x22)
            let backslashes = word ^ (ones &* 0x5C)
            let found = ((word &- ones &* 0x20) & ~word) | ((quotes &- ones) & ~quotes) | ((backslashes &- ones) & ~backslashes)
            let flags = found & (ones &* 0x80)
            if flags != 0 {
                // The lowest flag is exact; those above it may be borrows of the subtraction.
                index = position + flags.trailingZeroBitCount / 8
                return
            }
            position += 8
        }
        while position < json.count {
            let byte = json[position]
            if byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") { break }
            position += 1
        }
        index = position
    }

    /// Moves past one escape.
    private mutating func skipEscape(_ json: Span<UInt8>) throws(MediaStreamError) {
        index += 1
        switch peek(json) {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"), UInt8(ascii: "n"),
            UInt8(ascii: "r"), UInt8(ascii: "t"):
            index += 1
        case UInt8(ascii: "u"):
            index += 1
            for _ in 0..<4 {
                guard JSONEscapes.hexValue(peek(json)) != nil else { throw fault(json) }
                index += 1
            }
        default:
            throw fault(json)
        }
    }

    /// Moves past a number, by the grammar of RFC 8259, section 6.
    mutating func number(_ json: Span<UInt8>) throws(MediaStreamError) -> JSONToken {
        let start = index
        if peek(json) == UInt8(ascii: "-") { index += 1 }
        if peek(json) == UInt8(ascii: "0") { index += 1 } else { try digits(json) }
        if peek(json) == UInt8(ascii: ".") {
            index += 1
            try digits(json)
        }
        if peek(json) | 0x20 == UInt8(ascii: "e") {
            index += 1
            if peek(json) == UInt8(ascii: "+") || peek(json) == UInt8(ascii: "-") { index += 1 }
            try digits(json)
        }
        return JSONToken(kind: .number, range: start..<index)
    }

    /// Moves past one digit or more.
    private mutating func digits(_ json: Span<UInt8>) throws(MediaStreamError) {
        let start = index
        while (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(peek(json)) { index += 1 }
        guard index > start else { throw fault(json) }
    }

    /// Moves past `true`, `false` or `null`.
    mutating func literal(_ word: StaticString, _ kind: JSONToken.Kind, _ json: Span<UInt8>) throws(MediaStreamError) -> JSONToken {
        let start = index
        for offset in 0..<word.utf8CodeUnitCount {
            guard peek(json) == word.utf8Start[offset] else { throw fault(json) }
            index += 1
        }
        return JSONToken(kind: kind, range: start..<index)
    }
}
