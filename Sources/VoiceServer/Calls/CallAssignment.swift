/// What a new session is given by the number that was called.
struct CallAssignment: Sendable, Equatable {
    /// Whose session it is.
    var project = "default"
    /// The speech-to-text engine.
    var sttProvider: String
}
