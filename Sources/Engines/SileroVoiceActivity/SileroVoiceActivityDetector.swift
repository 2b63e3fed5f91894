package import Conversation

/// Tells speech from everything else with the Silero model, native at 8 kHz.
///
/// One network serves all calls; docs/benchmarks.md says what a window costs.
package struct SileroVoiceActivityDetector: VoiceActivityDetector {
    private let session: SileroSession

    /// Loads the model.
    ///
    /// - Throws: ``EngineError`` with `missing` where the model is not installed, `invalid` where it cannot be used.
    package init(installation: Installation) throws(EngineError) {
        session = try SileroSession(model: installation.voiceActivityModel)
    }

    /// A new stream that has heard nothing yet.
    package func makeStream() -> any VoiceActivityStream {
        SileroVoiceActivityStream(session: session)
    }
}
