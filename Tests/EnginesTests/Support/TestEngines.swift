import Testing
import Audio
import Conversation
import Engines
import Foundation

/// The real engines, loaded once for all tests, and the files they are tried with.
enum TestEngines {
    /// The folder that holds the package.
    static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(path: "../../..").standardizedFileURL.path

    static let installation = Installation(root: root, pulledModelsFolder: "\(root)/no-pulled-models")

    static func bundledModel() throws -> WhisperModel { try WhisperModel(folder: installation.bundledModelFolder) }

    static func transcriber() throws -> WhisperTranscriber { try loadedTranscriber.get() }

    static func detector() throws -> SileroVoiceActivityDetector { try loadedDetector.get() }

    static func synthesizer() throws -> FliteSynthesizer { try loadedSynthesizer.get() }

    /// A caller's clip by name, at 8 kHz.
    static func sample(_ name: String) throws -> [Int16] {
        try WAVFile.read(path: "\(root)/Samples/\(name).wav").mono(at: 8_000)
    }

    private static let loadedTranscriber = Result { try WhisperTranscriber(model: bundledModel(), installation: installation, workers: 2) }
    private static let loadedDetector = Result { try SileroVoiceActivityDetector(installation: installation) }
    private static let loadedSynthesizer = Result { try FliteSynthesizer() }
}

/// Everything a synthesizer said of one text.
struct Speech {
    var chunks: [SpeechChunk] = []

    var samples: [Int16] { chunks.flatMap(\.samples) }
    var words: [WordTiming] { chunks.flatMap(\.words) }
    var milliseconds: Int { samples.count / 8 }

    init(of text: String, by synthesizer: some Synthesizer) async throws {
        for try await chunk in synthesizer.speak(text) { chunks.append(chunk) }
    }
}

/// The clips' names and the words in them (Samples/README.md).
struct Clip: Sendable, CustomTestStringConvertible {
    var name: String
    var words: String

    var testDescription: String { name }

    static let all = [
        Clip(name: "caller-book-table", words: "i would like to book a table for two"),
        Clip(name: "caller-digits", words: "seven three one five nine"),
        Clip(name: "caller-yes", words: "yes please"),
        Clip(name: "caller-no", words: "no thank you"),
        Clip(name: "caller-goodbye", words: "thank you goodbye"),
        Clip(name: "caller-opening-hours", words: "what are your opening hours"),
        Clip(name: "caller-operator", words: "i would like to speak to an operator"),
        Clip(name: "caller-repeat", words: "can you repeat that please"),
        Clip(name: "caller-stop", words: "stop"),
        Clip(name: "caller-unseen-voice", words: "please transfer me to the sales department"),
    ]
}
