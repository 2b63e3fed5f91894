import Conversation

/// What a service attached to a tool call and to the message around it, kept until the next request sends it back.
///
/// Gemini refuses a request without its thought signatures, Moonshot one without `reasoning_content`. The calls of one answer share
/// ``group``, so that the next request holds them in one message, as they came.
struct ChatAttachment: Sendable, Equatable {
    /// The most bytes that are kept.
    static let maximumBytes = 64 << 10

    /// The endpoint and model that attached it: no other endpoint gets it.
    var origin: String
    /// What the calls of one answer have in common.
    var group: String
    /// Members of the assistant's message; only the first call of an answer has them.
    var message: [String: JSONValue] = [:]
    /// Members of the call.
    var call: [String: JSONValue] = [:]
    /// Members of the call's function.
    var function: [String: JSONValue] = [:]

    /// Makes an attachment.
    init(origin: String, group: String) {
        self.origin = origin
        self.group = group
    }

    /// Reads an attachment; nil if there is none.
    init?(of toolCall: ToolCall) {
        guard let text = toolCall.attachment, let group = Self.group(of: toolCall) else { return nil }
        guard let read = try? JSONValue(parsing: String(text.dropFirst(group.count))) else { return nil }
        self.group = String(group)
        origin = read["origin"]?.string ?? ""
        message = read["message"]?.members ?? [:]
        call = read["call"]?.members ?? [:]
        function = read["function"]?.members ?? [:]
    }

    /// The group alone, which stands in front so that it can be read without the rest.
    static func group(of toolCall: ToolCall) -> Substring? { toolCall.attachment?.prefix { $0 != " " } }

    /// The attachment as a tool call keeps it; what belongs to the message is left out if the whole is too large.
    var text: String? {
        let parts: [String: JSONValue] = ["message": .object(message), "call": .object(call), "function": .object(function)]
        let members = parts.filter { !$0.value.isNothing }.merging(["origin": .string(origin)]) { own, _ in own }
        guard let json = try? JSONValue.object(members).text() else { return nil }
        guard json.utf8.count > Self.maximumBytes else { return "\(group) \(json)" }
        var smaller = self
        if !message.isEmpty { smaller.message = [:] } else { (smaller.call, smaller.function) = ([:], [:]) }
        return smaller.text
    }
}

/// Any member of a JSON object.
struct AnyMember: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }

    init(stringValue: String) { self.stringValue = stringValue }

    init?(intValue: Int) { nil }
}

extension KeyedDecodingContainer where Key == AnyMember {
    /// The members that are not among `known` and hold something.
    func members(except known: Set<String>) -> [String: JSONValue] {
        var members: [String: JSONValue] = [:]
        for key in allKeys where !known.contains(key.stringValue) {
            guard let value = try? decode(JSONValue.self, forKey: key), !value.isNothing else { continue }
            members[key.stringValue] = value
        }
        return members
    }
}

extension JSONValue {
    /// The members of an object.
    var members: [String: JSONValue]? {
        if case .object(let members) = self { members } else { nil }
    }

    /// The elements of an array.
    var elements: [JSONValue]? {
        if case .array(let elements) = self { elements } else { nil }
    }

    /// Whether there is nothing in it.
    var isNothing: Bool {
        switch self {
        case .null: true
        case .string(let text): text.isEmpty
        case .array(let elements): elements.isEmpty
        case .object(let members): members.isEmpty
        case .bool, .number, .real: false
        }
    }

    /// Names whose text is never streamed in pieces.
    private static let wholeNames: Set<String> = ["type", "id", "format", "role", "name"]

    /// Adds what a later piece of a stream brings: texts are joined, objects merged, elements of lists merged by their `index`.
    func merged(with piece: JSONValue, name: String = "") -> JSONValue {
        switch (self, piece) {
        case (_, .null): self
        case (.string(let text), .string(let more)):
            Self.wholeNames.contains(name) || (text == more && text.utf8.count > 64) ? piece : .string(text + more)
        case (.object(let members), .object(let more)): .object(members.merging(pieces: more))
        case (.array(let elements), .array(let more)):
            .array(
                more.reduce(into: elements) { elements, piece in
                    if let index = piece["index"], let place = elements.firstIndex(where: { $0["index"] == index }) {
                        elements[place] = elements[place].merged(with: piece)
                    } else {
                        elements.append(piece)
                    }
                }
            )
        default: piece
        }
    }
}

extension [String: JSONValue] {
    /// Adds the members that a later piece of a stream brings.
    func merging(pieces: [String: JSONValue]) -> [String: JSONValue] {
        var members = self
        for (name, piece) in pieces { members[name] = members[name].map { $0.merged(with: piece, name: name) } ?? piece }
        return members
    }
}
