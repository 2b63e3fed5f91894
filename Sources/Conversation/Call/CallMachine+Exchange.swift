import Audio

extension CallMachine {
    /// The assistant said something more of a turn's answer.
    package mutating func token(turn: Int, _ text: String, nowMs: Int) -> [CallAction] {
        guard exchange?.turn == turn, exchange?.isTextComplete == false, !text.isEmpty else { return [] }
        if exchange?.ledger.firstTokenAtMs == nil { exchange?.ledger.firstTokenAtMs = nowMs }
        exchange?.append(text)
        return speakNext(nowMs: nowMs)
    }

    /// The assistant has finished a turn's answer, or failed.
    package mutating func answered(turn: Int, failure: String? = nil, nowMs: Int) -> [CallAction] {
        guard exchange?.turn == turn, exchange?.isTextComplete == false else { return [] }
        var actions: [CallAction] = []
        if let failure {
            actions.append(.emit(.error(message: failure, stage: "assistant")))
            if exchange?.hasWords == false { actions += token(turn: turn, configuration.apology, nowMs: nowMs) }
        }
        exchange?.completeText()
        if let answer = exchange?.answer, exchange?.hasWords == true { actions.append(.emit(.assistantText(text: answer, turn: turn))) }
        return actions + speakNext(nowMs: nowMs)
    }

    /// Audio of the piece being synthesised.
    package mutating func speech(turn: Int, _ chunk: SpeechChunk, nowMs: Int) -> [CallAction] {
        guard exchange?.turn == turn, exchange?.isSynthesizing == true, !chunk.samples.isEmpty else { return [] }
        exchange?.append(chunk)
        playout.enqueue(MuLaw.encode(chunk.samples))
        return advance(nowMs: nowMs)
    }

    /// The piece being synthesised has all its audio, or the voice failed.
    package mutating func spoken(turn: Int, failure: String? = nil, nowMs: Int) -> [CallAction] {
        guard exchange?.turn == turn, exchange?.isSynthesizing == true else { return [] }
        exchange?.completePiece(isBroken: failure != nil)
        let actions: [CallAction] = failure.map { [.emit(.error(message: $0, stage: "tts"))] } ?? []
        return actions + speakNext(nowMs: nowMs)
    }

    /// Whether work for this turn's answer is still wanted.
    package func wants(turn: Int) -> Bool { exchange?.turn == turn }

    /// Sends what is due.
    mutating func advance(nowMs: Int) -> [CallAction] {
        guard !isHeldBack else { return [] }
        let commands = playout.advance(nowMs: nowMs)
        if playout.hasSentAudio, exchange?.ledger.firstAudioAtMs == nil { exchange?.ledger.firstAudioAtMs = nowMs }
        return commands.map(CallAction.line)
    }

    /// Answers once the caller has said all and all of it is known.
    mutating func answerIfCallerWaits() -> [CallAction] {
        guard let ledger = unanswered, lifecycle == .active, !detector.isSpeaking, !keypad.isOpen,
            utterances.isEmpty || configuration.turns.segmentation == .fixed
        else { return [] }
        unanswered = nil
        let turn = takeOwedTurn() ?? turn
        exchange = Exchange(turn: turn, ledger: ledger)
        playout.begin(turn: turn)
        return [.ask(turn: turn, conversation)]
    }

    /// The turn from before the line was lost that is to be answered now, if any; the apology moves before it, so that its words are the last.
    private mutating func takeOwedTurn() -> Int? {
        guard let owed = owedTurn else { return nil }
        owedTurn = nil
        if conversation.count > 1, conversation.last?.role == .assistant { conversation.swapAt(conversation.count - 1, conversation.count - 2) }
        return owed
    }

    /// Says something of the agent's own accord, as a turn of its own.
    mutating func say(_ text: String, as kind: Exchange.Kind, nowMs: Int) -> [CallAction] {
        turn += 1
        var exchange = Exchange(turn: turn, kind: kind, ledger: TurnLedger(isReported: true))
        exchange.append(text)
        exchange.completeText()
        self.exchange = exchange
        playout.begin(turn: turn)
        return [.emit(.assistantText(text: text, turn: turn))] + speakNext(nowMs: nowMs)
    }

    /// Tells where the turn's time went, once; `playedAtMs` is when the first frame had been played, where that is known.
    mutating func report(playedAtMs: Int?) -> [CallAction] {
        guard let turn = exchange?.turn, let metrics = exchange?.ledger.report(turn: turn, playedAtMs: playedAtMs) else { return [] }
        return [.emit(.turnMetrics(metrics))]
    }

    /// Closes the exchange with what was heard of it; `.max` means that nothing is left to be played.
    mutating func endExchange(playedMs: Int) -> [CallAction] {
        var actions = report(playedAtMs: nil)
        guard let exchange else { return actions }
        playout.cut()
        self.exchange = nil
        resumeAtMs = nil
        if !exchange.isFullySynthesized { actions.append(.cancelAnswer(turn: exchange.turn)) }
        let heard = exchange.heardText(playedMs: playedMs)
        if !heard.isEmpty { conversation.append(ConversationTurn(role: .assistant, text: heard)) }
        if exchange.hasWords {
            // An answer cut while it was being made has its text told, too: what was heard is a part of something.
            if !exchange.isTextComplete { actions.append(.emit(.assistantText(text: exchange.answer, turn: exchange.turn))) }
            let isComplete = exchange.isHeardWhole(playedMs: playedMs)
            actions.append(.emit(.assistantHeard(text: heard, turn: exchange.turn, complete: isComplete)))
        }
        return actions
    }

    /// Closes the exchange once nothing is left to be played, and does what was only waiting for that.
    ///
    /// The end of a goodbye is the end of the call; words from before the line was lost are answered behind the apology.
    mutating func completeExchange(nowMs: Int) -> [CallAction] {
        let kind = exchange?.kind
        let actions = endExchange(playedMs: .max)
        switch kind {
        case .goodbye(let goodbye): return actions + [.line(.hangUp)] + end(reason: goodbye.rawValue, nowMs: nowMs)
        case .resumption:
            guard let owedTurn = configuration.resumption?.owedTurn, unanswered == nil else { return actions }
            self.owedTurn = owedTurn
            unanswered = TurnLedger(isReported: true)
            return actions + answerIfCallerWaits()
        case .answer, .greeting, .prompt, nil: return actions
        }
    }

    /// Synthesises the next piece, or closes the playout when there is none left.
    private mutating func speakNext(nowMs: Int) -> [CallAction] {
        guard let turn = exchange?.turn else { return [] }
        if let text = exchange?.nextPiece() { return [.synthesize(turn: turn, text: text)] }
        guard exchange?.isFullySynthesized == true else { return [] }
        playout.close()
        // Nothing to be heard: no mark will tell the end of it.
        return playout.isEmpty ? completeExchange(nowMs: nowMs) : advance(nowMs: nowMs)
    }
}
