import Audio
package import Conversation
import Synchronization

/// Speech to text with a Whisper model in this process, on threads of its own.
package final class WhisperTranscriber: Transcriber {
    package let providerName = "whisper_local"
    /// The model that reads.
    package let model: WhisperModel

    /// Utterances shorter than this, in samples at 8 kHz (100 ms), hold no word and are not read.
    private static let shortestUtterance = 800
    /// A language at least this likely is the caller's.
    private static let surelyGuessed = 0.6
    /// A preview reads no more than this, in samples at 8 kHz (8 s), so that its cost stays bounded.
    private static let longestPreview = 64_000

    private let recognizer: WhisperRecognizer
    private let pool: WorkerPool
    /// The language of those who ask for none; nil has the model guess.
    private let language: String?
    /// Previews being read; they give their thread up to what cannot wait.
    private let previews = Mutex<[ObjectIdentifier: ReadingStop]>([:])

    /// Loads a model; takes from tens of milliseconds to seconds and blocks meanwhile.
    ///
    /// - Parameters:
    ///   - model: a model that ``ModelProbe`` found good, because a damaged one may end the process.
    ///   - installation: where the engine lies.
    ///   - language: an ISO 639-1 code; nil lets a multilingual model guess. A model of one language ignores it.
    ///   - workers: how many utterances are read at once.
    ///   - queueLimit: how many more may wait; beyond that ``transcribe(_:)`` throws ``EngineError`` `overloaded`.
    /// - Throws: ``EngineError`` with `missing` or `invalid`.
    package init(
        model: WhisperModel,
        installation: Installation,
        language: String? = "en",
        workers: Int = WorkerPool.defaultThreads,
        queueLimit: Int = 64
    ) throws(EngineError) {
        if let language, !model.languages.isEmpty, !model.languages.contains(language) { throw model.unknown(language) }
        self.model = model
        recognizer = try WhisperRecognizer(model: model, library: installation.inferenceLibrary)
        self.language = language
        pool = WorkerPool(name: "whisper", threads: workers, queueLimit: queueLimit)
    }

    /// How many utterances wait for a worker.
    package var waiting: Int { pool.waiting }

    package var backlog: TranscriptionBacklog {
        let (waiting, oldestWait) = pool.backlog
        return TranscriptionBacklog(waiting: waiting, oldestWait: oldestWait)
    }

    /// Whisper takes a lone "five" for "Bye", but not behind three other digits; the small model was trained on short clips.
    package var joinMs: Int { model.layout.isSmall ? 0 : 8_000 }

    package func transcribe(_ utterance: [Int16]) async throws -> Transcription {
        try await transcribe(utterance, in: language)
    }

    package func preview(_ utterance: [Int16]) async throws -> Transcription? {
        try await preview(utterance, in: language)
    }

    /// The same model, told to expect a language; one that it does not know is an error of every utterance rather than wrong words.
    package func listening(for language: String?) -> any Transcriber {
        guard let language else { return WhisperListener(transcriber: self, language: .success(nil)) }
        return WhisperListener(transcriber: self, language: model.code(for: language).map { .success($0) } ?? .failure(model.unknown(language)))
    }

    fileprivate func transcribe(_ utterance: [Int16], in language: String?) async throws -> Transcription {
        guard utterance.count >= Self.shortestUtterance else { return Transcription(text: "") }
        if !pool.hasIdleThread { previews.withLock { $0.values.forEach { $0.stop() } } }
        let stop = ReadingStop()
        let done = try await withTaskCancellationHandler {
            try await pool.run { [recognizer, model, longest = model.longestClip * 8] in
                try UtteranceCutter.pieces(of: utterance, longest: longest)
                    .map { try recognizer.read(try Self.prepared($0, for: model), in: language, until: stop) }
            }
        } onCancel: {
            stop.stop()
        }
        return Self.transcription(done)
    }

    /// Reads the last 8 s, or two thirds of what the model reads at once where that is less; the words before are not in the text.
    ///
    /// Near its limit a small model loses words, and a preview is not worth reading in pieces.
    fileprivate func preview(_ utterance: [Int16], in language: String?) async throws -> Transcription? {
        guard utterance.count >= Self.shortestUtterance else { return Transcription(text: "") }
        let tail = UtteranceCutter.tail(of: utterance, longest: min(Self.longestPreview, model.longestClip * 8 * 2 / 3))
        let stop = ReadingStop()
        previews.withLock { $0[ObjectIdentifier(stop)] = stop }
        defer { previews.withLock { $0[ObjectIdentifier(stop)] = nil } }
        do {
            let done = try await withTaskCancellationHandler {
                try await pool.runIfIdle { [recognizer, model] in
                    [try recognizer.read(try Self.prepared(tail, for: model), in: language, until: stop)]
                }
            } onCancel: {
                stop.stop()
            }
            return done.map(Self.transcription)
        } catch is EngineError where stop.isStopped {
            return nil
        }
    }

    /// The words of a clip's pieces, and how sure the model is of the least sure one that has any.
    private static func transcription(_ done: Finished<[WhisperRecognizer.Reading]>) -> Transcription {
        let pieces = done.value.map { (text: WhisperText.spoken($0.text), confidence: $0.confidence) }.filter { !$0.text.isEmpty }
        return Transcription(
            text: pieces.map(\.text).joined(separator: " "),
            confidence: pieces.map(\.confidence).min().map { ($0 * 1_000).rounded() / 1_000 },
            language: done.value.first?.guess.flatMap { $0.probability >= surelyGuessed ? SpeechLanguage($0.code)?.code : nil },
            queueWait: done.wait,
            processing: done.processing
        )
    }

    /// Brings a piece to the model's rate and range, with some silence behind it where the model wants it.
    private static func prepared(_ piece: ArraySlice<Int16>, for model: WhisperModel) throws -> [Float] {
        let resampler = try Resampler(from: 8_000, to: WhisperRecognizer.sampleRate)
        let piece = model.layout.isSmall ? Array(piece) : UtteranceCutter.withQuietEnd(piece)
        return (resampler.process(piece) + resampler.finish()).map { Float($0) / 32768 }
    }
}

/// A ``WhisperTranscriber`` as callers of one language have it, or one caller whose language is found out.
private final class WhisperListener: Transcriber {
    private let transcriber: WhisperTranscriber
    /// The model's code for the language; nil until it is found out.
    private let language: Mutex<Result<String?, EngineError>>

    init(transcriber: WhisperTranscriber, language: Result<String?, EngineError>) {
        self.transcriber = transcriber
        self.language = Mutex(language)
    }

    var providerName: String { transcriber.providerName }
    var backlog: TranscriptionBacklog { transcriber.backlog }
    var joinMs: Int { transcriber.joinMs }

    func transcribe(_ utterance: [Int16]) async throws -> Transcription {
        let transcription = try await transcriber.transcribe(utterance, in: language.withLock(\.self).get())
        if let found = transcription.language, !transcription.text.isEmpty {
            language.withLock { $0 = .success(transcriber.model.code(for: found)) }
        }
        return transcription
    }

    func preview(_ utterance: [Int16]) async throws -> Transcription? {
        guard case .success(let language) = language.withLock(\.self) else { return nil }
        return try await transcriber.preview(utterance, in: language)
    }

    func listening(for language: String?) -> any Transcriber { transcriber.listening(for: language) }
}
