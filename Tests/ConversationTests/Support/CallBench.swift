import Audio
import Synchronization
import TestSupport

@testable import Conversation

/// Keeps what a call tells and sends.
final class CallRecord: CallObserver, CallLine {
    private struct State {
        var events: [CallEvent] = []
        var farEnd = FarEnd()
        var commands: [LineCommand] = []
    }

    private let home: VirtualHome
    private let state = Mutex(State())

    init(home: VirtualHome) {
        self.home = home
    }

    var events: [CallEvent] { state.withLock { $0.events } }
    var commands: [LineCommand] { state.withLock { $0.commands } }
    /// How many alarms are set for the call.
    var alarmCount: Int { home.alarmCount }
    /// Lets every alarm ring that is set, and what that leads to happen.
    func ringOut() {
        home.advance(ms: CallSession.longestAlarmMs)
        home.finish()
    }

    var played: [UInt8] { state.withLock { $0.farEnd.played } }

    func observe(_ event: CallEvent) {
        state.withLock { $0.events.append(event) }
    }

    func send(_ command: LineCommand) {
        state.withLock { state in
            state.commands.append(command)
            state.farEnd.take(command, nowMs: home.nowMs)
        }
    }

    /// The marks that have come back by now.
    func echoesDue() -> [String] {
        state.withLock { $0.farEnd.echoesDue(nowMs: home.nowMs) }
    }
}

/// A call session on a bench: a caller's voice goes in, time passes when told to.
struct CallBench {
    let session: CallSession
    let clock: VirtualHome
    let record: CallRecord

    var events: [CallEvent] { record.events }

    /// Runs a call beside `body`, and to its end after it.
    static func withCall(
        transcriber: ListTranscriber = ListTranscriber([]),
        assistant: TokenAssistant = TokenAssistant(),
        detector: LoudnessDetector = LoudnessDetector(),
        journal: (any CallJournal)? = nil,
        configure: (inout CallMachine.Configuration) -> Void = { _ in },
        _ body: (CallBench) async throws -> Void
    ) async throws -> CallRecord {
        var configuration = CallMachine.Configuration()
        // Virtual time flies while a busy machine gets round to an engine's task.
        configuration.lastWordsMs = 100_000_000
        configuration.recognitionLimitMs = 100_000_000
        configuration.idlePromptMs = nil
        configure(&configuration)
        let home = VirtualHome()
        let record = CallRecord(home: home)
        let engines = CallEngines(voiceActivity: detector, transcriber: transcriber, assistant: assistant, synthesizer: BuzzSynthesizer())
        let session = CallSession(
            configuration: configuration,
            engines: engines,
            line: record,
            observer: record,
            home: home,
            journal: journal
        )
        home.perform(on: session) { $0.begin() }
        try await withThrowingTaskGroup { group in
            group.addTask { await session.run() }
            let bench = CallBench(session: session, clock: home, record: record)
            try await body(bench)
            // What has not ended by itself is abandoned.
            group.cancelAll()
        }
        return record
    }

    func send(_ input: CallInput) { clock.perform(on: session) { $0.take(input) } }

    /// The line breaks without a word.
    func hangUpWithoutAWord() { send(.lost("stream_lost")) }

    /// Lets everything happen that can without time passing.
    func settle() async {
        for _ in 0..<20 {
            await session.turnAround()
            await Task.yield()
        }
    }

    /// Lets time pass in steps, with marks coming back from the far end.
    func pass(ms: Int) async {
        for _ in 0..<(ms / 20) {
            clock.advance(ms: 20)
            for name in record.echoesDue() { send(.mark(name)) }
            await settle()
        }
    }

    /// The caller speaks, or is silent, from a place on the media clock on.
    ///
    /// The voice is loud noise, since a tone or a constant could be the agent's own sound coming back.
    func caller(speaks: Bool, fromMs: Int, ms: Int) async {
        var random = SeededRandom(seed: fromMs)
        for startMs in stride(from: fromMs, to: fromMs + ms, by: 20) {
            let voice = (0..<160).map { _ in UInt8.random(in: 0...0x1F, using: &random) | (random.once(in: 2) ? 0x80 : 0) }
            send(.audio(speaks ? voice : [UInt8](repeating: MuLaw.silence, count: 160), timestampMs: startMs))
            await pass(ms: 20)
        }
    }

    /// Waits until something has come about that takes no time on the call's clock, however busy this machine is.
    func standStill(until condition: () -> Bool) async {
        for _ in 0..<100_000 where !condition() { await settle() }
    }

    /// Waits until something has come about, for a thousand seconds of the clock at most; time passes meanwhile.
    func until(_ condition: () -> Bool) async {
        let endMs = clock.nowMs + 1_000_000
        while !condition(), clock.nowMs < endMs { await pass(ms: 20) }
    }
}

extension CallSession {
    /// Returns once everything that waited for the session before this has had its turn.
    fileprivate func turnAround() {}
}
