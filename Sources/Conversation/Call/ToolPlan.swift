/// How a call treats a tool that its assistant may call.
package struct ToolPlan: Sendable, Equatable, Codable {
    /// What the tool does to the call.
    package enum Kind: String, Sendable, Codable {
        /// Nothing: it is asked something and answers.
        case service
        /// It ends the call once what the agent says with it has been heard.
        case endCall
        /// It puts the caller through to somebody else, once what the agent says with it has been heard.
        case transfer
        /// It presses keys, once what the agent says with it has been heard; the line is away meanwhile and comes back.
        case digits
        /// It puts the caller on hold, once what the agent says with it has been heard, until it has run.
        case hold
        /// The agent does not hear the caller, once what it says with it has been heard, until it has run.
        case mute

        /// Whether the tool waits until all that was said has been heard.
        var waitsForSpeech: Bool { self != .service }
    }

    /// What the tool does to the call.
    package var kind: Kind
    /// Said while the tool takes long; the usual fillers where there is none.
    package var filler: String?
    /// How often one call may use the tool; nil for any number of times.
    package var limit: Int?

    /// Makes a plan.
    package init(_ kind: Kind, filler: String? = nil, limit: Int? = nil) {
        self.kind = kind
        self.filler = filler
        self.limit = limit
    }
}
