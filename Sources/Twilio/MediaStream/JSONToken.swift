/// One JSON value, as a range of the text that holds it.
///
/// Tokens are positions, not copies: a message is read without allocating for what is not asked for.
struct JSONToken {
    /// What the value is.
    enum Kind {
        /// Text without escapes: its bytes are its value.
        case string
        /// Text with at least one `\` escape.
        case escapedString
        case number
        case object
        case array
        case bool
        case null
    }

    /// What the value is.
    var kind: Kind
    /// The value's bytes; a string's are those between its quotes, a container's include its brackets.
    var range: Range<Int>

    /// Whether this is the string `name`, however it is escaped.
    func matches(_ name: StaticString, in json: Span<UInt8>) -> Bool {
        guard kind == .string else {
            return kind == .escapedString && string(in: json) == name.description
        }
        guard range.count == name.utf8CodeUnitCount else { return false }
        return name.withUTF8Buffer { expected in
            for offset in 0..<expected.count where json[range.lowerBound + offset] != expected[offset] { return false }
            return true
        }
    }

    /// The text of a string, or a number as it is written; nil for anything else.
    func string(in json: Span<UInt8>) -> String? {
        switch kind {
        case .string, .number: json.extracting(range).withUnsafeBufferPointer { String(decoding: $0, as: UTF8.self) }
        case .escapedString: String(decoding: JSONEscapes.resolve(json, range), as: UTF8.self)
        case .object, .array, .bool, .null: nil
        }
    }

    /// The whole number that a number or a string of digits states; nil for anything else and beyond `Int`.
    func integer(in json: Span<UInt8>) -> Int? {
        guard kind == .string || kind == .number, !range.isEmpty else { return nil }
        if let plain = decimal(in: json) { return plain }
        guard kind == .number, let text = string(in: json), let value = Double(text) else { return nil }
        return Int(exactly: value)
    }

    /// The value when it is `-` and digits alone.
    private func decimal(in json: Span<UInt8>) -> Int? {
        let isNegative = json[range.lowerBound] == UInt8(ascii: "-")
        let digits = isNegative ? range.dropFirst() : range
        guard !digits.isEmpty else { return nil }
        var value = 0
        for index in digits {
            let digit = Int(json[index]) - 0x30
            guard (0...9).contains(digit) else { return nil }
            let (tens, tensOverflow) = value.multipliedReportingOverflow(by: 10)
            let (sum, overflow) = tens.addingReportingOverflow(isNegative ? -digit : digit)
            guard !tensOverflow, !overflow else { return nil }
            value = sum
        }
        return value
    }
}
