/// Reads and writes the messages of a Media Streams socket.
///
/// Source: Twilio, "Media Streams: WebSocket messages" (docs/voice/media-streams/websocket-messages).
package enum MediaStreamCoding {
    /// The most audio one message from Twilio may hold, in bytes: about eight seconds, where Twilio sends 20 ms.
    package static let maximumPayload = 64 * 1024

    /// Reads a message from Twilio (the server's side).
    ///
    /// Lenient about everything that does not decide what the message means: any order of members, unknown members, numbers for
    /// strings and the reverse; of repeated members the last counts. Unreadable `sequenceNumber`, `chunk` and `timestamp` are nil.
    package static func decodeTwilioMessage(_ json: some Collection<UInt8>) throws(MediaStreamError) -> TwilioMessage {
        // Typed throws do not pass through the standard library's lending call, and a generic result would cost more than reading.
        var message = Result<TwilioMessage, MediaStreamError>.failure(MediaStreamError(.notJSON, "not JSON: empty"))
        lend(json) { bytes in
            message = Result { () throws(MediaStreamError) in try decodeTwilioMessage(bytes) }
        }
        return try message.get()
    }

    /// Reads a message from Twilio out of borrowed memory, such as a `ByteBuffer`'s `readableBytesUInt8Span`.
    package static func decodeTwilioMessage(_ json: Span<UInt8>) throws(MediaStreamError) -> TwilioMessage {
        try TwilioEnvelope(json).message(json)
    }

    /// Reads a message from the server as strictly as Twilio does: extra and missing fields are errors (the twin's side).
    package static func decodeServerMessage(_ json: some Collection<UInt8>) throws(MediaStreamError) -> ServerMessage {
        // Typed throws do not pass through the standard library's lending call, and a generic result would cost more than reading.
        var message = Result<ServerMessage, MediaStreamError>.failure(MediaStreamError(.notJSON, "not JSON: empty"))
        lend(json) { bytes in
            message = Result { () throws(MediaStreamError) in try decodeServerMessage(bytes) }
        }
        return try message.get()
    }

    /// Lends the bytes of `json`, copied only when they do not lie together.
    private static func lend(_ json: some Collection<UInt8>, to body: (Span<UInt8>) -> Void) {
        guard json.withContiguousStorageIfAvailable({ body($0.span) }) == nil else { return }
        let copy = Array(json)
        body(copy.span)
    }
}
