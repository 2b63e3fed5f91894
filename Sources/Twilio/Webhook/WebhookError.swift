/// Why a webhook cannot be acted on.
package struct WebhookError: Error, Sendable, Equatable, CustomStringConvertible {
    /// What kind of fault it is.
    package enum Code: String, Sendable {
        /// Parameters that every call has are absent or blank.
        case missingParameters
        /// `From` or `To` is longer than any address.
        case badAddress
        /// `CallSid` is not `CA` followed by 1 to 64 letters and digits.
        case badCallSid
    }

    /// What kind of fault it is.
    package var code: Code
    /// The parameters at fault, in the order `CallSid`, `From`, `To`.
    package var parameters: [String]
    /// One line a person can act on; holds no caller input.
    package var message: String

    /// Makes an error.
    package init(_ code: Code, parameters: [String], _ message: String) {
        self.code = code
        self.parameters = parameters
        self.message = message
    }

    package var description: String { message }
}
