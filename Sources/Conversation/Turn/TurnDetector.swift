/// When the caller's utterances begin, pause and end, from the probability of speech in each 32 ms window.
///
/// How much silence ends an utterance is told from outside, since it depends on the words: see ``settle(silenceMs:)``.
package struct TurnDetector: Sendable {
    /// Where the detector is.
    private enum State: Sendable {
        /// Nobody speaks. May become `starting`.
        case quiet
        /// Sound that may become speech. May become `speaking` or, on silence, `quiet`.
        case starting(Onset)
        /// The caller speaks. Becomes `pausing` after a short silence, or `quiet` when it has gone on for too long.
        case speaking(Utterance)
        /// The caller is silent. Becomes `speaking` once there has been speech since `resumingFromMs` for long enough, or `quiet`.
        case pausing(Utterance, resumingFromMs: Int?)
    }

    /// Sound without a silent window in it, in ms on the media clock.
    private struct Onset: Sendable {
        var startMs: Int
        /// From the first window of speech to the last, if those between are never far from each other.
        var speech: Range<Int>?
    }

    /// An utterance in progress, in ms on the media clock.
    private struct Utterance: Sendable {
        var startMs: Int
        /// The last speech.
        var voiceMs: Int
        /// Where the audio to transcribe begins: pre-roll included, what has been transcribed for good excluded.
        var clipStartMs: Int
    }

    /// What a window brought about.
    package enum Result: Sendable, Equatable {
        case nothing
        /// An utterance began at this place on the media clock, in ms.
        case started(atMs: Int)
        /// The caller paused: this audio, in ms on the media clock, may be transcribed already.
        case paused(clip: Range<Int>)
        /// The caller goes on. After a long pause a new stretch has begun and the clip before it stands; otherwise its audio goes on.
        case resumed(isNewStretch: Bool)
        /// An utterance ended.
        case ended(Ending)
    }

    /// An utterance that is over, in ms on the media clock.
    package struct Ending: Sendable, Equatable {
        /// The first speech.
        package var startMs: Int
        /// The last speech.
        package var endMs: Int
        /// Audio that no pause has handed out.
        package var clip: Range<Int>?
    }

    /// The longest stretch, in ms, between two windows of speech that begin an utterance together: two weak windows.
    private static let longestWeakMs = 64
    /// The longest time, in ms, from the first window of speech until it is known to begin an utterance.
    private static let longestOnsetMs = 160

    /// The detector's settings.
    package let configuration: TurnConfiguration
    private var state = State.quiet
    /// The newest sound while no utterance is in progress, short silences included, in ms on the media clock.
    private var sound: Range<Int>?
    private var lastClipEndMs = 0
    private var lastWindowEndMs = 0
    private var endSilenceMs = 0

    /// Makes a detector that has heard nothing.
    package init(configuration: TurnConfiguration) {
        self.configuration = configuration
    }

    /// Whether an utterance is in progress, pauses included.
    package var isSpeaking: Bool {
        switch state {
        case .quiet, .starting: false
        case .speaking, .pausing: true
        }
    }

    /// The place of the utterance in progress, while the caller speaks and does not pause: from its first speech to the last, in ms.
    var voicing: Range<Int>? {
        if case .speaking(let utterance) = state { utterance.startMs..<utterance.voiceMs } else { nil }
    }

    /// The audio of the stretch in progress so far, in ms on the media clock.
    var stretch: Range<Int>? {
        if case .speaking(let utterance) = state { utterance.clipStartMs..<lastWindowEndMs } else { nil }
    }

    /// How long the caller has paused, in ms; 0 while speaking.
    var silenceMs: Int {
        if case .pausing(let utterance, _) = state { lastWindowEndMs - utterance.voiceMs } else { 0 }
    }

    /// The earliest place, in ms on the media clock, that a clip still to come may begin at.
    package var neededFromMs: Int {
        switch state {
        case .quiet, .starting: max(lastClipEndMs, lastWindowEndMs - configuration.longestPreRollMs - Self.longestOnsetMs)
        case .speaking(let utterance), .pausing(let utterance, _): utterance.clipStartMs
        }
    }

    /// Takes the judgement of the window that ends at `endMs`.
    ///
    /// `isOverAgent` says whether the agent is heard meanwhile.
    package mutating func hear(probability: Float, endMs: Int, isOverAgent: Bool = false) -> Result {
        lastWindowEndMs = endMs
        let startMs = endMs - VoiceActivityWindow.milliseconds
        switch state {
        case .quiet: return begin(Onset(startMs: startMs), probability, startMs: startMs, isOverAgent: isOverAgent)
        case .starting(let onset): return begin(onset, probability, startMs: startMs, isOverAgent: isOverAgent)
        case .speaking(var utterance):
            if probability >= configuration.stayProbability { utterance.voiceMs = endMs }
            return goOn(utterance)
        case .pausing(var utterance, let resumingFromMs):
            if probability >= configuration.stayProbability, startMs - utterance.voiceMs < configuration.gapMs {
                utterance.voiceMs = endMs
                state = .speaking(utterance)
                return .resumed(isNewStretch: false)
            }
            guard probability >= configuration.startProbability else {
                state = .pausing(utterance, resumingFromMs: nil)
                return endIfSilent(utterance)
            }
            return resume(utterance, fromMs: resumingFromMs ?? startMs)
        }
    }

    /// From now on, until the caller speaks again, this much silence, in ms, ends the utterance; there may have been as much already.
    package mutating func settle(silenceMs: Int) -> Result {
        guard case .pausing(let utterance, let resumingFromMs) = state else { return .nothing }
        endSilenceMs = silenceMs
        return resumingFromMs == nil ? endIfSilent(utterance) : .nothing
    }

    /// Ends an utterance in progress at once, because nothing more will come.
    package mutating func finish(nowMs: Int) -> Result {
        switch state {
        case .quiet, .starting:
            state = .quiet
            return .nothing
        case .speaking(let utterance): return end(utterance, nowMs: nowMs, isClipOut: false)
        case .pausing(let utterance, _): return end(utterance, nowMs: nowMs, isClipOut: true)
        }
    }

    /// Waits until there has been enough speech: two windows close to each other, and sound for as long as a click never lasts.
    private mutating func begin(_ onset: Onset, _ probability: Float, startMs: Int, isOverAgent: Bool) -> Result {
        guard probability >= configuration.faintProbability else {
            state = .quiet
            return .nothing
        }
        if let last = sound, startMs - last.upperBound <= configuration.faintGapMs {
            sound = last.lowerBound..<lastWindowEndMs
        } else {
            sound = startMs..<lastWindowEndMs
        }
        var onset = onset
        state = .starting(onset)
        guard probability >= configuration.startProbability else { return .nothing }
        let earlier = onset.speech.flatMap { startMs - $0.upperBound <= Self.longestWeakMs ? $0 : nil }
        onset.speech = (earlier?.lowerBound ?? startMs)..<lastWindowEndMs
        state = .starting(onset)
        let shortestMs = isOverAgent ? configuration.shortestSpeechOverAgentMs : configuration.shortestSpeechMs
        guard let earlier, lastWindowEndMs - onset.startMs >= shortestMs else { return .nothing }
        start(at: earlier.lowerBound, isOverAgent: isOverAgent)
        return .started(atMs: earlier.lowerBound)
    }

    private mutating func start(at startMs: Int, isOverAgent: Bool) {
        // Over the agent a faint sound may be its echo.
        let soundMs = isOverAgent ? startMs : sound?.lowerBound ?? startMs
        let earliestMs = max(soundMs - configuration.preRollMs, startMs - configuration.longestPreRollMs, lastClipEndMs, 0)
        state = .speaking(Utterance(startMs: startMs, voiceMs: lastWindowEndMs, clipStartMs: earliestMs))
        sound = nil
    }

    private mutating func goOn(_ utterance: Utterance) -> Result {
        state = .speaking(utterance)
        if lastWindowEndMs - utterance.startMs >= configuration.longestUtteranceMs { return end(utterance, nowMs: lastWindowEndMs, isClipOut: false) }
        guard lastWindowEndMs - utterance.voiceMs >= configuration.pauseMs else { return .nothing }
        state = .pausing(utterance, resumingFromMs: nil)
        // Until the words are known, nothing shorter than the longest wait ends the turn.
        endSilenceMs = configuration.endpoint.longestSilenceMs
        return .paused(clip: clip(of: utterance, nowMs: lastWindowEndMs))
    }

    private mutating func resume(_ utterance: Utterance, fromMs: Int) -> Result {
        guard lastWindowEndMs - fromMs >= configuration.shortestSpeechMs else {
            state = .pausing(utterance, resumingFromMs: fromMs)
            return .nothing
        }
        let isLong = utterance.voiceMs - utterance.clipStartMs >= configuration.joinMs
        let isNewStretch = isLong && fromMs - utterance.voiceMs >= configuration.splitMs
        var utterance = utterance
        if isNewStretch {
            lastClipEndMs = clip(of: utterance, nowMs: fromMs).upperBound
            utterance.clipStartMs = max(fromMs - configuration.preRollMs, lastClipEndMs)
        }
        utterance.voiceMs = lastWindowEndMs
        state = .speaking(utterance)
        return .resumed(isNewStretch: isNewStretch)
    }

    private mutating func endIfSilent(_ utterance: Utterance) -> Result {
        // Silence is known in whole windows, and speech ended somewhere in the last one: the window nearest to the wait ends it.
        let silenceMs = lastWindowEndMs - utterance.voiceMs + VoiceActivityWindow.milliseconds / 2
        return silenceMs >= endSilenceMs ? end(utterance, nowMs: lastWindowEndMs, isClipOut: true) : .nothing
    }

    private mutating func end(_ utterance: Utterance, nowMs: Int, isClipOut: Bool) -> Result {
        state = .quiet
        let clip = clip(of: utterance, nowMs: nowMs)
        lastClipEndMs = clip.upperBound
        return .ended(Ending(startMs: utterance.startMs, endMs: utterance.voiceMs, clip: isClipOut ? nil : clip))
    }

    private func clip(of utterance: Utterance, nowMs: Int) -> Range<Int> {
        utterance.clipStartMs..<max(utterance.clipStartMs + 1, min(nowMs, utterance.voiceMs + configuration.postRollMs))
    }
}
