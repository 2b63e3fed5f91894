/// What a new session is given by the number that was called.
struct CallAssignment: Sendable, Equatable {
    /// Whose session it is.
    var project = "default"
    /// The agent's name; empty where none of the file's answers.
    var agent = ""
    /// The speech-to-text engine.
    var sttProvider: String
}
