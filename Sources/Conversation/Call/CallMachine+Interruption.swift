extension CallMachine {
    /// Whether the answer must not begin to be played because the caller is speaking, or has and may have said something.
    ///
    /// Words end the answer; if none come, it is played after all.
    var isHeldBack: Bool {
        guard configuration.turns.segmentation == .turns, !playout.hasSentAudio, exchange?.opensCall != true, !isTimeUp, hold == nil else {
            return false
        }
        // What is said ahead of an answer fills the time until it is known what the caller said.
        return detector.isSpeaking || (exchange?.isAsked != false && !utterances.isEmpty) || keypad.isOpen
    }

    /// Whether what the agent says now is heard whatever the caller does.
    func isProtected(nowMs: Int) -> Bool {
        isTimeUp || exchange?.kind == .notice(isProtected: true)
            || (exchange?.kind == .greeting && playout.playedMs(nowMs: nowMs) < configuration.greetingProtectedMs)
    }

    /// What the sound an utterance makes over the agent's answer means; a turn of its own where there is no answer to go on with.
    func verdict(on utterance: Utterance, text: String, nowMs: Int) -> Interruption.Verdict {
        guard !utterance.hasTakenFloor, let exchange, exchange.turn == utterance.overTurn, !isAnsweredFromBefore(exchange, nowMs: nowMs) else {
            return text.isEmpty ? .noWords : .floor
        }
        return Interruption.judge(
            text: text,
            speechMs: utterance.endMs - utterance.startMs,
            agentAsked: exchange.isQuestion(atMs: playout.playedMs(nowMs: nowMs)),
            in: language
        )
    }

    /// Whether words over this exchange answer what the caller heard before the line was lost.
    ///
    /// This holds during the apology, and during a repeated answer that contains a question, because the caller may already know the question.
    /// During any other answer "okay" is a backchannel.
    private func isAnsweredFromBefore(_ exchange: Exchange, nowMs: Int) -> Bool {
        guard exchange.kind == .resumption, let resumption = configuration.resumption, !resumption.isExpected else { return false }
        if case .answer(let answer) = resumption.debt, answer.contains("?") { return true }
        let heard = exchange.heardText(playedMs: playout.playedMs(nowMs: nowMs))
        return heard.split(whereSeparator: \.isWhitespace).count <= configuration.resumeApology.split(whereSeparator: \.isWhitespace).count
    }

    /// The caller makes a sound: the answer stops at once, and waits until it is known what the sound was.
    mutating func pauseAnswer(nowMs: Int) -> [CallAction] {
        guard let exchange, playout.isAudible, !isProtected(nowMs: nowMs),
            // Only its last mark is still on its way.
            !exchange.isHeardWhole(playedMs: playout.playedMs(nowMs: nowMs))
        else { return [] }
        let playedMs = playout.pause(nowMs: nowMs)
        if let index = utterances.indices.last { utterances[index].overTurn = exchange.turn }
        resumeAtMs = nowMs + configuration.turns.resumeAfterMs
        return [.line(.clear), .emit(.assistantPaused(turn: exchange.turn, playedMs: playedMs))]
    }

    /// The sound was nothing: the answer goes on where it stopped.
    mutating func resumeAnswer(nowMs: Int) -> [CallAction] {
        resumeAtMs = nil
        guard let exchange, playout.isPaused else { return [] }
        let fromMs = exchange.resumeMs(playedMs: playout.playedMs(nowMs: nowMs))
        playout.resume(fromMs: fromMs)
        return [.emit(.assistantResumed(turn: exchange.turn, fromMs: fromMs))] + advance(nowMs: nowMs)
    }

    /// The utterance in progress takes the turn from the agent.
    mutating func takeFloor(nowMs: Int) -> [CallAction] {
        guard let index = utterances.indices.last, let overTurn = utterances[index].overTurn, exchange?.turn == overTurn else { return [] }
        guard !isProtected(nowMs: nowMs) else { return [] }
        utterances[index].hasTakenFloor = true
        return bargeIn(nowMs: nowMs)
    }

    /// The caller takes the turn: an answer in progress gives way for good.
    mutating func bargeIn(nowMs: Int) -> [CallAction] { cutAnswer(isBargeIn: true, nowMs: nowMs) }

    /// An answer in progress ends where it is.
    mutating func cutAnswer(isBargeIn: Bool, nowMs: Int) -> [CallAction] {
        guard let exchange else { return [] }
        let playedMs = playout.playedMs(nowMs: nowMs)
        guard playout.hasSentAudio else { return endExchange(playedMs: 0) }
        guard !exchange.isHeardWhole(playedMs: playedMs) else { return concludeFarewell(isHeard: false) + endExchange(playedMs: .max) }
        let clear: [CallAction] = playout.isPaused ? [] : [.line(.clear)]
        let told: [CallAction] = isBargeIn ? [.emit(.bargeIn(turn: exchange.turn, playedMs: playedMs))] : []
        return clear + told + endExchange(playedMs: playedMs)
    }
}

