/// The form encoding (WHATWG URL Standard, section 5).
extension WebhookParameters {
    /// Parses a form body or a raw query string, loosely: what cannot be decoded is kept as it stands.
    ///
    /// `+` is a space, a bad percent escape is literal text, bytes that are not UTF-8 become U+FFFD, a pair without a name is dropped,
    /// and so is everything after `maximumPairs` pairs.
    package init(formEncoded bytes: some Collection<UInt8>) {
        var pairs: [Pair] = []
        for part in bytes.lazy.split(separator: UInt8(ascii: "&")) {
            guard pairs.count < Self.maximumPairs else { break }
            let equals = part.firstIndex(of: UInt8(ascii: "=")) ?? part.endIndex
            let name = Self.decode(part[..<equals])
            guard !name.isEmpty else { continue }
            pairs.append(Pair(name, Self.decode(part[equals...].dropFirst())))
        }
        self.pairs = pairs
    }

    /// The parameters as `application/x-www-form-urlencoded`.
    package var formEncoded: String {
        var form: [UInt8] = []
        for pair in pairs {
            if !form.isEmpty { form.append(UInt8(ascii: "&")) }
            Self.encode(pair.name, into: &form)
            form.append(UInt8(ascii: "="))
            Self.encode(pair.value, into: &form)
        }
        return String(decoding: form, as: UTF8.self)
    }

    private static func decode(_ text: some Collection<UInt8>) -> String {
        var decoded: [UInt8] = []
        decoded.reserveCapacity(text.count)
        var rest = text[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "+") {
                decoded.append(0x20)
            } else if byte == UInt8(ascii: "%"), let escaped = escapedByte(rest.prefix(2)) {
                decoded.append(escaped)
                rest = rest.dropFirst(2)
            } else {
                decoded.append(byte)
            }
        }
        return String(decoding: decoded, as: UTF8.self)
    }

    /// The byte that two hex digits stand for, or nil when they are not that.
    private static func escapedByte(_ digits: some Collection<UInt8>) -> UInt8? {
        let values = digits.compactMap(JSONEscapes.hexValue)
        return values.count == 2 ? values[0] << 4 | values[1] : nil
    }

    private static func encode(_ text: String, into form: inout [UInt8]) {
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
                UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "*"):
                form.append(byte)
            case 0x20:
                form.append(UInt8(ascii: "+"))
            default:
                let hex = String(byte, radix: 16, uppercase: true)
                form.append(contentsOf: (byte < 0x10 ? "%0" : "%").utf8)
                form.append(contentsOf: hex.utf8)
            }
        }
    }
}
