package import Conversation

/// Tells speech from everything else with the Silero model, native at 8 kHz.
///
/// One session serves all calls; a call costs the few KiB of its stream and 0.3 to 0.5 % of a core.
package struct SileroVoiceActivityDetector: VoiceActivityDetector {
    private let session: SileroSession

    /// Loads the model.
    ///
    /// - Throws: ``EngineError`` with `missing` where the library or the model is not installed, `invalid` where they cannot be used.
    package init(installation: Installation) throws(EngineError) {
        session = try SileroSession(library: installation.inferenceLibrary, model: installation.voiceActivityModel)
    }

    /// A new stream that has heard nothing yet.
    package func makeStream() -> any VoiceActivityStream {
        SileroVoiceActivityStream(session: session)
    }
}
