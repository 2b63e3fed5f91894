/// What Twilio's debugger would show for this call.
///
/// Source: Twilio, "Error and Warning Dictionary" (docs/api/errors).
package struct TwilioFault: Sendable, Equatable, CustomStringConvertible {
    /// Twilio's number, for example 31951.
    package var code: Int
    /// One line: what the server did.
    package var message: String

    /// Makes a fault.
    package init(code: Int, message: String) {
        self.code = code
        self.message = message
    }

    package var description: String { "Twilio \(code): \(message)" }
}

extension TwilioFault {
    /// Webhook or callback could not be fetched.
    static let retrievalFailure = 11200
    /// `<Dial>` in the document that a party of a `<Dial>` hears first.
    static let dialInWhisper = 13201
    /// Verbs that are not allowed in what a conference plays before it begins.
    static let badWaiting = 13238
    /// A StatusCallbackEvent that Twilio does not know.
    static let unknownCallbackEvent = 21626
    /// A URL in a document given by REST is not absolute.
    static let relativeURL = 15004
    /// The socket's connection was refused or did not come up, TLS included (which Twilio numbers 31901 to 31910).
    static let connectionRefused = 31902
    /// The server vanished without a close frame.
    static let brokenPipe = 31903
    /// The handshake was answered with anything but 101.
    static let handshakeRefused = 31920
    /// The server closed the socket while the stream was active; logged for intended closes too.
    static let closedByServer = 31921
    /// The stream's scheme is not `wss`.
    static let notSecure = 31922
    /// The stream's URL cannot be read.
    static let malformedURL = 31923
    /// Something was sent on a one-way stream.
    static let protocolViolation = 31924
    /// The server reads too slowly: caller audio was thrown away.
    static let slowReader = 31930
    /// Over ten minutes of audio wait to be played.
    static let bufferOverflow = 31931
    /// A track that the verb does not allow.
    static let badTrack = 31941
    /// A binary frame.
    static let binaryFrame = 31950
    /// Not JSON, an unknown event, a missing or an extra field, or another stream's `streamSid`.
    static let invalidMessage = 31951
}
