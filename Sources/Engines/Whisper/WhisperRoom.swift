import COnnxRuntime
import Conversation
import Foundation

/// A Whisper model's weights in memory, for any number of clips at once.
///
/// Sound as `@unchecked Sendable`: the pointer never changes, and ONNX Runtime allows any number of threads to run one session at once.
@safe final class WhisperWeights: @unchecked Sendable {
    fileprivate let pointer: OpaquePointer
    /// The model's numbers.
    let layout: WhisperLayout

    /// Loads a model; `threads` work on each clip.
    ///
    /// - Throws: ``EngineError`` with `missing` or `invalid`.
    init(_ model: WhisperModel, library: String, threads: Int) throws(EngineError) {
        let library = try Installation.requireFile(library, what: "the inference library")
        layout = model.layout
        var sizes = agentos_whisper_sizes(
            features: Int32(clamping: layout.features),
            text_layers: Int32(clamping: layout.textLayers),
            text_positions: Int32(clamping: layout.textPositions),
            text_width: Int32(clamping: layout.textWidth),
            vocabulary: Int32(clamping: layout.vocabulary),
            heads: Int32(clamping: layout.heads ?? 0)
        )
        var message = ErrorLine()
        let opened = unsafe message.write { text, size in
            unsafe agentos_whisper_open(library, model.encoder, model.decoder, &sizes, Int32(clamping: threads), text, size)
        }
        guard let opened = unsafe opened else {
            throw EngineError(.invalid, "the speech model in \(model.folder) could not be loaded: \(message.text)")
        }
        unsafe pointer = opened
    }

    deinit {
        unsafe agentos_whisper_close(pointer)
    }
}

/// The memory that one clip is read in, by one thread at a time; as soon as one clip is read, another can be.
///
/// Sound as `@unchecked Sendable`: the pointer never changes, and of its functions only ``stop()``, which may be called at any time, is called by two
/// threads at once.
@safe final class WhisperRoom: @unchecked Sendable {
    private let clip: OpaquePointer
    private let weights: WhisperWeights

    /// Makes room for clips of a model.
    ///
    /// - Throws: ``EngineError`` with `failed` if memory runs out.
    init(_ weights: WhisperWeights) throws(EngineError) {
        self.weights = weights
        guard let clip = unsafe agentos_clip_open(weights.pointer) else {
            throw EngineError(.failed, "speech recognition is out of memory; run fewer calls or use a smaller model")
        }
        unsafe self.clip = clip
    }

    deinit {
        unsafe agentos_clip_close(clip)
    }

    /// Takes in a clip.
    ///
    /// - Parameters:
    ///   - samples: mono, -1 to 1, at 16 kHz.
    ///   - padding: frames (10 ms) of silence behind it.
    ///   - tokens: the most tokens that the steps on this clip will take.
    /// - Throws: ``EngineError`` with `failed`, also where it was stopped.
    func encode(_ samples: [Float], padding: Int, tokens: Int) throws(EngineError) {
        var message = ErrorLine()
        let done = unsafe message.write { text, size in
            unsafe samples.withUnsafeBufferPointer { samples in
                guard let start = samples.baseAddress else { return false }
                return unsafe agentos_clip_encode(
                    clip,
                    start,
                    Int32(clamping: samples.count),
                    Int32(clamping: padding),
                    Int32(clamping: tokens),
                    text,
                    size
                )
            }
        }
        guard done else { throw EngineError(.failed, "speech recognition failed on a clip of \(samples.count) samples: \(message.text)") }
    }

    /// Goes on by tokens.
    ///
    /// - Throws: ``EngineError`` with `failed`, also where it was stopped.
    func step(_ tokens: [Int]) throws(EngineError) {
        var message = ErrorLine()
        let done = unsafe message.write { text, size in
            unsafe tokens.map { Int64($0) }.withUnsafeBufferPointer { tokens in
                guard let start = tokens.baseAddress else { return false }
                return unsafe agentos_clip_step(clip, start, Int32(clamping: tokens.count), text, size)
            }
        }
        guard done else { throw EngineError(.failed, "speech recognition failed on a token: \(message.text)") }
    }

    /// Has the next step follow the first `place` tokens; the sound stays.
    func seek(_ place: Int) {
        unsafe agentos_clip_seek(clip, Int32(clamping: place))
    }

    /// What the decoder remembers of the token at a place.
    func row(at place: Int) -> [Float] {
        unsafe [Float](unsafeUninitializedCapacity: agentos_clip_row_count(clip)) { row, count in
            guard let start = row.baseAddress else { return }
            unsafe agentos_clip_save(clip, Int32(clamping: place), start)
            count = row.count
        }
    }

    /// Has the decoder remember a row that ``row(at:)`` gave for the token at a place.
    func restore(_ row: [Float], at place: Int) {
        unsafe row.withUnsafeBufferPointer { row in
            guard let start = row.baseAddress else { return }
            unsafe agentos_clip_restore(clip, Int32(clamping: place), start)
        }
    }

    /// The likeliest tokens to come next, the likeliest first, with the logarithms of their probabilities.
    func likeliest(_ count: Int) -> [(token: Int, logProbability: Double)] {
        var tokens = [Int32](repeating: 0, count: count)
        var logProbabilities = [Float](repeating: 0, count: count)
        let found = unsafe agentos_clip_likeliest(clip, Int32(clamping: count), &tokens, &logProbabilities)
        return zip(tokens, logProbabilities).prefix(Int(found)).map { (Int($0), Double($1)) }
    }

    /// The logarithm of the probability that a token follows the one at `place` among those of the newest step.
    func logProbability(of token: Int, after place: Int) -> Double {
        unsafe Double(agentos_clip_log_probability(clip, Int32(clamping: place), Int32(clamping: token)))
    }

    /// Makes what is read fail soon.
    func stop() {
        unsafe agentos_clip_stop(clip)
    }

    /// Takes ``stop()`` back.
    func reset() {
        unsafe agentos_clip_reset(clip)
    }
}
