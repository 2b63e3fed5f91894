import Audio
import Conversation
import Diagnostics

extension AgentDefinition {
    /// What callers hear on hold.
    package struct Hold: Sendable, Equatable {
        /// Music at 8,000 Hz; nil for silence between the lines.
        package var music: [Int16]?
        /// Said at intervals; empty for nothing, nil for the words of the agent's language.
        package var line: String?
        /// How often it is said, in seconds.
        package var lineSeconds: Int?
        /// A hold ends after this long, in seconds, although no one has ended it.
        package var longestSeconds: Int?
        /// Said when the hold is over; nil for the words of the agent's language.
        package var welcomeBack: String?

        /// The defaults.
        package init() {}
    }
}

extension AgentDefinition.Hold {
    /// A longer file would take much memory for each agent.
    private static let longestMusicSeconds = 600

    /// Reads it; relative paths start at the working directory.
    init(_ value: YAMLValue) {
        self.init()
        let fields = value.fields(["music", "line", "line_seconds", "longest_seconds", "welcome_back"], of: "key of a hold")
        music = fields["music"].flatMap(Self.music)
        line = fields["line"]?.text()
        lineSeconds = fields["line_seconds"]?.number(in: 5...600)
        longestSeconds = fields["longest_seconds"]?.number(in: 5...7200)
        welcomeBack = fields["welcome_back"]?.words()
    }

    private static func music(_ value: YAMLValue) -> [Int16]? {
        guard let path = value.filledWords() else { return nil }
        do {
            let samples = try WAVFile.read(path: path).mono(at: 8000)
            guard !samples.isEmpty, samples.count <= longestMusicSeconds * 8000 else {
                value.note("is empty, or longer than \(longestMusicSeconds) seconds")
                return nil
            }
            return samples
        } catch {
            value.note("cannot be played: \(ErrorText.of(error))")
            return nil
        }
    }

    /// Makes a call's rules for holding the agent's.
    func adjust(_ rules: inout HoldConfiguration) {
        rules.sound = music == nil ? .silence : .music
        if let line { rules.line = line }
        if let lineSeconds { rules.lineEveryMs = lineSeconds * 1000 }
        if let longestSeconds { rules.limitMs = longestSeconds * 1000 }
        if let welcomeBack { rules.welcomeBack = welcomeBack }
    }
}

/// Reads what keys do.
enum KeyReader {
    private static let keys = "0123456789*#"
    private static let commands = "hold, mute, end, or transfer and a name of the agent's `transfer`"

    /// Reads a key's command; nil if it is none.
    static func read(_ member: YAMLMember, transfers: [String]) -> (key: String, command: CallCommand)? {
        guard member.name.count == 1, keys.contains(member.name) else {
            member.value.faults.add("is not one of the keys 0 to 9, * and #", at: member.place, path: member.value.path)
            return nil
        }
        guard let words = member.value.words()?.split(whereSeparator: \.isWhitespace).map(String.init) else { return nil }
        switch (words.first, words.count) {
        case ("hold", 1): return (member.name, .hold)
        case ("mute", 1): return (member.name, .mute(.caller))
        case ("end", 1): return (member.name, .end)
        case ("transfer", 2):
            guard transfers.contains(words[1]) else {
                member.value.note(DeclaredName.unknown(words[1], "transfer of this agent", transfers))
                return nil
            }
            return (member.name, .transfer(destination: words[1]))
        default:
            member.value.note("is not \(commands)")
            return nil
        }
    }
}
