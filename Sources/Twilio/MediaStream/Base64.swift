/// Base64 with the standard alphabet (RFC 4648, section 4).
///
/// Our own because Foundation's needs a `Data` or `String` on either side of a call made 50 times a second per call and direction.
enum Base64 {
    private static let alphabet: StaticString = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"

    /// The value of each character, 0xFF for what is not in the alphabet.
    private static let values: [UInt8] = {
        var values = [UInt8](repeating: 0xFF, count: 256)
        for value in 0..<64 { values[Int(alphabet.utf8Start[value])] = UInt8(value) }
        return values
    }()

    /// How many bytes `characters` characters of base64 stand for at most.
    static func decodedCount(_ characters: Int) -> Int { characters / 4 * 3 + characters % 4 }

    /// The bytes that `text` stands for; padding may be missing.
    ///
    /// Nil when anything is outside the alphabet or a length is impossible.
    static func decode(_ text: Span<UInt8>) -> [UInt8]? {
        var count = text.count
        while count > 0, text.count - count < 2, text[count - 1] == UInt8(ascii: "=") { count -= 1 }
        let tail = count % 4
        let padding = text.count - count
        guard tail != 1, padding == 0 || padding <= (4 - tail) % 4 else { return nil }

        var fault: UInt8 = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: count / 4 * 3 + 2) { output, written in
            values.withUnsafeBufferPointer { values in
                text.withUnsafeBufferPointer { text in
                    decode(text, count, values, &output, &written, &fault)
                }
            }
        }
        return fault < 0x80 ? bytes : nil
    }

    /// Decodes `count` characters; `fault` gets its high bit when one is outside the alphabet.
    private static func decode(
        _ text: UnsafeBufferPointer<UInt8>,
        _ count: Int,
        _ values: UnsafeBufferPointer<UInt8>,
        _ output: inout UnsafeMutableBufferPointer<UInt8>,
        _ written: inout Int,
        _ fault: inout UInt8
    ) {
        var read = 0
        var write = 0
        while read + 4 <= count {
            let a = values[Int(text[read])]
            let b = values[Int(text[read + 1])]
            let c = values[Int(text[read + 2])]
            let d = values[Int(text[read + 3])]
            fault |= a | b | c | d
            output[write] = a << 2 | b >> 4
            output[write + 1] = b << 4 | c >> 2
            output[write + 2] = c << 6 | d
            read += 4
            write += 3
        }
        if count - read >= 2 {
            let a = values[Int(text[read])]
            let b = values[Int(text[read + 1])]
            let c = count - read == 3 ? values[Int(text[read + 2])] : 0
            fault |= a | b | c
            output[write] = a << 2 | b >> 4
            if count - read == 3 { output[write + 1] = b << 4 | c >> 2 }
            write += count - read - 1
        }
        written = write
    }

    /// Appends `bytes` as base64 with padding.
    static func encode(_ bytes: Span<UInt8>, into text: inout [UInt8]) {
        let start = text.count
        text.append(contentsOf: repeatElement(UInt8(ascii: "="), count: (bytes.count + 2) / 3 * 4))
        text.withUnsafeMutableBufferPointer { text in
            bytes.withUnsafeBufferPointer { bytes in
                encode(bytes, into: text, from: start)
            }
        }
    }

    /// Writes over padding that is already there.
    private static func encode(_ bytes: UnsafeBufferPointer<UInt8>, into text: UnsafeMutableBufferPointer<UInt8>, from start: Int) {
        let alphabet = UnsafeBufferPointer(start: Self.alphabet.utf8Start, count: 64)
        var write = start
        var read = 0
        while read < bytes.count {
            let a = bytes[read]
            let b = read + 1 < bytes.count ? bytes[read + 1] : 0
            let c = read + 2 < bytes.count ? bytes[read + 2] : 0
            text[write] = alphabet[Int(a >> 2)]
            text[write + 1] = alphabet[Int((a & 0x03) << 4 | b >> 4)]
            if read + 1 < bytes.count { text[write + 2] = alphabet[Int((b & 0x0F) << 2 | c >> 6)] }
            if read + 2 < bytes.count { text[write + 3] = alphabet[Int(c & 0x3F)] }
            read += 3
            write += 4
        }
    }
}
