extension MediaStreamCoding {
    /// Appends a message from Twilio as JSON, with exactly Twilio's field types (the twin's side).
    ///
    /// Members stand in the order Twilio was seen to send them; numbers that are nil are left out.
    package static func encode(_ message: TwilioMessage, into json: inout [UInt8]) {
        switch message {
        case .connected(let protocolName, let version):
            open("connected", nil, &json)
            json.append(member: "protocol", protocolName)
            json.append(member: "version", version)
        case .start(let start, let sequence):
            open("start", sequence, &json)
            encode(start, into: &json)
        case .media(let media, let sequence):
            open("media", sequence, &json)
            encode(media, into: &json)
        case .dtmf(let digit, let stream, let sequence):
            openInStream("dtmf", stream, sequence, &json)
            json.append(json: ",\"dtmf\":{\"track\":\"inbound_track\"")
            json.append(member: "digit", digit)
            json.append(json: "}")
        case .mark(let name, let stream, let sequence):
            openInStream("mark", stream, sequence, &json)
            json.append(json: ",\"mark\":{\"name\":")
            json.append(jsonString: name)
            json.append(json: "}")
        case .stop(let stop, let sequence):
            openInStream("stop", stop.streamSid, sequence, &json)
            json.append(json: ",\"stop\":{\"accountSid\":")
            json.append(jsonString: stop.accountSid)
            json.append(member: "callSid", stop.callSid)
            json.append(json: "}")
        case .unknown(let event):
            open(event, nil, &json)
        }
        json.append(json: "}")
    }

    private static func open(_ event: String, _ sequence: Int?, _ json: inout [UInt8]) {
        json.append(json: "{\"event\":")
        json.append(jsonString: event)
        json.append(member: "sequenceNumber", numeral: sequence)
    }

    private static func openInStream(_ event: String, _ stream: String, _ sequence: Int?, _ json: inout [UInt8]) {
        open(event, sequence, &json)
        json.append(member: "streamSid", stream)
    }

    private static func encode(_ start: StreamStart, into json: inout [UInt8]) {
        json.append(json: ",\"start\":{\"accountSid\":")
        json.append(jsonString: start.accountSid)
        json.append(member: "streamSid", start.streamSid)
        json.append(member: "callSid", start.callSid)
        json.append(json: ",\"tracks\":[")
        for (index, track) in start.tracks.enumerated() {
            if index > 0 { json.append(json: ",") }
            json.append(jsonString: track)
        }
        json.append(json: "],\"mediaFormat\":{\"encoding\":")
        json.append(jsonString: start.encoding)
        json.append(json: ",\"sampleRate\":")
        json.append(jsonNumber: start.sampleRate)
        json.append(json: ",\"channels\":")
        json.append(jsonNumber: start.channels)
        json.append(json: "},\"customParameters\":{")
        for (index, parameter) in start.customParameters.sorted(by: { $0.key < $1.key }).enumerated() {
            if index > 0 { json.append(json: ",") }
            json.append(jsonString: parameter.key)
            json.append(json: ":")
            json.append(jsonString: parameter.value)
        }
        json.append(json: "}}")
        json.append(member: "streamSid", start.streamSid)
    }

    private static func encode(_ media: StreamMedia, into json: inout [UInt8]) {
        json.append(json: ",\"media\":{\"track\":")
        json.append(jsonString: media.track)
        json.append(member: "chunk", numeral: media.chunk)
        json.append(member: "timestamp", numeral: media.timestamp)
        json.append(json: ",\"payload\":\"")
        Base64.encode(media.payload.span, into: &json)
        json.append(json: "\"}")
        json.append(member: "streamSid", media.streamSid)
    }
}
