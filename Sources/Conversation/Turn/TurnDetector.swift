/// When the caller's utterances begin and end, from the probability of speech in each 32 ms window.
package struct TurnDetector: Sendable {
    /// Where the detector is.
    private enum State: Sendable {
        /// Nobody speaks. May become `starting`.
        case quiet
        /// Speech since `startMs`, too short yet to count. May become `speaking` or, on silence, `quiet`.
        case starting(startMs: Int)
        /// An utterance since `startMs`, last heard at `voiceMs`. Becomes `quiet` after enough silence or length.
        case speaking(startMs: Int, voiceMs: Int)
    }

    /// What a window brought about.
    package enum Result: Sendable, Equatable {
        case nothing
        /// An utterance began at this place on the media clock, in ms.
        case started(atMs: Int)
        /// An utterance ended.
        case ended(Utterance)
    }

    /// A stretch of caller speech, in ms on the media clock.
    package struct Utterance: Sendable, Equatable {
        /// The first speech.
        package var startMs: Int
        /// The last speech.
        package var endMs: Int
        /// Where the audio to transcribe begins: pre-roll included.
        package var clipStartMs: Int
        /// Where the audio to transcribe ends: some silence included.
        package var clipEndMs: Int
    }

    /// The detector's settings.
    package let configuration: TurnConfiguration
    private var state = State.quiet
    private var lastClipEndMs = 0
    private var lastWindowEndMs = 0

    /// Makes a detector that has heard nothing.
    package init(configuration: TurnConfiguration) {
        self.configuration = configuration
    }

    /// Whether an utterance is in progress.
    package var isSpeaking: Bool {
        if case .speaking = state { true } else { false }
    }

    /// The earliest place, in ms on the media clock, that a clip still to come may begin at.
    package var neededFromMs: Int {
        switch state {
        case .quiet: max(lastClipEndMs, lastWindowEndMs - configuration.preRollMs)
        case .starting(let startMs), .speaking(let startMs, _): max(lastClipEndMs, startMs - configuration.preRollMs)
        }
    }

    /// Takes the judgement of the window that ends at `endMs`.
    package mutating func hear(probability: Float, endMs: Int) -> Result {
        lastWindowEndMs = endMs
        switch state {
        case .quiet:
            guard probability >= configuration.startProbability else { return .nothing }
            state = .starting(startMs: endMs - VoiceActivityWindow.milliseconds)
            return confirm(endMs: endMs)
        case .starting:
            guard probability >= configuration.startProbability else {
                state = .quiet
                return .nothing
            }
            return confirm(endMs: endMs)
        case .speaking(let startMs, let voiceMs):
            let heardMs = probability >= configuration.stayProbability ? endMs : voiceMs
            state = .speaking(startMs: startMs, voiceMs: heardMs)
            let isOver = endMs - heardMs >= configuration.endSilenceMs || endMs - startMs >= configuration.longestUtteranceMs
            return isOver ? end(startMs: startMs, voiceMs: heardMs, nowMs: endMs) : .nothing
        }
    }

    /// Ends an utterance in progress at once, because nothing more will come.
    package mutating func finish(nowMs: Int) -> Result {
        guard case .speaking(let startMs, let voiceMs) = state else {
            state = .quiet
            return .nothing
        }
        return end(startMs: startMs, voiceMs: voiceMs, nowMs: nowMs)
    }

    private mutating func confirm(endMs: Int) -> Result {
        guard case .starting(let startMs) = state, endMs - startMs >= configuration.shortestSpeechMs else { return .nothing }
        state = .speaking(startMs: startMs, voiceMs: endMs)
        return .started(atMs: startMs)
    }

    private mutating func end(startMs: Int, voiceMs: Int, nowMs: Int) -> Result {
        state = .quiet
        let clipStartMs = max(startMs - configuration.preRollMs, lastClipEndMs, 0)
        let clipEndMs = min(nowMs, voiceMs + configuration.postRollMs)
        lastClipEndMs = clipEndMs
        return .ended(Utterance(startMs: startMs, endMs: voiceMs, clipStartMs: clipStartMs, clipEndMs: clipEndMs))
    }
}
