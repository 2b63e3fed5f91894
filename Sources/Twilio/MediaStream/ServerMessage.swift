/// A Media Streams message from the server to Twilio, on a two-way stream alone.
///
/// Twilio takes exactly these shapes: an extra field is reported as error 31951.
package enum ServerMessage: Sendable, Equatable {
    /// Audio for the caller: G.711 mu-law at 8,000 Hz, any number of bytes, without a file header.
    case media(payload: [UInt8], streamSid: String)
    /// Asks for an echo of this name once everything sent before it has been played or cleared.
    case mark(name: String, streamSid: String)
    /// Empties Twilio's playout buffer and returns every pending mark.
    case clear(streamSid: String)
}
