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

        /// Whether the tool waits until all that was said has been heard.
        var waitsForSpeech: Bool { self != .service }
    }

    /// What the tool does to the call.
    package var kind: Kind
    /// Said while the tool takes long; the usual fillers where there is none.
    package var filler: String?

    /// Makes a plan.
    package init(_ kind: Kind, filler: String? = nil) {
        self.kind = kind
        self.filler = filler
    }
}
