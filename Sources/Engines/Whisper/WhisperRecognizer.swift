import CSherpaOnnx
import Conversation
import Foundation

/// A Whisper model in memory; blocks while it reads a clip.
///
/// Sound as `@unchecked Sendable`: the pointer never changes, and one recogniser may read several clips at once. Each read has a stream and buffers of
/// its own and ONNX Runtime's sessions are thread-safe; the one thing that reads share, the settings, is overwritten by each with equal values, because
/// clips of another language wait at ``LanguageGate``. Tests compare parallel with sequential reading. One model for all workers instead of one each
/// saves its whole size for every worker.
@safe final class WhisperRecognizer: @unchecked Sendable {
    /// The rate that the engine wants, in Hz.
    static let sampleRate = 16_000

    private let recognizer: OpaquePointer
    private let gate: LanguageGate

    /// Loads a model.
    ///
    /// The engine may end the process on a model that it dislikes: see ``ModelProbe``.
    /// - Parameters:
    ///   - model: the model.
    ///   - library: the path of the engine.
    ///   - language: an ISO 639-1 code that the model knows; nil lets the model guess for each clip.
    /// - Throws: ``EngineError`` with `missing` or `invalid`.
    init(model: WhisperModel, library: String, language: String?) throws(EngineError) {
        if let language, !model.languages.isEmpty, !model.languages.contains(language) { throw model.unknown(language) }
        let library = try Installation.requireFile(library, what: "the speech recognition engine")
        var message = ErrorLine()
        guard let engine = unsafe message.write({ text, size in unsafe agentos_sherpa_open(library, text, size) }) else {
            throw EngineError(.invalid, "the speech recognition engine \(library) cannot be used: \(message.text); run make setup again")
        }
        let language = language ?? ""
        let loaded = unsafe Self.withOptions(of: model, language: language) { options in unsafe agentos_whisper_create(engine, options) }
        guard let loaded = unsafe loaded else { throw EngineError(.invalid, "the speech model in \(model.folder) could not be loaded") }
        unsafe recognizer = loaded
        let address = UInt(bitPattern: loaded)
        gate = LanguageGate(language) { language in
            guard let loaded = unsafe OpaquePointer(bitPattern: address) else { return }
            unsafe Self.withOptions(of: model, language: language) { options in unsafe agentos_whisper_set(loaded, options) }
        }
    }

    deinit {
        unsafe agentos_whisper_destroy(recognizer)
    }

    /// Reads one clip, as the engine says it: with a leading space and whatever it makes of silence.
    ///
    /// - Parameters:
    ///   - samples: mono, -1 to 1, at ``sampleRate``.
    ///   - language: a code that the model knows; a model of one language ignores it.
    /// - Returns: the text.
    /// - Throws: ``EngineError`` with `failed`.
    func read(_ samples: [Float], in language: String) throws(EngineError) -> String {
        let text = unsafe gate.read(in: language) {
            unsafe samples.withUnsafeBufferPointer { buffer -> UnsafeMutablePointer<CChar>? in
                guard let start = buffer.baseAddress else { return nil }
                return unsafe agentos_whisper_decode(recognizer, start, Int32(clamping: buffer.count), Int32(Self.sampleRate))
            }
        }
        guard let text = unsafe text else { throw EngineError(.failed, "speech recognition failed on a clip of \(samples.count) samples") }
        defer { unsafe free(text) }
        return unsafe String(cString: text)
    }

    /// Calls `body` with what a model is loaded with, in a language.
    private static func withOptions<Value>(
        of model: WhisperModel,
        language: String,
        _ body: (UnsafePointer<agentos_whisper_options>) -> Value
    ) -> Value {
        unsafe model.encoder.withCString { encoder in
            unsafe model.decoder.withCString { decoder in
                unsafe model.tokens.withCString { tokens in
                    unsafe language.withCString { language in
                        // One thread a clip: several calls' clips are read side by side instead, which wastes nothing on waiting.
                        var options = unsafe agentos_whisper_options(
                            encoder: encoder,
                            decoder: decoder,
                            tokens: tokens,
                            language: language,
                            tail_paddings: Int32(clamping: model.tailPaddings),
                            threads: 1
                        )
                        return unsafe body(&options)
                    }
                }
            }
        }
    }
}
