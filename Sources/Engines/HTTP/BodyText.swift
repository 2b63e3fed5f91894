import Foundation

/// Turns the bytes of a body into text.
///
/// A byte order mark decides, then the charset of `Content-Type`. A charset that is missing, unknown or wrong about the bytes gives UTF-8 if they
/// are that, and otherwise windows-1252, which has every character of ISO-8859-1: a caller never hears a replacement character.
package enum BodyText {
    /// The characters of windows-1252 from 0x80 to 0x9F; the rest is as in Unicode.
    private static let windows1252: [Unicode.Scalar] = [
        "€", "\u{81}", "‚", "ƒ", "„", "…", "†", "‡", "ˆ", "‰", "Š", "‹", "Œ", "\u{8D}", "Ž", "\u{8F}", "\u{90}", "‘", "’", "“", "”", "•", "–", "—",
        "˜", "™", "š", "›", "œ", "\u{9D}", "ž", "Ÿ",
    ]
    /// Where ISO-8859-15 differs from ISO-8859-1.
    private static let latin9: [UInt8: Unicode.Scalar] = [
        0xA4: "€", 0xA6: "Š", 0xA8: "š", 0xB4: "Ž", 0xB8: "ž", 0xBC: "Œ", 0xBD: "œ", 0xBE: "Ÿ",
    ]
    /// Charsets that Foundation decodes.
    private static let encodings: [String: String.Encoding] = [
        "iso88592": .isoLatin2, "latin2": .isoLatin2, "windows1250": .windowsCP1250, "cp1250": .windowsCP1250,
        "windows1251": .windowsCP1251, "cp1251": .windowsCP1251, "windows1253": .windowsCP1253, "windows1254": .windowsCP1254,
        "shiftjis": .shiftJIS, "sjis": .shiftJIS, "eucjp": .japaneseEUC, "iso2022jp": .iso2022JP, "macintosh": .macOSRoman,
    ]

    /// The text of a body.
    ///
    /// - Parameters:
    ///   - bytes: the body, or its beginning.
    ///   - contentType: the value of its `Content-Type` header.
    ///   - isCut: whether the body goes on, so that it may end within a character.
    /// - Returns: the text.
    package static func decode(_ bytes: some Sequence<UInt8>, contentType: String? = nil, isCut: Bool = false) -> String {
        let bytes = Array(bytes)
        if let (unicode, length) = byteOrderMark(of: bytes) { return decode(bytes[length...], as: unicode, isCut: isCut) }
        let name = charset(in: contentType)
        switch name {
        case "utf16le": return decode(bytes[...], as: .utf16LittleEndian, isCut: isCut)
        case "utf16be": return decode(bytes[...], as: .utf16BigEndian, isCut: isCut)
        case "utf32le": return decode(bytes[...], as: .utf32LittleEndian, isCut: isCut)
        case "utf32", "utf32be": return decode(bytes[...], as: .utf32BigEndian, isCut: isCut)
        case "iso88591", "latin1", "l1", "windows1252", "cp1252", "ansi": return singleBytes(bytes)
        case "iso885915", "latin9", "l9": return singleBytes(bytes, except: latin9)
        case let name?: if let encoding = encodings[name], let text = String(bytes: bytes, encoding: encoding) { return text }
        case nil: break
        }
        if let unicode = guessedUTF16(bytes) ?? (name == "utf16" ? .utf16LittleEndian : nil) { return decode(bytes[...], as: unicode, isCut: isCut) }
        return decode(bytes[...], as: .utf8, isCut: isCut)
    }

    /// The charset that a header names, in lower case and without punctuation.
    private static func charset(in contentType: String?) -> String? {
        for parameter in contentType?.split(separator: ";").dropFirst() ?? [] {
            let parts = parameter.split(separator: "=", maxSplits: 1)
            guard parts.count == 2, parts[0].trimmingCharacters(in: .whitespaces).lowercased() == "charset" else { continue }
            let name = parts[1].lowercased().filter { $0.isASCII && ($0.isLetter || $0.isNumber) }
            return name.isEmpty ? nil : name
        }
        return nil
    }

    private static func byteOrderMark(of bytes: [UInt8]) -> (encoding: String.Encoding, length: Int)? {
        let marks: [([UInt8], String.Encoding)] = [
            ([0xEF, 0xBB, 0xBF], .utf8), ([0xFF, 0xFE, 0, 0], .utf32LittleEndian), ([0, 0, 0xFE, 0xFF], .utf32BigEndian),
            ([0xFF, 0xFE], .utf16LittleEndian), ([0xFE, 0xFF], .utf16BigEndian),
        ]
        return marks.first { bytes.starts(with: $0.0) }.map { ($0.1, $0.0.count) }
    }

    /// JSON and most other text begins with an ASCII character: half of it is zero in UTF-16.
    private static func guessedUTF16(_ bytes: [UInt8]) -> String.Encoding? {
        guard bytes.count >= 4 else { return nil }
        switch (bytes[0], bytes[1], bytes[2], bytes[3]) {
        case (0, 1..., 0, 1...): return .utf16BigEndian
        case (1..., 0, 1..., 0): return .utf16LittleEndian
        default: return nil
        }
    }

    private static func decode(_ bytes: ArraySlice<UInt8>, as encoding: String.Encoding, isCut: Bool) -> String {
        guard encoding != .utf8 else { return utf8(bytes, isCut: isCut) }
        let width = encoding == .utf16LittleEndian || encoding == .utf16BigEndian ? 2 : 4
        let whole = bytes.prefix(bytes.count - bytes.count % width)
        let units = stride(from: whole.startIndex, to: whole.endIndex, by: width).map { start -> UInt32 in
            let unit = whole[start..<(start + width)]
            let bigEndian = encoding == .utf16BigEndian || encoding == .utf32BigEndian
            return (bigEndian ? Array(unit) : unit.reversed()).reduce(0) { $0 << 8 | UInt32($1) }
        }
        // Half a character is left out, not replaced.
        let text =
            width == 2
            ? String(decoding: units.map { UInt16(truncatingIfNeeded: $0) }, as: UTF16.self)
            : String(String.UnicodeScalarView(units.compactMap(Unicode.Scalar.init)))
        return text.replacing("\u{FFFD}", with: "")
    }

    private static func singleBytes(_ bytes: some Sequence<UInt8>, except others: [UInt8: Unicode.Scalar] = [:]) -> String {
        String(String.UnicodeScalarView(bytes.map { others[$0] ?? scalar($0) }))
    }

    private static func scalar(_ byte: UInt8) -> Unicode.Scalar {
        (0x80...0x9F).contains(byte) ? windows1252[Int(byte) - 0x80] : Unicode.Scalar(byte)
    }

    /// Decodes UTF-8, and bytes that are not UTF-8 as windows-1252: single ones in a text of UTF-8, or the whole text.
    private static func utf8(_ bytes: ArraySlice<UInt8>, isCut: Bool) -> String {
        if let text = String(validating: bytes, as: UTF8.self) { return text }
        var text = String.UnicodeScalarView()
        var (characters, strays) = (0, 0)
        var rest = bytes
        while let first = rest.first {
            let length = sequenceLength(first)
            let sequence = rest.prefix(length)
            if length > 0, sequence.count == length, let character = String(validating: sequence, as: UTF8.self) {
                text.append(contentsOf: character.unicodeScalars)
                if length > 1 { characters += 1 }
                rest = rest.dropFirst(length)
            } else if isCut, length > sequence.count, sequence.dropFirst().allSatisfy({ $0 & 0xC0 == 0x80 }) {
                break
            } else {
                text.append(scalar(first))
                strays += 1
                rest = rest.dropFirst()
            }
        }
        return strays > characters ? singleBytes(bytes) : String(text)
    }

    /// How many bytes a character of UTF-8 has that begins with this one; 0 if none does.
    private static func sequenceLength(_ first: UInt8) -> Int {
        switch first {
        case 0x00...0x7F: 1
        case 0xC2...0xDF: 2
        case 0xE0...0xEF: 3
        case 0xF0...0xF4: 4
        default: 0
        }
    }
}
