/// A caller on hold.
struct Hold: Sendable {
    var cause: HoldCause
    /// The tool that it lasts as long as, if it was not a command or a key.
    var tool: String?
    var sound: HoldConfiguration.Sound
    var sinceMs: Int
    /// When it ends by itself.
    var untilMs: Int
    /// When the line is said next; nil for never.
    var lineAtMs: Int?
    /// How much of the sound has been made, in ms.
    var soundMs = 0
}

/// What a caller is owed whose answer was cut because the agent had to be silent.
struct SilencedDebt: Sendable {
    /// An answer that was made and not heard whole.
    var words: String?
    /// The stream began silenced: what the call goes on from is still to be said.
    var opensCall = false
    /// What is said first.
    var opening: String?
    /// Whether the agent may speak again.
    var isDue = false
}

// MARK: - Hold

extension CallMachine {
    /// While a caller is on hold, this much sound, in ms, is made ahead: a line at an interval does not wait behind more.
    static let holdLookAheadMs = 1500

    /// Whether nothing the caller says or keys is a turn.
    var isDeaf: Bool { hold != nil || mutes.contains(.caller) }

    /// Whether the agent answers nothing.
    var isSilenced: Bool { hold != nil || mutes.contains(.agent) }

    /// When ``keepHold(nowMs:)`` has something to do, if ever.
    var holdDeadlineMs: Int? { hold.flatMap { Self.earlier($0.untilMs, $0.lineAtMs) } }

    /// Puts the caller on hold: the agent falls silent, and what the caller has said so far is kept for later.
    mutating func startHold(
        _ cause: HoldCause,
        sound: HoldConfiguration.Sound,
        tool: String? = nil,
        saysLine: Bool = true,
        nowMs: Int
    ) -> [CallAction] {
        let rules = configuration.hold
        let actions = fallSilent(nowMs: nowMs) + endUtterance(nowMs: nowMs)
        if unanswered != nil { owedTurn = owedTurn ?? turn }
        let limitMs = cause == .transfer ? rules.transferLimitMs : rules.limitMs
        hold = Hold(cause: cause, tool: tool, sound: sound, sinceMs: nowMs, untilMs: nowMs + limitMs)
        if !rules.line.isEmpty { hold?.lineAtMs = saysLine ? nowMs : nowMs + rules.lineEveryMs }
        turn += 1
        exchange = Exchange(turn: turn, kind: .hold, ledger: TurnLedger(isReported: true), isAsked: false, language: language)
        playout.begin(turn: turn)
        return actions + [.emit(.holdStarted(cause))] + keepHold(nowMs: nowMs) + speakNext(nowMs: nowMs)
    }

    /// A stream begins with a caller who was on hold, or an agent that was muted, when the line was lost.
    mutating func openSilenced(isOnHold: Bool, nowMs: Int) -> [CallAction] {
        silencedDebt.opensCall = true
        return isOnHold ? startHold(.command, sound: configuration.hold.sound, nowMs: nowMs) : []
    }

    /// Says the line when it is due, and ends a hold that has taken as long as it may.
    mutating func keepHold(nowMs: Int) -> [CallAction] {
        guard lifecycle == .active, let held = hold else { return [] }
        if nowMs >= held.untilMs { return endHold(.limit, nowMs: nowMs) }
        guard let lineAtMs = held.lineAtMs, nowMs >= lineAtMs, let turn = exchange?.turn else { return [] }
        hold?.lineAtMs = nowMs + configuration.hold.lineEveryMs
        let line = configuration.hold.line
        exchange?.insertFiller(line)
        return [.emit(.assistantFiller(text: line, turn: turn))] + speakNext(nowMs: nowMs)
    }

    /// Makes what is heard next on hold: a line that waits, else the sound.
    mutating func playHold(nowMs: Int) -> [CallAction] {
        guard let hold, let exchange, !exchange.isSynthesizing else { return advance(nowMs: nowMs) }
        isPieceWaiting = playout.unheardMs(nowMs: nowMs) > Self.holdLookAheadMs
        guard !isPieceWaiting else { return advance(nowMs: nowMs) }
        if let (id, text) = nextPiece() {
            speechMs = nowMs
            return [.synthesize(id: id, turn: exchange.turn, text: text)]
        }
        guard hold.sound != .silence else { return advance(nowMs: nowMs) }
        let id = nextRequest()
        self.exchange?.forgetPieces()
        self.exchange?.beginSound(id)
        speechMs = nowMs
        return [.playSound(id: id, hold.sound, fromMs: hold.soundMs)]
    }

