package import Conversation
import Foundation

/// A Whisper model in a folder, in the layout that sherpa-onnx exports: an encoder, a decoder and a token list.
///
/// Making one reads the files' heads and refuses what cannot be one. What can only be known by loading, ``ModelProbe`` finds out.
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
    /// The languages the model can be told to expect (ISO 639-1); empty if it knows one only.
    package var languages: [String] { layout.languages }
    /// The longest clip, in milliseconds, that the model reads well; longer utterances are cut at their quietest point.
    package var longestClip: Int
    /// Frames (10 ms) of silence added to each clip; -1 for the engine's own choice.
    package var tailPaddings: Int
    /// The model's numbers.
    let layout: WhisperLayout

    /// The encoder size from which int8 files are preferred, in bytes; Whisper `tiny` has 38 MB.
    private static let largeEncoder: UInt64 = 16 << 20

    /// Finds the model in a folder.
    ///
    /// - Throws: ``EngineError`` with `missing` where there is none, `invalid` where a file is empty, cut off or something else.
    package init(folder: String) throws(EngineError) {
        let files = try WhisperModelFiles(folder: folder, largeEncoder: Self.largeEncoder)
        let header = try ONNXHeader(reading: files.encoder)
        _ = try ONNXHeader(reading: files.decoder)
        layout = try WhisperLayout(header.metadata, of: files.encoder)
        // All that comes before the end-of-text token is text; an export may leave the last of it out.
        _ = try WhisperTokens(reading: files.tokens, atLeast: layout.endOfText - 1)
        self.folder = folder
        name = URL(fileURLWithPath: folder).lastPathComponent
        encoder = files.encoder
        decoder = files.decoder
        tokens = files.tokens
        // The model hears 30 s; a second is left for the silence behind the clip. The small model's figures are those it was measured with (MODEL.md).
        longestClip = layout.isSmall ? 6_000 : 29_000
        tailPaddings = layout.isSmall ? 60 : -1
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
}
