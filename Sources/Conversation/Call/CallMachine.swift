import Audio

/// Decides what happens in one call: events in, actions out; no I/O, no clock, no engine.
///
/// Times named `nowMs` are on our own clock, places named `audioMs` on the caller's media clock. Feed every event in the
/// order it happened, perform the actions in order, and feed ``Input/timer`` once ``nextDeadlineMs`` has come.
package struct CallMachine: Sendable {
    /// The reason a call ends for when the other side stopped its stream.
    package static let streamStopped = "stream_stopped"
    /// The reason a call ends for when the caller was put through to somebody else.
    package static let transferred = "transferred"
    /// The reason a call ends for when a command ended it.
    package static let endedByOperator = "ended_by_operator"
    /// The reason a stream ends for when somebody else is called for the caller: it comes back unless they answer.
    package static let transferring = "transferring"
    /// The reason a stream ends for when the line presses keys: it comes back.
    package static let lineAway = "line_away"

    /// The settings.
    package let configuration: Configuration
    /// The language of the call (ISO 639-1); nil for English, and until it is found out.
    var language: String?
    var lifecycle = Lifecycle.active
    var detector: TurnDetector
    var playout: Playout
    var exchange: Exchange?
    var conversation: [ConversationTurn] = []
    /// What the caller has said and is not settled, oldest first; the last may still be in progress.
    var utterances: [Utterance] = []
    /// The ledger of the newest caller turn that has no answer yet.
    var unanswered: TurnLedger?
    /// The turn of ``unanswered`` where it is older than the newest turn: words from before the line was lost.
    var owedTurn: Int?
    var keypad = KeypadEntry()
    var idle: IdleWatch
    /// When a paused answer goes on although nobody knows what the sound was.
    var resumeAtMs: Int?
    /// When the call has taken as long as it may, and once that is said, when the goodbye has.
    var timeLimitAtMs: Int?
    var turn: Int
    var tools = ToolLedger()
    /// A tool that changes the call and is run once the caller says nothing, with the turn whose answer called it.
    var deferredTool: (planned: Exchange.PlannedUse, turn: Int)?
    /// Until when the line is waited for to go away, once it was told to press keys.
    var leavingByMs: Int?
    /// Since when the caller, should they wait for us, waits: their last sound, on our clock.
    var waitSinceMs = 0
    /// When the assistant was asked or last said anything.
    var thoughtMs = 0
    /// When the voice was asked or last made any audio.
    var speechMs = 0
    var lastFillerMs: Int?
    var fillerCount = 0
    /// Turns in a row whose answers failed.
    var failures = 0
    var hasTriedHandover = false
    /// The caller on hold.
    var hold: Hold?
    /// The sides that are muted.
    var mutes: Set<MuteSide> = []
    /// The tool that has muted the caller as long as it runs.
    var muteTool: String?
    /// What the caller is owed once the agent may speak again.
    var silencedDebt = SilencedDebt()
    /// What operators want said, oldest first.
    var notices: [Notice] = []
    /// The commands that are done by a tool: the tool's id is the command's.
    var commandTools: Set<String> = []
    /// How often each tool has been used, by name.
    var usedTools: [String: Int] = [:]
    /// The ids of all tools' calls there have been, those that a summary has replaced among them.
    var usedToolIDs: Set<String> = []
    var isSummarizing = false
    /// So many entries the memory must have before a summary is tried again.
    var nextSummaryCount = 0
    var mediaEndMs = 0
    var previewEveryMs: Int
    /// Whether the next piece of the answer waits until more of the audio made has been heard.
    var isPieceWaiting = false
    private var taskCount = 0
    /// How often the assistant and the voice have been asked for something: the id of the newest request.
    private var requestCount = 0
    private var fixedStartMs: Int?
    private var hasToldVoiceFailure = false

    /// Makes the machine of a call whose stream has just begun.
    package init(configuration: Configuration) {
        self.configuration = configuration
        language = configuration.turns.language
        detector = TurnDetector(configuration: configuration.turns)
        playout = Playout(configuration: configuration.playout)
        idle = IdleWatch(promptMs: configuration.idlePromptMs, mostPrompts: configuration.mostIdlePrompts)
        previewEveryMs = configuration.turns.previewEveryMs
        turn = configuration.resumption?.lastTurn ?? 0
        conversation = configuration.resumption?.conversation ?? []
        usedToolIDs = Set(conversation.compactMap(\.tool?.call.id))
        for use in conversation.compactMap(\.tool) { usedTools[use.call.name, default: 0] += 1 }
        // A handover is tried once. After a failed one, the next failed answer ends the call.
        hasTriedHandover = usedToolIDs.contains { $0.hasPrefix(Self.handoverID) }
        if isBackFromHandover { failures = max(0, configuration.silence.mostFailures - 1) }
    }

    /// When ``timer(nowMs:)`` wants to be called, if ever.
    ///
    /// Asked after every frame of every call, so nothing is allocated for it.
    package var nextDeadlineMs: Int? {
        switch lifecycle {
        case .active:
            var earliestMs = isHeldBack ? nil : playout.nextDeadlineMs
            earliestMs = Self.earlier(earliestMs, recognitionDeadlineMs)
            earliestMs = Self.earlier(earliestMs, resumeAtMs)
            earliestMs = Self.earlier(earliestMs, keypadDeadlineMs)
            earliestMs = Self.earlier(earliestMs, idle.deadlineMs)
            earliestMs = Self.earlier(earliestMs, timeLimitAtMs)
            earliestMs = Self.earlier(earliestMs, silenceDeadlineMs)
            earliestMs = Self.earlier(earliestMs, holdDeadlineMs)
            return Self.earlier(earliestMs, pieceDueMs)
        case .ending(_, let deadlineMs): return deadlineMs
        case .stopped: return nil
        }
    }

    /// The earlier of two moments that may never come.
    static func earlier(_ one: Int?, _ other: Int?) -> Int? {
        guard let one, let other else { return one ?? other }
        return min(one, other)
    }

    /// When the oldest utterance that is over and still without words is given up.
    private var recognitionDeadlineMs: Int? {
        utterances.first { !$0.isKnown }?.ledger.map { $0.endedAtMs + configuration.recognitionLimitMs }
    }

    /// When the keys pressed so far are a turn; a greeting that has not given way to them is protected, and its end brings them up.
    private var keypadDeadlineMs: Int? {
        guard hold == nil, !isTimeUp, exchange?.kind != .greeting, exchange?.kind != .notice(isProtected: true) else { return nil }
        return keypad.dueAtMs(pauseMs: configuration.keypadPauseMs)
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
    package mutating func begin(nowMs: Int) -> [CallAction] {
        timeLimitAtMs = configuration.longestCallMs.map { nowMs + $0 }
        waitSinceMs = nowMs
        mutes = configuration.resumption?.standing.mutes ?? []
        let opening: [CallAction] =
            if let standing = configuration.resumption?.standing, standing.isOnHold || standing.mutes.contains(.agent) {
                openSilenced(isOnHold: standing.isOnHold, nowMs: nowMs)
            } else if let resumption = configuration.resumption {
                open(resumption, nowMs: nowMs)
            } else {
                configuration.greeting.map { say($0, as: .greeting, nowMs: nowMs) } ?? []
            }
        return [.emit(.active)] + opening
    }

    /// The caller's audio has reached `audioMs` on the media clock.
    package mutating func audio(fromMs: Int, toMs: Int, nowMs: Int) -> [CallAction] {
        guard lifecycle == .active else { return [] }
        // The media clock leapt: a clip cannot reach across, nor can there be one for every 3 s of nothing.
        let hasLeapt = fromMs - mediaEndMs > CallerAudio.jitterMs
        mediaEndMs = toMs
        guard configuration.turns.segmentation == .fixed, !isDeaf else {
            fixedStartMs = nil
            return []
        }
        var actions: [CallAction] = []
        var startMs = hasLeapt ? fromMs : fixedStartMs ?? fromMs
        while toMs - startMs >= TurnConfiguration.fixedClipMs {
            let endMs = startMs + TurnConfiguration.fixedClipMs
            var utterance = Utterance(startMs: startMs, overTurn: nil)
            utterance.endMs = endMs
            utterance.ledger = TurnLedger(endpointMs: max(0, mediaEndMs - endMs), endedAtMs: nowMs)
            utterances.append(utterance)
            actions.append(transcribe(startMs..<endMs))
            startMs = endMs
        }
        fixedStartMs = startMs
        return actions
    }

    /// Voice activity could not be judged; told once, since it may happen with every window.
    package mutating func voiceFailed(_ message: String) -> [CallAction] {
        guard lifecycle == .active, !hasToldVoiceFailure else { return [] }
        hasToldVoiceFailure = true
        return [.emit(.error(message: message, stage: "vad"))]
    }

    /// A mark came back.
    package mutating func mark(_ name: String, nowMs: Int) -> [CallAction] {
        guard let echo = playout.echo(name, nowMs: nowMs) else { return [] }
        let metrics = report(playedAtMs: echo.isFirst ? nowMs : nil)
        return metrics + (echo.isEnd ? completeExchange(nowMs: nowMs) : []) + settle(nowMs: nowMs)
    }

    /// Time has passed.
    package mutating func timer(nowMs: Int) -> [CallAction] {
        switch lifecycle {
        case .active:
            var actions = giveUpLateWords(nowMs: nowMs)
            if let resumeAtMs, nowMs >= resumeAtMs { actions += resumeAnswer(nowMs: nowMs) }
            if playout.expire(nowMs: nowMs) { actions += completeExchange(nowMs: nowMs) }
            if let pieceDueMs, nowMs >= pieceDueMs { actions += speakNext(nowMs: nowMs) }
            actions += settle(nowMs: nowMs) + keepTalking(nowMs: nowMs) + keepHold(nowMs: nowMs)
            return actions + speakIfIdle(nowMs: nowMs) + keepTimeLimit(nowMs: nowMs)
        case .ending(_, let deadlineMs):
            return nowMs >= deadlineMs ? giveUp(nowMs: nowMs) : []
        case .stopped:
            return []
        }
    }

    /// The other side ended the call, or the line was lost: what was said is still recognised, nothing is answered.
    package mutating func end(reason: String, nowMs: Int) -> [CallAction] {
        guard lifecycle == .active else { return [] }
        var actions: [CallAction] = []
        if case .ended(let ending) = detector.finish(nowMs: mediaEndMs) { actions += finish(ending, nowMs: nowMs) }
        if exchange != nil { actions += endExchange(playedMs: playout.playedMs(nowMs: nowMs), isLineGone: true) }
        deferredTool = nil
        hold = nil
        actions += abandonCommands()
        // A line that was told to press keys, or to call somebody else, has gone to do that, and comes back.
        let isAway = leavingByMs != nil && reason == Self.streamStopped
        let awayReason = tools.dialing == nil ? Self.lineAway : Self.transferring
        lifecycle = .ending(reason: isAway ? awayReason : reason, deadlineMs: nowMs + configuration.lastWordsMs)
        if isAway { _ = tools.takeDialing() } else { actions += giveUpDialing(nowMs: nowMs) }
        return actions + takeKeys(nowMs: nowMs) + settle(nowMs: nowMs)
    }

    /// Asks for the words of a stretch of the newest utterance.
    mutating func transcribe(_ clip: Range<Int>) -> CallAction {
        let task = nextTask()
        utterances[utterances.count - 1].stretches.append(Utterance.Stretch(task: task, clip: clip))
        return .transcribe(task: task, clip: clip)
    }

    /// A number that no transcription has had.
    mutating func nextTask() -> Int {
        taskCount += 1
        return taskCount
    }

    /// The id of the next request to the assistant or the voice.
    mutating func nextRequest() -> Int {
        requestCount += 1
        return requestCount
    }

    /// Gives up utterances whose words have been waited for too long; what comes for them later is ignored.
    private mutating func giveUpLateWords(nowMs: Int) -> [CallAction] {
        guard let deadlineMs = recognitionDeadlineMs, deadlineMs <= nowMs else { return [] }
        var actions: [CallAction] = []
        for index in utterances.indices {
            guard let ledger = utterances[index].ledger, ledger.endedAtMs + configuration.recognitionLimitMs <= nowMs else { continue }
            let cancelled = giveUpWords(ofUtteranceAt: index, nowMs: nowMs)
            guard !cancelled.isEmpty else { continue }
            let message = "an utterance was not recognised within \(configuration.recognitionLimitMs) ms"
            actions += cancelled + [.emit(.error(message: message, stage: "stt"))]
        }
        return actions + settle(nowMs: nowMs)
    }

    /// Time is up: tells the last words that are known and how many are not.
    private mutating func giveUp(nowMs: Int) -> [CallAction] {
        let lost = utterances.count { !$0.isKnown }
        let cancelled = utterances.indices.flatMap { giveUpWords(ofUtteranceAt: $0, nowMs: nowMs) }
        let message = "\(lost) last utterance(s) were not recognised in time"
        let error: [CallAction] = lost == 0 ? [] : [.emit(.error(message: message, stage: "stt"))]
        return cancelled + error + abandonTools(nowMs: nowMs) + settle(nowMs: nowMs)
    }

    private mutating func giveUpWords(ofUtteranceAt index: Int, nowMs: Int) -> [CallAction] {
        utterances[index].ledger?.transcribedAtMs = nowMs
        var actions: [CallAction] = []
        for (place, stretch) in utterances[index].stretches.enumerated() where stretch.outcome == nil {
            utterances[index].stretches[place].outcome = .late
            actions.append(.cancelTranscription(task: stretch.task))
        }
        return actions
    }

    /// Ends the machine for good.
    mutating func stop(reason: String) -> [CallAction] {
        lifecycle = .stopped
        return [.emit(.stopped(reason: reason)), .finish]
    }
}