    /// Ends the hold, and has the agent speak again: with the tool's outcome where a tool held the caller, else with a sentence.
    mutating func endHold(_ cause: HoldCause, nowMs: Int) -> [CallAction] {
        guard let held = hold else { return [] }
        let left = leaveHold(cause, nowMs: nowMs)
        guard let tool = held.tool else { return left + speakAgain(opening: configuration.hold.welcomeBack, nowMs: nowMs) }
        let isOverdue = cause == .limit
        let outcome = ToolOutcome(isOverdue ? .failed : .done, isOverdue ? "It took too long and was given up." : "The hold was ended early.")
        return left + [.cancelTool(id: tool)] + toolFinished(tool, outcome, nowMs: nowMs)
    }

    /// Ends the hold without a word.
    mutating func leaveHold(_ cause: HoldCause, nowMs: Int) -> [CallAction] {
        guard let held = hold else { return [] }
        hold = nil
        return cutAnswer(isBargeIn: false, nowMs: nowMs) + [.emit(.holdEnded(cause, heldMs: nowMs - held.sinceMs))]
    }

    /// Has the agent speak again: about what the caller said before, or is owed, behind an opening.
    mutating func speakAgain(opening: String?, nowMs: Int) -> [CallAction] {
        guard !isSilenced, lifecycle == .active else { return [] }
        idle.callerAnswered()
        waitSinceMs = nowMs
        silencedDebt.opening = opening
        silencedDebt.isDue = true
        return settle(nowMs: nowMs)
    }

    /// Says what the caller is owed since the agent may speak again, once the caller says nothing.
    mutating func paySilencedDebt(nowMs: Int) -> [CallAction] {
        guard silencedDebt.isDue, !isSilenced, !isCallerBusy, !keypad.isOpen, leavingByMs == nil else { return [] }
        let debt = silencedDebt
        // An answer that is being made comes behind the opening.
        if let exchange {
            silencedDebt = SilencedDebt()
            guard exchange.pieces.isEmpty else { return [] }
            return insert(debt.opening, nowMs: nowMs)
        }
        guard unanswered == nil, tools.isEmpty else { return [] }
        silencedDebt = SilencedDebt()
        if debt.opensCall, let resumption = configuration.resumption {
            return say(resumption.opening(apology: debt.opening ?? configuration.resumeApology), as: .resumption, nowMs: nowMs)
        }
        let words = [debt.opening, debt.words].compactMap(\.self).joined(separator: " ")
        return words.isEmpty ? [] : say(words, as: .prompt, nowMs: nowMs)
    }

    /// The caller has spoken since: that is answered instead.
    mutating func forgetSilencedDebt() {
        silencedDebt.words = nil
        silencedDebt.opensCall = false
    }

    /// Says an opening before an answer that is being made.
    private mutating func insert(_ opening: String?, nowMs: Int) -> [CallAction] {
        guard let opening, let turn = exchange?.turn else { return [] }
        exchange?.insertFiller(opening)
        return [.emit(.assistantFiller(text: opening, turn: turn))] + speakNext(nowMs: nowMs)
    }

    /// Cuts what the agent is saying because it is to be silent, and notes what the caller is owed of it.
    mutating func fallSilent(nowMs: Int) -> [CallAction] {
        guard let exchange, exchange.kind != .hold else { return [] }
        if exchange.opensCall, configuration.resumption != nil { silencedDebt.opensCall = true }
        let playedMs = playout.playedMs(nowMs: nowMs)
        if exchange.kind == .answer, exchange.isAsked, !exchange.isHeardWhole(playedMs: playedMs) {
            let hasPlans = exchange.rounds.contains { $0.uses.contains { !$0.isStarted } }
            if exchange.isTextComplete, !hasPlans, !exchange.heardText(playedMs: playedMs).isEmpty {
                silencedDebt.words = exchange.answer
            } else {
                unanswered = TurnLedger(isReported: true)
                owedTurn = exchange.turn
            }
        }
        return cutAnswer(isBargeIn: false, nowMs: nowMs)
    }

    /// Ends the utterance in progress, since nothing of what follows it is heard.
    mutating func endUtterance(nowMs: Int) -> [CallAction] {
        guard case .ended(let ending) = detector.finish(nowMs: mediaEndMs) else { return [] }
        return finish(ending, nowMs: nowMs)
    }
}
