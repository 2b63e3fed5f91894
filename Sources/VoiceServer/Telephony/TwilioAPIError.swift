import Twilio

/// Why a call could not be changed by Twilio's REST API.
struct TwilioAPIError: Error, Sendable, Equatable, CustomStringConvertible {
    /// What kind of failure it is.
    enum Code: Sendable {
        /// No connection was made: nothing happened to the call.
        case unreachable
        /// Twilio, or we in its stead, refused the request: nothing happened to the call.
        case refused
        /// No answer in time: the call may have been changed.
        case timedOut
        /// The connection broke: the call may have been changed.
        case broken
        /// The answer cannot be read: the call may have been changed.
        case badAnswer
    }

    /// What kind of failure it is.
    var code: Code
    /// One line a person can act on; no secrets.
    var message: String
    /// Twilio's own words, where it gave any.
    var cause: TwilioRESTError?

    /// Makes an error.
    init(_ code: Code, _ message: String, cause: TwilioRESTError? = nil) {
        self.code = code
        self.message = message
        self.cause = cause
    }

    var description: String { message }

    /// Whether the call is over, or Twilio does not know it any more.
    var isCallOver: Bool { cause?.code == TwilioRESTError.notInProgress.code || cause?.status == 404 }
}
