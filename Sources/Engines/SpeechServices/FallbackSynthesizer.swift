package import Conversation

/// A voice service, and the voice of this machine where the service fails, also in the middle of a text.
package struct FallbackSynthesizer: Synthesizer {
    private let primary: any Synthesizer
    private let local: (any Synthesizer)?
    private let watch: ServiceWatch

    /// Puts the two together.
    ///
    /// - Parameters:
    ///   - primary: the service; it keeps its own time limits.
    ///   - local: the voice of this machine; without one the service's errors are thrown.
    ///   - breaker: when the service is left alone.
    ///   - clock: the time that the breaker goes by.
    ///   - report: is told of each failure of the service once, in one line without secrets.
    package init(
        primary: any Synthesizer,
        local: (any Synthesizer)?,
        breaker: ServiceBreaker = ServiceBreaker(),
        clock: any CallClock = MonotonicCallClock(),
        report: @escaping @Sendable (String) -> Void
    ) {
        self.primary = primary
        self.local = local
        watch = ServiceWatch(breaker, clock: clock, report: report)
    }

    package var providerName: String { primary.providerName }

    package func speak(_ text: String) -> AsyncThrowingStream<SpeechChunk, any Error> {
        let speech = FallbackSpeech(text, primary: primary, local: local, watch: watch)
        return AsyncThrowingStream(unfolding: { try await speech.next() })
    }
}
