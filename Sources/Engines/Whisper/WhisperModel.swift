package import Conversation
import Foundation

/// A Whisper model in a folder, in the layout that sherpa-onnx exports: an encoder, a decoder and a token list.
///
/// Making one reads the files' heads and refuses what the engine would end the process on. What can only be known by loading, ``ModelProbe`` finds out.
package struct WhisperModel: Sendable, Equatable {
    /// The folder's name.
    package var name: String
    /// The folder.
    package var folder: String
    /// The path of the encoder.
    package var encoder: String
    /// The path of the decoder.
    package var decoder: String
    /// The path of the token list.
    package var tokens: String
    /// The languages the model can be told to expect (ISO 639-1); empty where it knows only one.
    package var languages: [String]
    /// The longest clip, in milliseconds, that the model reads well; longer utterances are cut at their quietest point.
    package var longestClip: Int
    /// Frames (10 ms) of silence added to each clip; -1 for the engine's own choice.
    package var tailPaddings: Int

    /// Text positions of every model that OpenAI published; a model with fewer was trained on short clips.
    private static let usualTextContext = 448
    /// From this size of encoder on (Whisper `base` has 95 MB, `tiny` 38 MB), the int8 files are used where they are there.
    private static let largeEncoder: UInt64 = 64 << 20
    /// Metadata without which, or with other values than these, the engine ends the process or runs out of memory (offline-whisper-model.cc).
    private static let requiredNumbers: [(key: String, range: ClosedRange<Int>)] = [
        ("n_mels", 1...1_000), ("n_text_layer", 1...1_000), ("n_text_ctx", 2...100_000), ("n_text_state", 1...100_000), ("n_vocab", 1...10_000_000),
        ("sot", 0...10_000_000), ("eot", 0...10_000_000), ("blank_id", 0...10_000_000), ("translate", 0...10_000_000),
        ("transcribe", 0...10_000_000), ("no_timestamps", 0...10_000_000), ("no_speech", 0...10_000_000), ("is_multilingual", 0...1),
    ]

    /// Finds the model in a folder.
    ///
    /// - Throws: ``EngineError`` with `missing` where there is none, `invalid` where a file is empty, cut off or something else.
    package init(folder: String) throws(EngineError) {
        let files = try WhisperModelFiles(folder: folder, largeEncoder: Self.largeEncoder)
        let header = try ONNXHeader(reading: files.encoder)
        _ = try ONNXHeader(reading: files.decoder)
        let numbers = try Self.numbers(in: header, of: files.encoder)
        let isMultilingual = numbers["is_multilingual"] == 1
        let isSmall = (numbers["n_text_ctx"] ?? 0) < Self.usualTextContext
        // All that comes before the end-of-text token is text; an export may leave the last of it out.
        try Self.checkTokens(files.tokens, atLeast: (numbers["eot"] ?? 0) - 1)
        self.folder = folder
        name = URL(fileURLWithPath: folder).lastPathComponent
        encoder = files.encoder
        decoder = files.decoder
        tokens = files.tokens
        languages = isMultilingual ? (header.metadata["all_language_codes"] ?? "").split(separator: ",").map(String.init) : []
        // The engine refuses 30 s; a second is left for its own silence. The small model's figures are those it was measured with (MODEL.md).
        longestClip = isSmall ? 6_000 : 29_000
        tailPaddings = isSmall ? 60 : -1
    }

    /// The model's own code for a language; nil if it does not know the language.
    ///
    /// Whisper has older codes for a few, and a model of one language knows English.
    package func code(for language: String) -> String? {
        let known = languages.isEmpty ? ["en"] : languages
        let others = ["jv": "jw", "nb": "no", "nn": "no", "fil": "tl", "yue": "zh", "he": "iw"]
        return [language, others[language]].compactMap(\.self).first(where: known.contains)
    }

    /// The error of a language that the model does not know.
    package func unknown(_ language: String) -> EngineError {
        EngineError(.invalid, "the speech model \(name) \(languages.isEmpty ? "knows English only" : "does not know the language \(language)")")
    }

    private static func numbers(in header: ONNXHeader, of path: String) throws(EngineError) -> [String: Int] {
        var numbers: [String: Int] = [:]
        for (key, range) in requiredNumbers {
            guard let number = header.metadata[key].flatMap({ Int($0) }), range.contains(number) else {
                let said = header.metadata[key].map { "\"\($0.prefix(20))\"" } ?? "nothing"
                throw EngineError(.invalid, "\(path) is not a Whisper encoder for sherpa-onnx: its \(key) is \(said)")
            }
            numbers[key] = number
        }
        return numbers
    }

    /// Checks that each line is a base64 text and a number, and that there are enough.
    private static func checkTokens(_ path: String, atLeast count: Int) throws(EngineError) {
        let damaged = EngineError(.invalid, "\(path) is not a token list for sherpa-onnx: each line must be a base64 text and a number")
        guard let content = try? Data(contentsOf: URL(fileURLWithPath: path)), !content.isEmpty else { throw damaged }
        let lines = content.split(separator: UInt8(ascii: "\n"))
        for line in lines {
            let fields = line.split(separator: UInt8(ascii: " "))
            guard fields.count == 2, fields[0].allSatisfy(isBase64), Int(String(decoding: fields[1].filter { $0 != 13 }, as: UTF8.self)) != nil else {
                throw damaged
            }
        }
        guard lines.count >= count else {
            throw EngineError(
                .invalid,
                "\(path) lists \(lines.count) tokens, but the encoder beside it knows \(count + 1): it belongs to another model"
            )
        }
    }

    private static func isBase64(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
        case UInt8(ascii: "+"), UInt8(ascii: "/"), UInt8(ascii: "="): true
        default: false
        }
    }
}
