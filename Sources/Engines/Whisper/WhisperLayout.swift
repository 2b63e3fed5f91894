import COnnxRuntime
import Conversation

/// The numbers of a Whisper model: the sizes of its tensors and its special tokens, as sherpa-onnx's export writes them into the encoder's metadata.
struct WhisperLayout: Sendable, Equatable {
    /// Features of a frame.
    let features: Int
    /// Layers of the decoder.
    let textLayers: Int
    /// The most tokens that the decoder remembers.
    let textPositions: Int
    /// Numbers that it remembers of each.
    let textWidth: Int
    /// Heads of the decoder's attention, in a model that our own conversion made (`Scripts/whisper`); nil in sherpa-onnx's layout.
    let heads: Int?
    /// Tokens that there are.
    let vocabulary: Int
    /// The token that ends a text; those below it are text.
    let endOfText: Int
    /// The token that says that no times are wanted.
    let noTimestamps: Int
    /// The token whose probability, at the first place, is that of a clip without speech.
    let noSpeech: Int
    /// The tokens that every text begins with; in a model of several languages the second one names the language.
    let start: [Int]
    /// The languages of a model of several, in its own order.
    let languages: [String]
    /// Their tokens.
    let languageTokens: [Int]

    /// Text positions of every model that OpenAI published; a model with fewer was trained on short clips.
    private static let usualTextPositions = 448

    /// Whether the model was trained on short clips.
    var isSmall: Bool { textPositions < Self.usualTextPositions }

    /// Reads the numbers.
    ///
    /// - Parameters:
    ///   - metadata: the named texts of the encoder.
    ///   - path: the encoder's path, for the error.
    /// - Throws: ``EngineError`` with `invalid` where one is missing or makes no sense.
    init(_ metadata: [String: String], of path: String) throws(EngineError) {
        let reader = Reader(metadata: metadata, path: path)
        features = try reader.number("n_mels", 1...1_000)
        textLayers = try reader.number("n_text_layer", 1...1_000)
        textPositions = try reader.number("n_text_ctx", 2...100_000)
        textWidth = try reader.number("n_text_state", 1...100_000)
        if metadata["agentos_layout"] != nil {
            _ = try reader.number("agentos_layout", 1...1)
            _ = try reader.number("n_text_layer", 1...Int(AGENTOS_MOST_LAYERS))
            let count = try reader.number("n_text_head", 1...textWidth)
            guard textWidth.isMultiple(of: count) else { throw reader.nonsense("n_text_head") }
            heads = count
        } else {
            heads = nil
        }
        vocabulary = try reader.number("n_vocab", 1...10_000_000)
        let tokens = 0...max(0, vocabulary - 1)
        endOfText = try reader.number("eot", tokens)
        noTimestamps = try reader.number("no_timestamps", tokens)
        noSpeech = try reader.number("no_speech", tokens)
        start = try reader.numbers("sot_sequence", tokens)
        guard try reader.number("is_multilingual", 0...1) == 1 else {
            (languages, languageTokens) = ([], [])
            guard start.count == 1 else { throw reader.nonsense("sot_sequence") }
            return
        }
        languages = (metadata["all_language_codes"] ?? "").split(separator: ",").map(String.init)
        languageTokens = try reader.numbers("all_language_tokens", tokens)
        guard !languages.isEmpty, languages.count == languageTokens.count else { throw reader.nonsense("all_language_tokens") }
        guard start.count == 3 else { throw reader.nonsense("sot_sequence") }
    }

    /// How many tokens every text begins with.
    var promptCount: Int { start.count + 1 }

    /// The tokens that a text in a language begins with; `language` is a token, and ignored by a model of one language.
    func prompt(language: Int?) -> [Int] {
        var prompt = start
        if let language, prompt.count > 1 { prompt[1] = language }
        return prompt + [noTimestamps]
    }

    /// The token of a language; nil where the model does not know it, or knows one only.
    func token(of language: String) -> Int? {
        languages.firstIndex(of: language).map { languageTokens[$0] }
    }

    /// Reads numbers out of named texts.
    private struct Reader {
        let metadata: [String: String]
        let path: String

        func number(_ key: String, _ range: ClosedRange<Int>) throws(EngineError) -> Int {
            guard let number = metadata[key].flatMap({ Int($0) }), range.contains(number) else { throw nonsense(key) }
            return number
        }

        func numbers(_ key: String, _ range: ClosedRange<Int>) throws(EngineError) -> [Int] {
            let parts = (metadata[key] ?? "").split(separator: ",").map { Int($0) }
            let numbers = parts.compactMap(\.self)
            guard !numbers.isEmpty, numbers.count == parts.count, numbers.allSatisfy(range.contains) else { throw nonsense(key) }
            return numbers
        }

        func nonsense(_ key: String) -> EngineError {
            let said = metadata[key].map { "\"\($0.prefix(20))\"" } ?? "nothing"
            return EngineError(.invalid, "\(path) is not a Whisper encoder in sherpa-onnx's layout: its \(key) is \(said)")
        }
    }
}
