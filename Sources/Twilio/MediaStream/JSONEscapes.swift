/// The `\` escapes of JSON strings (RFC 8259, section 7).
enum JSONEscapes {
    /// The UTF-8 of a string whose escapes were found sound by `JSONCursor`; a lone surrogate becomes U+FFFD.
    static func resolve(_ json: Span<UInt8>, _ range: Range<Int>) -> [UInt8] {
        var text: [UInt8] = []
        text.reserveCapacity(range.count)
        var index = range.lowerBound
        while index < range.upperBound {
            guard json[index] == UInt8(ascii: "\\") else {
                text.append(json[index])
                index += 1
                continue
            }
            let escape = json[index + 1]
            index += 2
            guard escape == UInt8(ascii: "u") else {
                text.append(character(escape))
                continue
            }
            let scalar = scalar(json, at: &index, end: range.upperBound)
            text.append(contentsOf: String(scalar).utf8)
        }
        return text
    }

    /// The character that a one-letter escape stands for.
    private static func character(_ escape: UInt8) -> UInt8 {
        switch escape {
        case UInt8(ascii: "b"): 0x08
        case UInt8(ascii: "f"): 0x0C
        case UInt8(ascii: "n"): 0x0A
        case UInt8(ascii: "r"): 0x0D
        case UInt8(ascii: "t"): 0x09
        default: escape
        }
    }

    /// The scalar whose four hex digits begin at `index`, taking in a low surrogate's escape after a high one.
    private static func scalar(_ json: Span<UInt8>, at index: inout Int, end: Int) -> Unicode.Scalar {
        let first = codeUnit(json, at: index)
        index += 4
        if let scalar = Unicode.Scalar(first) { return scalar }
        let next = index
        guard first < 0xDC00, next + 6 <= end, json[next] == UInt8(ascii: "\\"), json[next + 1] == UInt8(ascii: "u") else { return "\u{FFFD}" }
        let second = codeUnit(json, at: next + 2)
        guard (0xDC00...0xDFFF).contains(second) else { return "\u{FFFD}" }
        index = next + 6
        return Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00)) ?? "\u{FFFD}"
    }

    /// Four hex digits as a UTF-16 code unit.
    private static func codeUnit(_ json: Span<UInt8>, at index: Int) -> UInt32 {
        (0..<4).reduce(0) { value, offset in value << 4 | UInt32(hexValue(json[index + offset]) ?? 0) }
    }

    /// The value of a hex digit, or nil.
    static func hexValue(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - 0x30
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - 0x61 + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - 0x41 + 10
        default: nil
        }
    }
}