// MARK: - Keys and silence

extension CallMachine {
    /// The caller pressed a key.
    package mutating func digit(_ digit: Character, nowMs: Int) -> [CallAction] {
        guard lifecycle == .active else { return [] }
        var actions: [CallAction] = [.emit(.digit(digit))]
        if let obeyed = obeyKey(digit, nowMs: nowMs) { return actions + obeyed }
        guard configuration.interruptsOnDigits, !isDeaf else { return actions }
        if !isProtected(nowMs: nowMs) { actions += bargeIn(nowMs: nowMs) }
        keypad.press(digit, nowMs: nowMs)
        return actions + takeKeysIfDue(nowMs: nowMs)
    }

    /// Keys that are complete are the caller's turn, once nothing protected is being said.
    mutating func takeKeysIfDue(nowMs: Int) -> [CallAction] {
        guard let dueAtMs = keypad.dueAtMs(pauseMs: configuration.keypadPauseMs), nowMs >= dueAtMs, !isProtected(nowMs: nowMs), hold == nil else {
            return []
        }
        return takeKeys(nowMs: nowMs)
    }

    /// The keys pressed so far are the caller's turn.
    mutating func takeKeys(nowMs: Int) -> [CallAction] {
        guard keypad.isOpen else { return [] }
        let lastKeyAtMs = keypad.lastKeyAtMs
        let digits = keypad.take()
        let interruption = bargeIn(nowMs: nowMs) + dropDeferred()
        turn += 1
        idle.callerAnswered()
        forgetSilencedDebt()
        // Spaces, so that a voice says each digit.
        conversation.append(ConversationTurn(role: .caller, text: digits.map(String.init).joined(separator: " ")))
        owedTurn = nil
        unanswered = TurnLedger(endpointMs: nowMs - lastKeyAtMs, endedAtMs: nowMs, transcribedAtMs: nowMs)
        waitSinceMs = lastKeyAtMs
        return interruption + [.emit(.keyed(digits: digits, turn: turn))] + answerIfCallerWaits(nowMs: nowMs)
    }

    /// Whether nobody says anything and nothing is on its way.
    var isQuiet: Bool {
        lifecycle == .active && exchange == nil && unanswered == nil && tools.isEmpty && deferredTool == nil && leavingByMs == nil
            && utterances.isEmpty && hold == nil && mutes.isEmpty && notices.isEmpty
            && !detector.isSpeaking && !keypad.isOpen
    }

    /// Takes note of silence; follows every event.
    mutating func watchIdle(nowMs: Int) {
        idle.note(isQuiet: isQuiet, nowMs: nowMs)
    }

    /// Speaks to a caller who has said nothing for too long.
    mutating func speakIfIdle(nowMs: Int) -> [CallAction] {
        guard isQuiet else { return [] }
        return switch idle.step(nowMs: nowMs) {
        case .nothing: []
        case .prompt: say(configuration.idlePrompt, as: .prompt, nowMs: nowMs)
        case .goodbye: say(configuration.idleGoodbye, as: .goodbye(.idle), nowMs: nowMs)
        }
    }
}
