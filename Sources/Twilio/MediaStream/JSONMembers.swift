/// The members of one JSON object, one at a time and in order.
struct JSONMembers {
    /// A name and its value.
    struct Member {
        var key: JSONToken
        var value: JSONToken
    }

    private var cursor: JSONCursor
    private var isFirst = true

    /// Starts on a whole text, which must be one object in UTF-8.
    init(message json: Span<UInt8>) throws(MediaStreamError) {
        try Self.requireUTF8(json)
        cursor = JSONCursor(index: 0)
        cursor.skipWhitespace(json)
        guard cursor.peek(json) == UInt8(ascii: "{") else {
            _ = try cursor.value(json, depth: 0)
            try Self.requireEnd(json, &cursor)
            throw MediaStreamError(.wrongType, "the message is not a JSON object")
        }
        cursor.index += 1
    }

    /// Starts on an object inside a text that has been scanned.
    init(of object: JSONToken) {
        cursor = JSONCursor(index: object.range.lowerBound + 1)
    }

    /// The next member, or nil after the last.
    mutating func next(_ json: Span<UInt8>) throws(MediaStreamError) -> Member? {
        cursor.skipWhitespace(json)
        if cursor.peek(json) == UInt8(ascii: "}") {
            cursor.index += 1
            return nil
        }
        if !isFirst { try cursor.expect(UInt8(ascii: ","), json) }
        isFirst = false
        let key = try cursor.key(json)
        return Member(key: key, value: try cursor.value(json, depth: 1))
    }

    /// Checks that nothing but white space follows the object whose last member has been read.
    mutating func finish(_ json: Span<UInt8>) throws(MediaStreamError) {
        try Self.requireEnd(json, &cursor)
    }

    private static func requireEnd(_ json: Span<UInt8>, _ cursor: inout JSONCursor) throws(MediaStreamError) {
        cursor.skipWhitespace(json)
        guard cursor.index == json.count else { throw cursor.fault(json) }
    }

    /// Checks the encoding, at next to no cost for ASCII, which is all that Twilio sends in `media`.
    private static func requireUTF8(_ json: Span<UInt8>) throws(MediaStreamError) {
        let isValid = json.withUnsafeBufferPointer { bytes in
            bytes.reduce(0, |) < 0x80 || String(validating: bytes, as: UTF8.self) != nil
        }
        guard isValid else { throw MediaStreamError(.notUTF8, "the message is not UTF-8") }
    }
}
