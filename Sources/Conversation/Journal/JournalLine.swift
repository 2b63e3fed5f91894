import Foundation

/// One line of a call's journal, as JSON.
///
/// The agent's audio is kept as its length alone: decisions depend on nothing else of it.
struct JournalLine: Codable, Equatable {
    /// The call's settings; the first line has nothing else.
    var config: CallMachine.Configuration?
    /// When it happened, on the call's own clock, in ms.
    var at: Int?
    /// What happened.
    var input: CallMachine.Input?
    /// What was decided, one text for each action.
    var actions: [String]?
    /// How many lines could not be kept, where some were lost.
    var lost: Int?

    private static let encoder: JSONEncoder = {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return encoder
    }()

    /// The line's text.
    ///
    /// - Throws: `EncodingError` if a probability is not a number.
    func text() throws -> String { String(decoding: try Self.encoder.encode(self), as: UTF8.self) }

    /// Reads a line.
    init(_ text: String) throws {
        self = try JSONDecoder().decode(JournalLine.self, from: Data(text.utf8))
    }

    /// Makes the line of an entry.
    init(_ entry: JournalEntry) {
        switch entry {
        case .config(let config): self.config = config
        case .step(let atMs, let input, let actions):
            at = atMs
            self.input = input
            self.actions = actions.map(\.journalText)
        case .lost(let count): lost = count
        }
    }
}

extension CallAction {
    /// The action as the journal keeps it: audio by its length.
    var journalText: String {
        if case .line(.audio(let audio)) = self { "audio \(audio.count)" } else { "\(self)" }
    }
}

extension SpeechChunk: Codable {
    private enum CodingKeys: String, CodingKey {
        case samples
        case words
    }

    /// Reads a chunk's length and words; its samples are silence.
    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        // More than any voice hands over at once would only eat memory.
        let count = min(max(0, try container.decode(Int.self, forKey: .samples)), 8_000 * 300)
        self.init(samples: [Int16](repeating: 0, count: count), words: try container.decode([WordTiming].self, forKey: .words))
    }

    /// Writes the chunk's length, in samples, and its words.
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(samples.count, forKey: .samples)
        try container.encode(words, forKey: .words)
    }
}
