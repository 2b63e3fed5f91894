package import Conversation

/// A recognition service, and the engine of this machine where the service fails: the same utterance is then read here.
///
/// Previews come from this machine alone, because the service's cost money.
package struct FallbackTranscriber: Transcriber {
    private var primary: any Transcriber
    private var local: (any Transcriber)?
    private let watch: ServiceWatch

    /// Puts the two together.
    ///
    /// - Parameters:
    ///   - primary: the service; it keeps its own time limit.
    ///   - local: the engine of this machine; without one the service's errors are thrown.
    ///   - breaker: when the service is left alone.
    ///   - clock: the time that the breaker goes by.
    ///   - report: is told of each failure of the service once, in one line without secrets.
    package init(
        primary: any Transcriber,
        local: (any Transcriber)?,
        breaker: ServiceBreaker = ServiceBreaker(),
        clock: any CallClock = MonotonicCallClock(),
        report: @escaping @Sendable (String) -> Void
    ) {
        self.primary = primary
        self.local = local
        watch = ServiceWatch(breaker, clock: clock, report: report)
    }

    package var providerName: String { primary.providerName }
    package var backlog: TranscriptionBacklog { local?.backlog ?? TranscriptionBacklog() }

    package func transcribe(_ utterance: [Int16]) async throws -> Transcription {
        guard let local else { return try await ask(utterance, isOnlyChoice: true) ?? Transcription(text: "") }
        do {
            if let transcription = try await ask(utterance, isOnlyChoice: false) { return transcription }
        } catch {
            if ServiceAttempt.isCancellation(error) { throw error }
        }
        return try await local.transcribe(utterance)
    }

    package func preview(_ utterance: [Int16]) async throws -> Transcription? {
        try await local?.preview(utterance)
    }

    /// The same pair for one language; what fails counts for both.
    package func listening(for language: String?) -> any Transcriber {
        var other = self
        other.primary = primary.listening(for: language)
        other.local = local?.listening(for: language)
        return other
    }

    /// What the service makes of it; nil where the service is left alone.
    private func ask(_ utterance: [Int16], isOnlyChoice: Bool) async throws -> Transcription? {
        guard let attempt = watch.attempt(isOnlyChoice: isOnlyChoice) else { return nil }
        do {
            let transcription = try await primary.transcribe(utterance)
            attempt.succeeded()
            return transcription
        } catch {
            attempt.failed(error)
            throw error
        }
    }
}
