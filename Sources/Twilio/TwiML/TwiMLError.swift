/// What Twilio would log for a document it refuses.
package struct TwiMLError: Error, Sendable, Equatable, CustomStringConvertible {
    /// Twilio's error code, for example 12100 (document parse failure).
    package var code: Int
    /// One line: what and where.
    package var message: String

    /// Makes an error.
    package init(code: Int, message: String) {
        self.code = code
        self.message = message
    }

    package var description: String { "Twilio error \(code): \(message)" }
}

/// The codes this product can give, by meaning (docs/api/errors).
extension TwiMLError {
    /// 11750: the document is over 64 kB.
    static func tooLarge(_ message: String) -> TwiMLError { TwiMLError(code: 11750, message: message) }
    /// 12100: not XML, or not a `<Response>`.
    static func notXML(_ message: String) -> TwiMLError { TwiMLError(code: 12100, message: message) }
    /// 12200: XML that the schema of TwiML does not allow.
    static func notSchema(_ message: String) -> TwiMLError { TwiMLError(code: 12200, message: message) }
    /// 13220: a ring tone that Twilio does not know.
    static func badRingTone(_ message: String) -> TwiMLError { TwiMLError(code: 13220, message: message) }
    /// 14300: `<Start>` around something that cannot be started.
    static func badNoun(_ message: String) -> TwiMLError { TwiMLError(code: 14300, message: message) }
    /// 31922: a stream to a URL that is not `wss:`.
    static func badScheme(_ message: String) -> TwiMLError { TwiMLError(code: 31922, message: message) }
    /// 31923: a stream to something that is no URL.
    static func badURL(_ message: String) -> TwiMLError { TwiMLError(code: 31923, message: message) }
    /// 31941: a track that the kind of stream does not offer.
    static func badTrack(_ message: String) -> TwiMLError { TwiMLError(code: 31941, message: message) }
}
