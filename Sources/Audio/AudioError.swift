/// Audio that cannot be read, written or converted.
///
/// Shortened audio is *not* an error: a WAV file that was cut off is read as far as it goes.
package struct AudioError: Error, Sendable, CustomStringConvertible {
    /// What kind of failure this is.
    package struct Code: Sendable, Hashable, CustomStringConvertible {
        private enum Value: String {
            case malformedFile, unsupportedFormat, invalidRate, outOfMemory, unreadableFile, unwritableFile
        }

        private let value: Value

        /// The bytes are not a WAV file, or contradict themselves.
        package static let malformedFile = Code(value: .malformedFile)
        /// The file is well formed, but in an encoding that is not read here.
        package static let unsupportedFormat = Code(value: .unsupportedFormat)
        /// A sample rate outside ``Resampler/supportedRates``.
        package static let invalidRate = Code(value: .invalidRate)
        /// The converter's filter could not be allocated.
        package static let outOfMemory = Code(value: .outOfMemory)
        /// The file does not exist or may not be read.
        package static let unreadableFile = Code(value: .unreadableFile)
        /// The file may not be written.
        package static let unwritableFile = Code(value: .unwritableFile)

        /// The code's name.
        package var description: String { value.rawValue }
    }

    /// What kind of failure this is.
    package var code: Code
    /// What failed and why, in one line.
    package var message: String
    /// The failure below this one, where there is one.
    package var cause: (any Error)?

    /// Makes an error.
    package init(code: Code, message: String, cause: (any Error)? = nil) {
        self.code = code
        self.message = message
        self.cause = cause
    }

    /// The code and the message, in one line.
    package var description: String { "\(code): \(message)" }
}
