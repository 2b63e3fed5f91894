/// Why a text frame is not a Media Streams message.
package struct MediaStreamError: Error, Sendable, Equatable, CustomStringConvertible {
    /// What kind of fault it is.
    package enum Code: String, Sendable {
        case notUTF8
        case notJSON
        case tooDeep
        case missingField
        case wrongType
        case badBase64
        case payloadTooLarge
        case extraField
        /// A message to Twilio with an `event` that it does not take; from Twilio it is no error.
        case unknownEvent
    }

    /// What kind of fault it is.
    package var code: Code
    /// One line naming the field and the fault; holds no caller input beyond field names.
    package var message: String

    /// Makes an error.
    package init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    package var description: String { message }
}
