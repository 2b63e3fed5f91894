import Audio

/// Decides what happens in one call: events in, actions out; no I/O, no clock, no engine.
///
/// Times named `nowMs` are on our own clock, places named `audioMs` on the caller's media clock. Feed every event in the
/// order it happened, perform the actions in order, and call ``timer(nowMs:)`` once ``nextDeadlineMs`` has come.
package struct CallMachine: Sendable {
    /// Settings of the parts.
    package struct Configuration: Sendable, Equatable {
        /// How utterances are cut.
        package var turns = TurnConfiguration()
        /// How answers are sent.
        package var playout = PlayoutConfiguration()
        /// How long the words of an utterance are waited for, in ms; later ones would answer a caller who has gone on.
        package var recognitionLimitMs = 15_000
        /// How long a call that has ended waits for the last words to be recognised, in ms.
        package var lastWordsMs = 10_000
        /// Said when the assistant fails, so that the caller is not left in silence.
        package var apology = "Sorry, I did not manage that. Please try again."
        /// The turn number that the next exchange follows; more than 0 when a call goes on.
        package var lastTurn = 0

        /// The defaults.
        package init() {}
    }

    /// An utterance whose text is not known yet, or that waits for an earlier one's.
    struct PendingUtterance: Sendable {
        var id: Int
        var endMs: Int
        var ledger: TurnLedger
        var outcome: Transcription?
    }

    /// The settings.
    package let configuration: Configuration
    var lifecycle = Lifecycle.active
    var detector: TurnDetector
    var playout: Playout
    var exchange: Exchange?
    var conversation: [ConversationTurn] = []
    var utterances: [PendingUtterance] = []
    /// The ledger of the newest caller turn that has no answer yet.
    var unanswered: TurnLedger?
    private var utteranceCount = 0
    var turn: Int
    private var mediaEndMs = 0
    private var fixedStartMs: Int?
    private var hasToldVoiceFailure = false

    /// Makes the machine of a call whose stream has just begun.
    package init(configuration: Configuration) {
        self.configuration = configuration
        detector = TurnDetector(configuration: configuration.turns)
        playout = Playout(configuration: configuration.playout)
        turn = configuration.lastTurn
    }

    /// When ``timer(nowMs:)`` wants to be called, if ever.
    package var nextDeadlineMs: Int? {
        switch lifecycle {
        case .active: [isHeldBack ? nil : playout.nextDeadlineMs, recognitionDeadlineMs].compactMap(\.self).min()
        case .ending(_, let deadlineMs): deadlineMs
        case .stopped: nil
        }
    }

    /// When the oldest utterance still without words is given up.
    private var recognitionDeadlineMs: Int? {
        utterances.first { $0.outcome == nil }.map { $0.ledger.endedAtMs + configuration.recognitionLimitMs }
    }

    /// Whether what the caller says still matters.
    package var isListening: Bool { lifecycle == .active }

    /// The earliest caller audio, in ms on the media clock, that may still be asked for.
    package var audioNeededFromMs: Int {
        switch configuration.turns.segmentation {
        case .turns: detector.neededFromMs
        case .fixed: fixedStartMs ?? 0
        }
    }

    /// The call's stream has begun.
    package func begin() -> [CallAction] {
        [.emit(.active)]
    }

    /// The caller's audio has reached `audioMs` on the media clock.
    package mutating func audio(fromMs: Int, toMs: Int, nowMs: Int) -> [CallAction] {
        guard lifecycle == .active else { return [] }
        // The media clock leapt: a clip cannot reach across, nor can there be one for every 3 s of nothing.
        let hasLeapt = fromMs - mediaEndMs > CallerAudio.jitterMs
        mediaEndMs = toMs
        guard configuration.turns.segmentation == .fixed else { return [] }
        var actions: [CallAction] = []
        var startMs = hasLeapt ? fromMs : fixedStartMs ?? fromMs
        while toMs - startMs >= TurnConfiguration.fixedClipMs {
            let endMs = startMs + TurnConfiguration.fixedClipMs
            actions.append(transcribe(fromMs: startMs, toMs: endMs, speechEndMs: endMs, nowMs: nowMs))
            startMs = endMs
        }
        fixedStartMs = startMs
        return actions
    }

    /// The window of caller audio that ends at `audioMs` is speech with this probability.
    package mutating func voice(probability: Float, audioMs: Int, nowMs: Int) -> [CallAction] {
        guard lifecycle == .active else { return [] }
        mediaEndMs = max(mediaEndMs, audioMs)
        switch detector.hear(probability: probability, endMs: audioMs) {
        case .nothing:
            return []
        case .started(let atMs):
            // An answer not begun to be played is only held back: a cough must not cost the caller the answer.
            return [.emit(.speechStarted(audioMs: atMs))] + (playout.hasSentAudio ? bargeIn(nowMs: nowMs) : [])
        case .ended(let utterance):
            return finish(utterance, nowMs: nowMs)
        }
    }

    /// Voice activity could not be judged; told once, since it may happen with every window.
    package mutating func voiceFailed(_ message: String) -> [CallAction] {
        guard lifecycle == .active, !hasToldVoiceFailure else { return [] }
        hasToldVoiceFailure = true
        return [.emit(.error(message: message, stage: "vad"))]
    }

    /// The caller pressed a key.
    package mutating func digit(_ digit: Character) -> [CallAction] {
        lifecycle == .active ? [.emit(.digit(digit))] : []
    }

    /// A mark came back.
    package mutating func mark(_ name: String, nowMs: Int) -> [CallAction] {
        let hasEnded = playout.echo(name, nowMs: nowMs)
        return hasEnded ? endExchange(playedMs: .max) : []
    }

    /// Time has passed.
    package mutating func timer(nowMs: Int) -> [CallAction] {
        switch lifecycle {
        case .active:
            let late = giveUpLateWords(nowMs: nowMs)
            let hasEnded = playout.expire(nowMs: nowMs)
            return late + (hasEnded ? endExchange(playedMs: .max) : advance(nowMs: nowMs))
        case .ending(let reason, let deadlineMs):
            return nowMs >= deadlineMs ? giveUp(nowMs: nowMs) + stop(reason: reason) : []
        case .stopped:
            return []
        }
    }

    /// The other side ended the call, or the line was lost: what was said is still recognised, nothing is answered.
    package mutating func end(reason: String, nowMs: Int) -> [CallAction] {
        guard lifecycle == .active else { return [] }
        var actions: [CallAction] = []
        if case .ended(let utterance) = detector.finish(nowMs: mediaEndMs) { actions += finish(utterance, nowMs: nowMs) }
        if exchange != nil { actions += endExchange(playedMs: playout.playedMs(nowMs: nowMs)) }
        lifecycle = .ending(reason: reason, deadlineMs: nowMs + configuration.lastWordsMs)
        return actions + (utterances.isEmpty ? stop(reason: reason) : [])
    }

    private mutating func finish(_ utterance: TurnDetector.Utterance, nowMs: Int) -> [CallAction] {
        let action = transcribe(
            fromMs: utterance.clipStartMs,
            toMs: utterance.clipEndMs,
            speechEndMs: utterance.endMs,
            nowMs: nowMs
        )
        return [.emit(.speechStopped(audioMs: utterance.endMs)), action]
    }

    private mutating func transcribe(fromMs: Int, toMs: Int, speechEndMs: Int, nowMs: Int) -> CallAction {
        utteranceCount += 1
        let ledger = TurnLedger(endpointMs: max(0, mediaEndMs - speechEndMs), endedAtMs: nowMs)
        utterances.append(PendingUtterance(id: utteranceCount, endMs: speechEndMs, ledger: ledger))
        return .transcribe(utterance: utteranceCount, fromMs: fromMs, toMs: toMs)
    }

    /// Gives up utterances whose words have been waited for too long; what comes for them later is ignored.
    private mutating func giveUpLateWords(nowMs: Int) -> [CallAction] {
        var actions: [CallAction] = []
        while let deadlineMs = recognitionDeadlineMs, deadlineMs <= nowMs, let late = utterances.first(where: { $0.outcome == nil }) {
            let failure = "an utterance was not recognised within \(configuration.recognitionLimitMs) ms"
            actions += transcribed(utterance: late.id, nil, failure: failure, nowMs: nowMs)
        }
        return actions
    }

    /// Time is up: tells the last words that are known and how many are not.
    private mutating func giveUp(nowMs: Int) -> [CallAction] {
        let lost = utterances.count { $0.outcome == nil }
        utterances.removeAll { $0.outcome == nil }
        return takeRecognised(nowMs: nowMs) + [.emit(.error(message: "\(lost) last utterance(s) were not recognised in time", stage: "stt"))]
    }

    /// Ends the machine for good.
    mutating func stop(reason: String) -> [CallAction] {
        lifecycle = .stopped
        return [.emit(.stopped(reason: reason)), .finish]
    }
}

/// How far a call has come.
enum Lifecycle: Sendable, Equatable {
    /// The stream is open. Becomes `ending`.
    case active
    /// Nothing more comes; the last words are being recognised. Becomes `stopped`, at the deadline at the latest.
    case ending(reason: String, deadlineMs: Int)
    /// All is told.
    case stopped
}
