/// A position in JSON text and the steps forward from it (RFC 8259); every step checks what it passes.
///
/// The text is a parameter of each step rather than a stored property, so that the cursor is a plain value.
struct JSONCursor {
    /// The most objects and arrays inside one another; Twilio's messages need three.
    static let maximumDepth = 32

    /// The offset of the next byte to read.
    var index: Int

    /// Moves past spaces, tabs and line ends.
    mutating func skipWhitespace(_ json: Span<UInt8>) {
        while index < json.count {
            switch json[index] {
            case 0x20, 0x09, 0x0A, 0x0D: index += 1
            default: return
            }
        }
    }

    /// The next byte, or 0 (which no valid text holds) at the end.
    func peek(_ json: Span<UInt8>) -> UInt8 {
        index < json.count ? json[index] : 0
    }

    /// Moves past `byte`, with white space before it.
    mutating func expect(_ byte: UInt8, _ json: Span<UInt8>) throws(MediaStreamError) {
        skipWhitespace(json)
        guard peek(json) == byte else { throw fault(json) }
        index += 1
    }

    /// Moves past one value of any kind, `depth` containers down.
    mutating func value(_ json: Span<UInt8>, depth: Int) throws(MediaStreamError) -> JSONToken {
        skipWhitespace(json)
        let start = index
        let byte = peek(json)
        guard byte == UInt8(ascii: "{") || byte == UInt8(ascii: "[") else { return try scalar(json) }
        try skipContainer(json, depth: depth)
        return JSONToken(kind: byte == UInt8(ascii: "{") ? .object : .array, range: start..<index)
    }

    /// Moves past a member's name and its colon.
    mutating func key(_ json: Span<UInt8>) throws(MediaStreamError) -> JSONToken {
        skipWhitespace(json)
        let key = try string(json)
        try expect(UInt8(ascii: ":"), json)
        return key
    }

    /// What is wrong at this position.
    func fault(_ json: Span<UInt8>) -> MediaStreamError {
        MediaStreamError(.notJSON, index < json.count ? "not JSON: unexpected byte at offset \(index)" : "not JSON: ends early at offset \(index)")
    }

    /// Moves past a string, a number or a literal.
    private mutating func scalar(_ json: Span<UInt8>) throws(MediaStreamError) -> JSONToken {
        switch peek(json) {
        case UInt8(ascii: "\""): try string(json)
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): try number(json)
        case UInt8(ascii: "t"): try literal("true", .bool, json)
        case UInt8(ascii: "f"): try literal("false", .bool, json)
        case UInt8(ascii: "n"): try literal("null", .null, json)
        default: throw fault(json)
        }
    }

    /// Moves past an object or an array without recursion: which kind encloses which is kept as one bit a level.
    private mutating func skipContainer(_ json: Span<UInt8>, depth: Int) throws(MediaStreamError) {
        var nesting = JSONNesting(limit: Self.maximumDepth - depth)
        repeat {
            skipWhitespace(json)
            let byte = peek(json)
            if byte == UInt8(ascii: "{") || byte == UInt8(ascii: "[") {
                index += 1
                try nesting.open(isObject: byte == UInt8(ascii: "{"))
                skipWhitespace(json)
                if peek(json) != nesting.closer {
                    if nesting.isObject { _ = try key(json) }
                    continue
                }
            } else {
                _ = try scalar(json)
            }
            try closeOrContinue(json, &nesting)
        } while nesting.depth > 0
    }

    /// After a value: moves past all that ends here, then past the comma and name before the next value.
    private mutating func closeOrContinue(_ json: Span<UInt8>, _ nesting: inout JSONNesting) throws(MediaStreamError) {
        while nesting.depth > 0 {
            skipWhitespace(json)
            let byte = peek(json)
            if byte == nesting.closer {
                index += 1
                nesting.close()
            } else if byte == UInt8(ascii: ",") {
                index += 1
                if nesting.isObject { _ = try key(json) }
                return
            } else {
                throw fault(json)
            }
        }
    }
}
