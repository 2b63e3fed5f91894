/// The members of a message from Twilio, found but not yet read.
struct TwilioEnvelope {
    private var event: JSONToken?
    private var sequenceNumber: JSONToken?
    private var streamSid: JSONToken?
    private var protocolName: JSONToken?
    private var version: JSONToken?
    private var start: JSONToken?
    private var media: JSONToken?
    private var dtmf: JSONToken?
    private var mark: JSONToken?
    private var stop: JSONToken?

    /// Finds the members, checking that the whole text is one JSON object.
    init(_ json: Span<UInt8>) throws(MediaStreamError) {
        var members = try JSONMembers(message: json)
        while let member = try members.next(json) { keep(member, json) }
        try members.finish(json)
    }

    private mutating func keep(_ member: JSONMembers.Member, _ json: Span<UInt8>) {
        let (key, value) = (member.key, member.value)
        if key.matches("event", in: json) {
            event = value
        } else if key.matches("media", in: json) {
            media = value
        } else if key.matches("sequenceNumber", in: json) {
            sequenceNumber = value
        } else if key.matches("streamSid", in: json) {
            streamSid = value
        } else {
            keepRare(key, value, json)
        }
    }

    private mutating func keepRare(_ key: JSONToken, _ value: JSONToken, _ json: Span<UInt8>) {
        if key.matches("start", in: json) {
            start = value
        } else if key.matches("dtmf", in: json) {
            dtmf = value
        } else if key.matches("mark", in: json) {
            mark = value
        } else if key.matches("stop", in: json) {
            stop = value
        } else if key.matches("protocol", in: json) {
            protocolName = value
        } else if key.matches("version", in: json) {
            version = value
        }
    }

    /// Reads what the event calls for.
    func message(_ json: Span<UInt8>) throws(MediaStreamError) -> TwilioMessage {
        guard let event, event.kind != .null else { throw MediaStreamError(.missingField, "the message has no event") }
        let sequence = sequenceNumber?.integer(in: json)
        if event.matches("media", in: json) {
            return .media(try StreamMedia(try body(media, "media"), streamSid: streamSid, json), sequenceNumber: sequence)
        }
        guard let name = event.string(in: json) else { throw MediaStreamError(.wrongType, "event is not a string") }
        let stream = streamSid?.string(in: json) ?? ""
        switch name {
        case "connected":
            return .connected(protocol: protocolName?.string(in: json) ?? "", version: version?.string(in: json) ?? "")
        case "start":
            return .start(try StreamStart(try body(start, "start"), streamSid: stream, json), sequenceNumber: sequence)
        case "dtmf":
            let digit = try body(dtmf, "dtmf").required("digit", of: "dtmf", in: json)
            return .dtmf(digit: digit, streamSid: stream, sequenceNumber: sequence)
        case "mark":
            let name = try body(mark, "mark").required("name", of: "mark", in: json)
            return .mark(name: name, streamSid: stream, sequenceNumber: sequence)
        case "stop":
            return .stop(try StreamStop(stop, streamSid: stream, json), sequenceNumber: sequence)
        default:
            return .unknown(event: name)
        }
    }

    /// The object that an event's own fields are in.
    private func body(_ token: JSONToken?, _ name: StaticString) throws(MediaStreamError) -> JSONToken {
        guard let token, token.kind != .null else { throw MediaStreamError(.missingField, "the message has no \(name)") }
        guard token.kind == .object else { throw MediaStreamError(.wrongType, "\(name) is not an object") }
        return token
    }
}
