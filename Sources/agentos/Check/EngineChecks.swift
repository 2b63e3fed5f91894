import Audio
import Conversation
import Engines
import Foundation
import VoiceServer

/// Checks the engines that this installation has: the voice, the ear for speech, the speech to text.
struct EngineChecks {
    /// What the voice says and the speech to text must read; words that every model knows.
    static let sentence = "can you repeat that please"

    let list: CheckList
    /// The model that the settings name, if they do.
    let wantedModel: String?

    /// Runs them.
    func run() async {
        await list.begin("Engines")
        let fix = "run `make setup`, then `agentos doctor`"
        await list.check("the voice speaks audibly", fix: fix) { try await Self.voiceSpeaks() }
        await list.check("voice activity: speech is heard", fix: fix) { try await Self.speechIsHeard() }
        await list.check("voice activity: silence and line noise are not taken for speech", fix: fix) { try Self.silenceIsSilence() }
        let wanted = wantedModel
        await list.check("speech to text reads '\(Self.sentence)'", fix: "see `agentos models list` and `agentos doctor`") {
            try await Self.readsWords(wanted)
        }
    }

    /// The sentence as the offline voice says it, with half a second of silence on either side; 8,000 Hz.
    static func spoken() async throws -> [Int16] {
        let voice = try FliteSynthesizer(workers: 1)
        let silence = [Int16](repeating: 0, count: 4000)
        var samples = silence
        for try await chunk in voice.speak(sentence) { samples += chunk.samples }
        return samples + silence
    }

    private static func voiceSpeaks() async throws {
        let speech = try await spoken().dropFirst(4000).dropLast(4000)
        let milliseconds = speech.count / 8
        try require((800...6000).contains(milliseconds), "'\(sentence)' takes \(milliseconds) ms")
        let level = Loudness(of: speech).rms
        try require((-40 ... -6).contains(level), "its level is \(Int(level)) dBFS, where -40 to -6 is right on a telephone line")
    }

    /// How many windows of a clip are speech, and how many there are.
    private static func speechWindows(in clip: [Int16]) throws -> (speech: Int, all: Int) {
        var stream = try SileroVoiceActivityDetector(installation: Installation.locate()).makeStream()
        let probabilities = try stream.process(clip)
        return (probabilities.filter { $0 > 0.5 }.count, probabilities.count)
    }

    private static func speechIsHeard() async throws {
        let (speech, all) = try speechWindows(in: try await spoken())
        try require(speech * 10 >= all * 3, "\(speech) of \(all) windows of spoken words are judged speech")
    }

    private static func silenceIsSilence() throws {
        var noise = LineNoise()
        for (name, clip) in [("silence", [Int16](repeating: 0, count: 16_000)), ("line noise", noise.samples(16_000))] {
            let (speech, all) = try speechWindows(in: clip)
            try require(speech == 0, "\(speech) of \(all) windows of \(name) are judged speech")
        }
    }

    private static func transcriber(_ wanted: String?) async throws -> WhisperTranscriber {
        let installation = try Installation.locate()
        let model = try WhisperChoice(wanted, installation).model
        // In a child process first, because a damaged model may end the process.
        try await ModelProbe.probe(model: model)
        return try WhisperTranscriber(model: model, installation: installation, workers: 1)
    }

    private static func readsWords(_ wanted: String?) async throws {
        let read = try await transcriber(wanted).transcribe(try await spoken()).text
        try require(holdsSentence(read), "it reads '\(read)'")
    }

    /// Whether a text contains at least four fifths of the sentence's words.
    ///
    /// A large model may mishear a word of the synthetic voice.
    static func holdsSentence(_ text: String) -> Bool {
        let read = text.lowercased().split { !$0.isLetter }.map(String.init)
        let wanted = sentence.split(separator: " ").map(String.init)
        return wanted.filter(read.contains).count * 5 >= wanted.count * 4
    }
}

/// Faint noise such as lines have, the same each time: about -60 dBFS.
private struct LineNoise {
    private var state: UInt32 = 1

    mutating func samples(_ count: Int) -> [Int16] {
        (0..<count).map { _ in
            // Numerical Recipes' linear congruential generator; its high bits are random enough for noise.
            state = state &* 1_664_525 &+ 1_013_904_223
            return Int16(truncatingIfNeeded: Int(state >> 24) - 128) / 2
        }
    }
}
