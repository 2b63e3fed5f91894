/// Why a call, or a part of it, could not be placed.
///
/// What is not an error: a stream that the server closes, a rejected call, faults Twilio would only log (``TwilioFault``).
package struct TwinError: Error, Sendable, Equatable, CustomStringConvertible {
    /// What failed.
    package enum Code: String, Sendable, Codable {
        /// A URL in the configuration or the document that cannot be used.
        case invalidURL = "invalid_url"
        /// No HTTP answer: no connection, or none in time.
        case webhookUnreachable = "webhook_unreachable"
        /// An HTTP answer other than 2xx.
        case webhookStatus = "webhook_status"
        /// A 2xx answer that is not TwiML.
        case webhookNotTwiML = "webhook_not_twiml"
        /// More `<Redirect>`s than the configuration allows.
        case tooManyRedirects = "too_many_redirects"
        /// No connection to the media socket.
        case socketUnreachable = "socket_unreachable"
        /// The media socket's handshake was answered with something else than 101.
        case handshakeRefused = "handshake_refused"
        /// The media socket's connection broke.
        case socketLost = "socket_lost"
        /// The port for Twilio's API cannot be listened on.
        case portUnavailable = "port_unavailable"
        /// The file of certificates to trust cannot be read.
        case unreadableCertificates = "unreadable_certificates"
        /// A verb that a callee's call cannot run in the simulator.
        case unsupportedVerb = "unsupported_verb"
        /// A status callback failed.
        case callbackFailed = "callback_failed"
    }

    /// What failed.
    package var code: Code
    /// One line: what, why, how to mend it.
    package var message: String
    /// The HTTP status, where there was one.
    package var status: Int?

    /// Makes an error.
    package init(_ code: Code, _ message: String, status: Int? = nil) {
        self.code = code
        self.message = message
        self.status = status
    }

    package var description: String { message }
}
