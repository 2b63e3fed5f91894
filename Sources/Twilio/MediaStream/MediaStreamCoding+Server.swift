extension MediaStreamCoding {
    /// Appends a message to Twilio as JSON (the server's side).
    package static func encode(_ message: ServerMessage, into json: inout [UInt8]) {
        switch message {
        case .media(let payload, let stream):
            json.reserveCapacity(json.count + 96 + stream.utf8.count + (payload.count + 2) / 3 * 4)
            json.append(json: "{\"event\":\"media\"")
            json.append(member: "streamSid", stream)
            json.append(json: ",\"media\":{\"payload\":\"")
            Base64.encode(payload.span, into: &json)
            json.append(json: "\"}}")
        case .mark(let name, let stream):
            json.append(json: "{\"event\":\"mark\"")
            json.append(member: "streamSid", stream)
            json.append(json: ",\"mark\":{\"name\":")
            json.append(jsonString: name)
            json.append(json: "}}")
        case .clear(let stream):
            json.append(json: "{\"event\":\"clear\"")
            json.append(member: "streamSid", stream)
            json.append(json: "}")
        }
    }

    /// Reads a message from the server, out of borrowed memory, as strictly as Twilio does (the twin's side).
    ///
    /// Of repeated members the last counts. A payload may be of any size, as Twilio documents.
    package static func decodeServerMessage(_ json: Span<UInt8>) throws(MediaStreamError) -> ServerMessage {
        var event: JSONToken?
        var stream: JSONToken?
        var body: JSONMembers.Member?
        var extra: JSONToken?
        var members = try JSONMembers(message: json)
        while let member = try members.next(json) {
            if member.key.matches("event", in: json) {
                event = member.value
            } else if member.key.matches("streamSid", in: json) {
                stream = member.value
            } else if member.key.matches("media", in: json) || member.key.matches("mark", in: json) {
                // A message has one body: a second one of another name is a field too many.
                if let other = body?.key, other.string(in: json) != member.key.string(in: json) { extra = member.key }
                body = member
            } else {
                extra = member.key
            }
        }
        try members.finish(json)
        let name = try strict(event, "event", json)
        guard ["media", "mark", "clear"].contains(name) else {
            throw MediaStreamError(.unknownEvent, "unknown event \(printable(name))")
        }
        if let body, body.key.string(in: json) != name { extra = body.key }
        if let extra { throw MediaStreamError(.extraField, "\(name) has the extra field \(printable(extra.string(in: json)))") }
        return try serverMessage(name, body?.value, streamSid: try strict(stream, "streamSid", json), json)
    }

    private static func serverMessage(
        _ event: String,
        _ body: JSONToken?,
        streamSid: String,
        _ json: Span<UInt8>
    ) throws(MediaStreamError) -> ServerMessage {
        switch event {
        case "media":
            let payload = try onlyMember("payload", of: body, "media", json)
            _ = try strict(payload, "media.payload", json)
            return .media(payload: try payload.audio(in: json, limit: .max - 2), streamSid: streamSid)
        case "mark":
            let name = try onlyMember("name", of: body, "mark", json)
            return .mark(name: try strict(name, "mark.name", json), streamSid: streamSid)
        default:
            return .clear(streamSid: streamSid)
        }
    }

    /// The value of the one member that an object must have and may have.
    private static func onlyMember(
        _ name: StaticString,
        of body: JSONToken?,
        _ parent: StaticString,
        _ json: Span<UInt8>
    ) throws(MediaStreamError) -> JSONToken {
        guard let body else { throw MediaStreamError(.missingField, "\(parent) is missing") }
        guard body.kind == .object else { throw MediaStreamError(.wrongType, "\(parent) is not an object") }
        var found: JSONToken?
        var members = JSONMembers(of: body)
        while let member = try members.next(json) {
            guard member.key.matches(name, in: json) else {
                throw MediaStreamError(.extraField, "\(parent) has the extra field \(printable(member.key.string(in: json)))")
            }
            found = member.value
        }
        guard let found else { throw MediaStreamError(.missingField, "\(parent).\(name) is missing") }
        return found
    }

    /// The text of a value that must be a JSON string.
    private static func strict(_ token: JSONToken?, _ name: StaticString, _ json: Span<UInt8>) throws(MediaStreamError) -> String {
        guard let token else { throw MediaStreamError(.missingField, "\(name) is missing") }
        guard token.kind == .string || token.kind == .escapedString, let text = token.string(in: json) else {
            throw MediaStreamError(.wrongType, "\(name) is not a string")
        }
        return text
    }

    /// A name from the other side, made fit for one line of a log.
    private static func printable(_ name: String?) -> String {
        let visible = (name ?? "").unicodeScalars.prefix(40).filter { (0x20..<0x7F).contains($0.value) }
        return "'" + String(String.UnicodeScalarView(visible)) + "'"
    }
}
