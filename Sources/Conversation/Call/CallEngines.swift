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

    /// Runs what the assistant calls.
    package var tools: any ToolRunner
    /// What callers hear on hold.
    package var sounds = CallSounds()

    /// Makes a set; without tools unless given.
    package init(
        voiceActivity: any VoiceActivityDetector,
        transcriber: any Transcriber,
        assistant: any Assistant,
        synthesizer: any Synthesizer,
        tools: any ToolRunner = NoTools()
    ) {
        self.tools = tools
        self.voiceActivity = voiceActivity
        self.transcriber = transcriber
        self.assistant = assistant
        self.synthesizer = synthesizer
    }
}

/// No tools at all.
package struct NoTools: ToolRunner {
    /// Makes a runner.
    package init() {}

    package func run(_ call: ToolCall) async -> ToolOutcome { ToolOutcome(.invalid, "there is no tool \(call.name)") }
}
