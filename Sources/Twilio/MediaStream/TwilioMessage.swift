/// A Media Streams message from Twilio to the server.
///
/// Source: Twilio, "Media Streams: WebSocket messages" (docs/voice/media-streams/websocket-messages). Twilio sends
/// `sequenceNumber`, `chunk` and `timestamp` as JSON strings; the decoder takes numbers too.
package enum TwilioMessage: Sendable, Equatable {
    /// The first message on every socket.
    case connected(protocol: String, version: String)
    /// The stream's description, once, right after `connected`.
    case start(StreamStart, sequenceNumber: Int?)
    /// Caller audio.
    case media(StreamMedia, sequenceNumber: Int?)
    /// A key the caller pressed (two-way streams alone).
    case dtmf(digit: String, streamSid: String, sequenceNumber: Int?)
    /// All audio sent before the mark of this name has been played, or was cleared (two-way streams alone).
    case mark(name: String, streamSid: String, sequenceNumber: Int?)
    /// The stream or the call ended.
    case stop(StreamStop, sequenceNumber: Int?)
    /// An event this version does not know; never an error.
    case unknown(event: String)
}
