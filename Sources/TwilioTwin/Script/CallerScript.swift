import Audio

/// A caller who follows a list of steps, 20 ms at a time.
///
/// A value without a clock: each ``next(hearing:)`` is 20 ms of the caller's life. After the last step the caller stays silent.
package struct CallerScript: Sendable {
    /// Samples, which are bytes, in one frame of 20 ms.
    static let frameSamples = 160
    static let frameMs = 20
    /// How long ``CallerStep/interruptWhenSpeaking(afterMs:clip:label:)`` waits for the agent, in ms.
    static let interruptTimeoutMs = 30_000
    /// How ``CallerStep/ask(clip:label:)`` waits for an answer, and for what the agent says when the line is back.
    ///
    /// A server that was started again may have its engines to load before it speaks.
    private static let answer = (quietMs: 1200, timeoutMs: 20_000)
    private static let opening = (quietMs: 1200, silenceMs: 10_000, timeoutMs: 30_000)

    /// What the caller hears while a frame passes.
    struct Hearing: Sendable, Equatable {
        /// The agent can be heard.
        var agentIsAudible = false
        /// Audio of the agent waits to be played.
        var agentIsPlaying = false
        /// The agent has been heard since the caller last finished speaking.
        var hasAnswered = false
    }

    /// What the caller does while a frame passes.
    struct Frame: Sendable, Equatable {
        /// Mu-law for this frame; nil when silent.
        var speech: [UInt8]?
        /// Keys pressed at its beginning.
        var digits: [Character] = []
        var notes: [Note] = []
        /// The caller does this now, and the frame is not sent.
        var ending: StreamEnding?
    }

    /// What happened in the script.
    enum Note: Sendable, Equatable {
        /// A clip begins; its speech (to the last sample above the threshold) has this many samples.
        case began(label: String, speechSamples: Int)
        /// A clip's last sample is in this frame.
        case finished(label: String)
        /// A wait ran out of time.
        case gaveUp(String)
    }

    private let steps: [CallerStep]
    private var index = 0
    /// Within the current step: ms passed, ms during which the agent was heard, samples said.
    private var stepMs = 0
    private var heardMs = 0
    private var said = 0
    /// Ms since the agent's audio ran out.
    private var quietMs = 0
    /// Of ``CallerStep/ask(clip:label:)``: the answer has been heard, and the line was lost since the step began.
    private var wasAnswered = false
    private var isBack = false

    /// Makes a caller at the first step.
    package init(_ steps: [CallerStep]) { self.steps = steps }

    /// Whether every step is done.
    package var isFinished: Bool { index >= steps.count }

    /// Whether the step in progress has said something that had no answer yet and would be said again.
    var isUnanswered: Bool {
        guard index < steps.count, case .ask = steps[index] else { return false }
        return said > 0 && !wasAnswered
    }

    /// The line is lost; the script goes on on another stream.
    mutating func loseLine() {
        guard index < steps.count else { return }
        switch steps[index] {
        case .waitForGreeting:
            stepMs = 0
        case .ask where said > 0 || isBack:
            isBack = true
            said = 0
            stepMs = 0
        case .ask, .say, .wait, .waitForAnswer, .waitUntil, .dtmf, .interruptWhenSpeaking, .cutSocket, .hangUp:
            break
        }
    }

    /// Lets 20 ms pass.
    mutating func next(hearing: Hearing) -> Frame {
        quietMs = hearing.agentIsPlaying ? 0 : quietMs + Self.frameMs
        heardMs += hearing.agentIsAudible ? Self.frameMs : 0
        stepMs += Self.frameMs
        var frame = Frame()
        while index < steps.count, perform(steps[index], hearing: hearing, in: &frame) { moveOn() }
        return frame
    }

    private mutating func moveOn() {
        index += 1
        stepMs = Self.frameMs
        heardMs = 0
        said = 0
        wasAnswered = false
        isBack = false
    }

    /// Does what the step says; true when it is done and leaves the frame to the next step.
    private mutating func perform(_ step: CallerStep, hearing: Hearing, in frame: inout Frame) -> Bool {
        switch step {
        case .say(let clip, let label):
            return say(clip, label: label, in: &frame)
        case .wait(let milliseconds):
            return stepMs > milliseconds
        case .waitForAnswer(let quiet, let timeout):
            return waitForAnswer(quietMs: quiet, timeoutMs: timeout, hearing: hearing, in: &frame)
        case .waitForGreeting(let quiet, let silence, let timeout):
            return waitForOpening((quiet, silence, timeout), hearing: hearing, in: &frame)
        case .ask(let clip, let label):
            return ask(clip, label: label, hearing: hearing, in: &frame)
        case .waitUntil(let signal, let timeout):
            if signal.isGiven { return true }
            guard stepMs > timeout else { return false }
            frame.notes.append(.gaveUp("no signal within \(timeout) ms"))
            return true
        case .dtmf(let digit):
            frame.digits.append(digit)
            return true
        case .interruptWhenSpeaking(let afterMs, let clip, let label):
            return interrupt(afterMs: afterMs, clip: clip, label: label, in: &frame)
        case .cutSocket:
            frame.ending = .callerCutSocket
            index += 1
            return false
        case .hangUp:
            frame.ending = .callerHungUp
            index += 1
            return false
        }
    }

    private mutating func waitForAnswer(quietMs: Int, timeoutMs: Int, hearing: Hearing, in frame: inout Frame) -> Bool {
        if hearing.hasAnswered, self.quietMs > quietMs { return true }
        guard stepMs > timeoutMs else { return false }
        frame.notes.append(.gaveUp("no end of an answer within \(timeoutMs) ms"))
        return true
    }

    /// Waits until the agent has said what it says by itself when a stream begins, if it says anything.
    private func waitForOpening(
        _ limits: (quietMs: Int, silenceMs: Int, timeoutMs: Int),
        hearing: Hearing,
        in frame: inout Frame
    ) -> Bool {
        let isOver = hearing.hasAnswered ? quietMs > limits.quietMs : stepMs > limits.silenceMs && !hearing.agentIsPlaying
        guard !isOver, stepMs > limits.timeoutMs else { return isOver }
        frame.notes.append(.gaveUp("the agent did not stop speaking within \(limits.timeoutMs) ms"))
        return true
    }

    private mutating func ask(_ clip: [Int16], label: String, hearing: Hearing, in frame: inout Frame) -> Bool {
        if isBack {
            guard waitForOpening(Self.opening, hearing: hearing, in: &frame) else { return false }
            isBack = false
            if wasAnswered { return true }
        }
        guard say(clip, label: label, in: &frame) else {
            stepMs = 0
            return false
        }
        wasAnswered = wasAnswered || hearing.hasAnswered
        return waitForAnswer(quietMs: Self.answer.quietMs, timeoutMs: Self.answer.timeoutMs, hearing: hearing, in: &frame)
    }

    private mutating func interrupt(afterMs: Int, clip: [Int16], label: String, in frame: inout Frame) -> Bool {
        if said > 0 || heardMs >= afterMs, heardMs > 0 { return say(clip, label: label, in: &frame) }
        guard stepMs > Self.interruptTimeoutMs else { return false }
        frame.notes.append(.gaveUp("the agent was not heard for \(afterMs) ms within \(Self.interruptTimeoutMs) ms"))
        return true
    }

    /// Fills the frame with the clip's next samples; true when the clip was over before.
    private mutating func say(_ clip: [Int16], label: String, in frame: inout Frame) -> Bool {
        guard said < clip.count else { return true }
        guard frame.speech == nil else { return false }
        if said == 0 { frame.notes.append(.began(label: label, speechSamples: Audibility.speechLength(of: clip))) }
        let piece = clip[said..<min(said + Self.frameSamples, clip.count)]
        said += piece.count
        frame.speech = MuLaw.encode(piece) + Array(repeating: MuLaw.silence, count: Self.frameSamples - piece.count)
        if said == clip.count { frame.notes.append(.finished(label: label)) }
        return false
    }
}
