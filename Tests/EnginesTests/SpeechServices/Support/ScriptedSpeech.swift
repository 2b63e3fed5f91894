import Conversation
import Engines
import Synchronization

/// A voice that does what a test says, and remembers what it was asked.
final class ScriptedVoice: Synthesizer {
    typealias Speech = AsyncThrowingStream<SpeechChunk, any Error>

    let providerName = "scripted"
    private let texts = Mutex<[String]>([])
    private let speech: @Sendable (String) -> Speech

    /// Makes a voice that speaks as another one does.
    init(as voice: any Synthesizer) { speech = { voice.speak($0) } }

    /// Makes a voice whose `script` gives and ends each speech.
    init(_ script: @escaping @Sendable (String, Speech.Continuation) -> Void) {
        speech = { text in Speech { script(text, $0) } }
    }

    /// A voice that gives these chunks and then ends, or fails.
    convenience init(_ chunks: [SpeechChunk], failing error: EngineError? = nil) {
        self.init { _, continuation in
            for chunk in chunks { continuation.yield(chunk) }
            continuation.finish(throwing: error)
        }
    }

    /// What it was asked to say, in order.
    var asked: [String] { texts.withLock(\.self) }

    func speak(_ text: String) -> Speech {
        texts.withLock { $0.append(text) }
        return speech(text)
    }
}

/// A recogniser that does what a test says, and counts.
final class ScriptedEars: Transcriber {
    let providerName = "scripted"
    private let count = Mutex(0)
    private let script: @Sendable ([Int16]) async throws -> String

    /// Makes a recogniser that answers with what `script` gives.
    init(_ script: @escaping @Sendable ([Int16]) async throws -> String) { self.script = script }

    /// How often it was asked.
    var asked: Int { count.withLock(\.self) }

    var backlog: TranscriptionBacklog { TranscriptionBacklog(waiting: 7) }

    func transcribe(_ utterance: [Int16]) async throws -> Transcription {
        count.withLock { $0 += 1 }
        return Transcription(text: try await script(utterance))
    }

    func preview(_ utterance: [Int16]) async throws -> Transcription? { Transcription(text: "preview") }
}

/// Collects reports.
final class Reports: Sendable {
    private let lines = Mutex<[String]>([])

    /// What was reported so far.
    var all: [String] { lines.withLock(\.self) }

    /// Takes a report.
    func add(_ line: String) { lines.withLock { $0.append(line) } }
}

/// A clock that stands where a test puts it.
final class StandingClock: CallClock {
    private let time = Mutex(0)

    var nowMs: Int { time.withLock(\.self) }

    /// Lets time pass.
    func pass(ms: Int) { time.withLock { $0 += ms } }

    func sleep(untilMs deadlineMs: Int) async throws { throw CancellationError() }
}
