import Synchronization

/// A signal that lets a scripted caller continue.
///
/// The code that places the call gives it once.
package final class CallerSignal: Sendable, Equatable {
    private let given = Atomic(false)

    package init() {}

    package var isGiven: Bool { given.load(ordering: .acquiring) }

    package func give() { given.store(true, ordering: .releasing) }

    package static func == (left: CallerSignal, right: CallerSignal) -> Bool { left === right }
}

/// One thing a scripted caller does.
package enum CallerStep: Sendable, Equatable {
    /// Says something: 16-bit samples at 8,000 Hz, and a name for it in events and in the report.
    case say(clip: [Int16], label: String)
    /// Stays silent for some milliseconds.
    case wait(Int)
    /// Stays silent until the agent has spoken and nothing of it has been left to play for `quietMs`, or until `timeoutMs` are over.
    case waitForAnswer(quietMs: Int = 1200, timeoutMs: Int = 20_000)
    /// Stays silent until the agent has greeted: it has been heard, and nothing of it has been left to play for `quietMs`. A server that says nothing
    /// costs `silenceMs`; one that does not stop, `timeoutMs`.
    case waitForGreeting(quietMs: Int = 1200, silenceMs: Int = 2500, timeoutMs: Int = 30_000)
    /// Says something and waits for the answer as ``waitForAnswer(quietMs:timeoutMs:)`` does.
    ///
    /// When the line is lost before the answer was heard, the caller listens to what the agent says on the next stream and then says it again.
    case ask(clip: [Int16], label: String)
    /// Stays silent until the signal is given, or until `timeoutMs` are over.
    case waitUntil(CallerSignal, timeoutMs: Int = 30_000)
    /// Presses a key: `0`-`9`, `*`, `#`.
    case dtmf(Character)
    /// Waits until the agent has been heard for `afterMs` and says something over it; skipped when 30 s pass without that.
    case interruptWhenSpeaking(afterMs: Int, clip: [Int16], label: String)
    /// Drops the socket's connection without a word, as a broken network does. The call goes on with the next verb.
    case cutSocket
    /// Ends the call.
    case hangUp
}

extension [CallerStep] {
    /// Waits for the greeting, unless the caller `interrupts` it, asks each clip, and hangs up.
    package static func conversation(_ clips: [(label: String, samples: [Int16])], interrupts: Bool = false) -> [CallerStep] {
        (interrupts ? [] : [.waitForGreeting()]) + clips.map { .ask(clip: $0.samples, label: $0.label) } + [.hangUp]
    }
}
