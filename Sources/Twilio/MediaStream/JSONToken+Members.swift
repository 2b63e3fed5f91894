/// Looking inside a token whose text has been scanned.
extension JSONToken {
    /// The last member called `name` of an object; nil when absent, null or not in an object.
    func member(_ name: StaticString, in json: Span<UInt8>) throws(MediaStreamError) -> JSONToken? {
        guard kind == .object else { return nil }
        var found: JSONToken?
        var members = JSONMembers(of: self)
        while let member = try members.next(json) {
            if member.key.matches(name, in: json) { found = member.value }
        }
        return found?.kind == .null ? nil : found
    }

    /// The text of the member called `name`, or nil when there is none or it is neither string nor number.
    func text(_ name: StaticString, in json: Span<UInt8>) throws(MediaStreamError) -> String? {
        try member(name, in: json)?.string(in: json)
    }

    /// The whole number of the member called `name`: nil when absent, 0 when unreadable.
    func integer(_ name: StaticString, in json: Span<UInt8>) throws(MediaStreamError) -> Int? {
        guard let member = try member(name, in: json) else { return nil }
        return member.integer(in: json) ?? 0
    }

    /// The text of a member that must be there.
    func required(_ name: StaticString, of parent: StaticString, in json: Span<UInt8>) throws(MediaStreamError) -> String {
        guard let member = try member(name, in: json) else { throw MediaStreamError(.missingField, "\(parent) has no \(name)") }
        guard let text = member.string(in: json) else { throw MediaStreamError(.wrongType, "\(parent).\(name) is not a string") }
        return text
    }

    /// The strings of an array; what is neither string nor number is left out.
    func strings(in json: Span<UInt8>) throws(MediaStreamError) -> [String] {
        guard kind == .array else { return [] }
        var strings: [String] = []
        var cursor = JSONCursor(index: range.lowerBound + 1)
        cursor.skipWhitespace(json)
        while cursor.peek(json) != UInt8(ascii: "]") {
            if let text = try cursor.value(json, depth: 2).string(in: json) { strings.append(text) }
            cursor.skipWhitespace(json)
            if cursor.peek(json) == UInt8(ascii: ",") { cursor.index += 1 }
        }
        return strings
    }

    /// The members of an object whose values are strings or numbers.
    func dictionary(in json: Span<UInt8>) throws(MediaStreamError) -> [String: String] {
        guard kind == .object else { return [:] }
        var values: [String: String] = [:]
        var members = JSONMembers(of: self)
        while let member = try members.next(json) {
            guard let name = member.key.string(in: json) else { continue }
            values[name] = member.value.string(in: json)
        }
        return values
    }
}
