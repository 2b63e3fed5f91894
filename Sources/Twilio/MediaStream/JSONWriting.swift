/// Writing JSON straight into a byte array.
extension [UInt8] {
    /// Appends text known to be JSON already.
    mutating func append(json: StaticString) {
        append(contentsOf: UnsafeBufferPointer(start: json.utf8Start, count: json.utf8CodeUnitCount))
    }

    /// Appends a string in quotes, escaped.
    mutating func append(jsonString string: String) {
        append(UInt8(ascii: "\""))
        var string = string
        string.withUTF8 { text in
            let isPlain = text.allSatisfy { $0 >= 0x20 && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\") }
            if isPlain { append(contentsOf: text) } else { for byte in text { append(escaped: byte) } }
        }
        append(UInt8(ascii: "\""))
    }

    /// Appends a whole number, without quotes.
    mutating func append(jsonNumber number: Int) {
        append(contentsOf: String(number).utf8)
    }

    /// Appends `,"name":"number"`, or nothing for nil: Twilio's numbers are strings.
    mutating func append(member name: StaticString, numeral: Int?) {
        guard let numeral else { return }
        append(json: ",\"")
        append(json: name)
        append(json: "\":\"")
        append(jsonNumber: numeral)
        append(json: "\"")
    }

    /// Appends `,"name":"value"`.
    mutating func append(member name: StaticString, _ value: String) {
        append(json: ",\"")
        append(json: name)
        append(json: "\":")
        append(jsonString: value)
    }

    private mutating func append(escaped byte: UInt8) {
        switch byte {
        case UInt8(ascii: "\""): append(json: "\\\"")
        case UInt8(ascii: "\\"): append(json: "\\\\")
        case 0x0A: append(json: "\\n")
        case 0x0D: append(json: "\\r")
        case 0x09: append(json: "\\t")
        case ..<0x20:
            append(json: byte < 0x10 ? "\\u000" : "\\u001")
            append(contentsOf: String(byte & 0x0F, radix: 16).utf8)
        default: append(byte)
        }
    }
}
