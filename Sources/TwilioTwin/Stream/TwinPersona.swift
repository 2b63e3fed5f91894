/// Whom the twin plays on the socket.
package enum TwinPersona: String, Sendable, Codable {
    /// Twilio: its headers, its strictness.
    case twilio
    /// Any other WebSocket client that speaks the same messages: no signature, another user agent, and the server's own JSON events are welcome.
    case plain
}
