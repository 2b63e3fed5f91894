/// What an operator, a key or another program can have done in a live call.
package enum CallCommand: Sendable, Equatable, Codable {
    /// Puts the caller on hold.
    case hold
    /// Takes the caller off hold.
    case resume
    /// Mutes one side.
    case mute(MuteSide)
    /// Unmutes one side.
    case unmute(MuteSide)
    /// Has the agent say this text.
    case say(String)
    /// Presses these keys on the line.
    case digits(String)
    /// Puts the caller through to a destination of the agent.
    case transfer(destination: String)
    /// Ends the call.
    case end

    /// The names of all commands.
    package static let names = ["hold", "resume", "mute", "unmute", "say", "dtmf", "transfer", "end"]

    /// The name that routes, events and audit records use.
    package var name: String {
        switch self {
        case .hold: "hold"
        case .resume: "resume"
        case .mute: "mute"
        case .unmute: "unmute"
        case .say: "say"
        case .digits: "dtmf"
        case .transfer: "transfer"
        case .end: "end"
        }
    }
}

/// Who gave a command.
package enum CommandSource: String, Sendable, Codable {
    /// The REST API.
    case api
    /// The caller, by a key.
    case key
}

/// What a mute affects.
package enum MuteSide: String, Sendable, Codable, CaseIterable {
    /// The agent does not hear the caller.
    case caller
    /// The agent does not speak.
    case agent
}

/// Why a live call refuses a command.
package struct CommandRefusal: Error, Sendable, Equatable {
    /// One line that a person can act on.
    package var message: String

    /// Makes a refusal.
    package init(_ message: String) { self.message = message }
}

/// Why the caller is put on hold, or is not on hold any more.
package enum HoldCause: String, Sendable, Codable {
    /// A command, or the end of the hold by one.
    case command
    /// A key that the caller pressed.
    case key
    /// A tool of the assistant.
    case tool
    /// Somebody else is being called for the caller.
    case transfer
    /// The hold has taken as long as it may.
    case limit
}

/// What callers hear on hold, and for how long.
package struct HoldConfiguration: Sendable, Equatable, Codable {
    /// What is heard between the spoken lines.
    package enum Sound: String, Sendable, Codable, CaseIterable {
        /// Nothing.
        case silence
        /// The agent's music.
        case music
        /// The ringing that callers hear while a telephone rings.
        case ringing
    }

    /// What is heard on hold.
    package var sound = Sound.silence
    /// Said again and again on hold; empty for nothing.
    package var line = FixedWords.english.holdLine
    /// How often it is said, in ms.
    package var lineEveryMs = 10_000
    /// A hold ends after this long, in ms, although no one has ended it.
    package var limitMs = 600_000
    /// Said when the hold is over.
    package var welcomeBack = FixedWords.english.holdOver
    /// A transfer may take this long, in ms, until somebody has taken the call or no one will.
    package var transferLimitMs = 300_000
    /// What a key does that the caller presses, by key.
    package var keys: [String: CallCommand] = [:]

    /// The defaults.
    package init() {}
}

/// What keeps the agent from hearing or speaking.
package struct Standing: Sendable, Equatable, Codable {
    /// Whether the caller is on hold.
    package var isOnHold = false
    /// The sides that are muted.
    package var mutes: Set<MuteSide> = []

    /// Makes a standing.
    package init(isOnHold: Bool = false, mutes: Set<MuteSide> = []) {
        self.isOnHold = isOnHold
        self.mutes = mutes
    }
}
