/// Speech to text, one utterance at a time.
///
/// One transcriber is shared by all calls. Within a stretch of speech, every clip that a call hands over for ``preview(_:)`` and ``transcribe(_:)`` begins
/// with the same sample as the clip before. So a recogniser that reads while the caller speaks finds the stream that a clip continues by its beginning, and
/// takes only the samples that are new.
package protocol Transcriber: Sendable {
    /// The name a session stores as its `stt_provider`, for example `whisper_local`.
    var providerName: String { get }

    /// Turns one utterance into text; empty when nothing was said.
    ///
    /// The call suspends while the utterance waits for a free worker and while it is decoded, and never blocks the
    /// caller's thread. A cancelled task leaves the queue at once, and a decode that has begun is given up where the engine can.
    /// - Parameter utterance: mono 16-bit samples at 8,000 Hz with some silence around the words.
    /// - Returns: the words, and where the time went.
    /// - Throws: ``EngineError`` when the queue is full or the engine failed.
    func transcribe(_ utterance: [Int16]) async throws -> Transcription

    /// Turns what the caller has said so far into text, if a worker is free this moment; nil otherwise.
    ///
    /// Whatever ``transcribe(_:)`` is asked for comes first: a preview never waits and never makes anything wait in the queue.
    /// - Parameter utterance: mono 16-bit samples at 8,000 Hz, cut wherever the caller has got to.
    /// - Returns: the words so far, or nil where no worker was free or the engine gives none.
    /// - Throws: ``EngineError`` when the engine failed.
    func preview(_ utterance: [Int16]) async throws -> Transcription?

    /// What waits for a worker this moment.
    var backlog: TranscriptionBacklog { get }

    /// Audio up to this long, in ms, is read better with the pauses in it than in parts; 0 where parts are read as well.
    var joinMs: Int { get }

    /// This transcriber, told which language callers speak.
    ///
    /// - Parameter language: an ISO 639-1 code, or three letters for a language without one; nil for one caller whose language is to be found out.
    /// - Returns: a transcriber that shares workers and connections with this one.
    func listening(for language: String?) -> any Transcriber
}

extension Transcriber {
    package func preview(_ utterance: [Int16]) async throws -> Transcription? { nil }
    package var backlog: TranscriptionBacklog { TranscriptionBacklog() }
    package var joinMs: Int { 0 }
    package func listening(for language: String?) -> any Transcriber { self }
}

/// Utterances that wait for a worker of a ``Transcriber``.
package struct TranscriptionBacklog: Sendable, Equatable {
    /// How many.
    package var waiting: Int
    /// For how long the oldest has.
    package var oldestWait: Duration

    /// Makes a backlog, of nothing unless told.
    package init(waiting: Int = 0, oldestWait: Duration = .zero) {
        self.waiting = waiting
        self.oldestWait = oldestWait
    }
}

/// What a ``Transcriber`` made of one utterance.
package struct Transcription: Sendable, Equatable, Codable {
    /// The words, trimmed; empty when the engine heard none.
    package var text: String
    /// 0 to 1 where the engine says how sure it is.
    package var confidence: Double?
    /// The language that was found out (ISO 639-1), if it was to be and the engine is sure of it.
    package var language: String?
    /// How long the utterance waited for a worker.
    package var queueWait: Duration
    /// How long the engine worked on it.
    package var processing: Duration

    /// Makes a result; the times default to zero for engines that take none.
    package init(
        text: String,
        confidence: Double? = nil,
        language: String? = nil,
        queueWait: Duration = .zero,
        processing: Duration = .zero
    ) {
        self.text = text
        self.confidence = confidence
        self.language = language
        self.queueWait = queueWait
        self.processing = processing
    }
}
