/// What went wrong inside an engine (a recogniser, a voice, a detector, an assistant).
package struct EngineError: Error, Sendable, CustomStringConvertible {
    /// What kind of failure it was.
    package enum Code: String, Sendable {
        /// The engine's library or model is not installed.
        case missing
        /// The engine's model or setting cannot be used.
        case invalid
        /// All workers are busy and the queue is full.
        case overloaded
        /// The engine ran and failed.
        case failed
    }

    /// What kind of failure it was.
    package var code: Code
    /// One line: what, why, and how to mend it.
    package var message: String

    /// Makes an error.
    package init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    package var description: String { message }
}
