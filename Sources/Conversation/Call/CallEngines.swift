/// The engines a call uses, shared by all calls.
package struct CallEngines: Sendable {
    /// Tells speech from noise.
    package var voiceActivity: any VoiceActivityDetector
    /// Speech to text.
    package var transcriber: any Transcriber
    /// Decides what to say.
    package var assistant: any Assistant
    /// Text to speech.
    package var synthesizer: any Synthesizer

    /// Makes a set.
    package init(
        voiceActivity: any VoiceActivityDetector,
        transcriber: any Transcriber,
        assistant: any Assistant,
        synthesizer: any Synthesizer
    ) {
        self.voiceActivity = voiceActivity
        self.transcriber = transcriber
        self.assistant = assistant
        self.synthesizer = synthesizer
    }
}
