/// One frame of audio from Twilio.
package struct StreamMedia: Sendable, Equatable {
    /// `inbound` or `outbound`.
    package var track: String
    /// The frame's number on its track, from 1.
    package var chunk: Int?
    /// Milliseconds since the stream began.
    package var timestamp: Int?
    /// G.711 mu-law at 8,000 Hz, usually 160 bytes.
    package var payload: [UInt8]
    /// The stream it belongs to.
    package var streamSid: String

    /// Makes a frame.
    package init(track: String = "inbound", chunk: Int?, timestamp: Int?, payload: [UInt8], streamSid: String) {
        self.track = track
        self.chunk = chunk
        self.timestamp = timestamp
        self.payload = payload
        self.streamSid = streamSid
    }
}

extension StreamMedia {
    /// Reads `media`, met 50 times a second in every call, in one pass and without copies but for the audio.
    init(_ body: JSONToken, streamSid: JSONToken?, _ json: Span<UInt8>) throws(MediaStreamError) {
        var track: JSONToken?
        var chunk: JSONToken?
        var timestamp: JSONToken?
        var payload: JSONToken?
        var members = JSONMembers(of: body)
        while let member = try members.next(json) {
            if member.key.matches("track", in: json) {
                track = member.value
            } else if member.key.matches("chunk", in: json) {
                chunk = member.value
            } else if member.key.matches("timestamp", in: json) {
                timestamp = member.value
            } else if member.key.matches("payload", in: json) {
                payload = member.value
            }
        }
        guard let payload, payload.kind != .null else { throw MediaStreamError(.missingField, "media has no payload") }
        self.init(
            track: track?.string(in: json) ?? "inbound",
            chunk: chunk?.integer(in: json),
            timestamp: timestamp?.integer(in: json),
            payload: try payload.audio(in: json, limit: MediaStreamCoding.maximumPayload),
            streamSid: streamSid?.string(in: json) ?? ""
        )
    }
}
