import Audio

extension CallMachine {
    /// An utterance has been recognised; empty text when it held no words, nil when the engine failed.
    package mutating func transcribed(utterance id: Int, _ transcription: Transcription?, failure: String?, nowMs: Int) -> [CallAction] {
        guard let index = utterances.firstIndex(where: { $0.id == id }) else { return [] }
        utterances[index].outcome = transcription ?? Transcription(text: "")
        utterances[index].ledger.transcribedAtMs = nowMs
        var actions: [CallAction] = failure.map { [.emit(.error(message: $0, stage: "stt"))] } ?? []
        // Texts are told in the order they were spoken, whatever the order in which workers finish.
        while let first = utterances.first, let outcome = first.outcome {
            utterances.removeFirst()
            actions += take(outcome, of: first)
        }
        switch lifecycle {
        case .active: return actions + answerIfCallerWaits()
        case .ending(let reason, _): return actions + (utterances.isEmpty ? stop(reason: reason) : [])
        case .stopped: return actions
        }
    }

    /// The assistant said something more of a turn's answer.
    package mutating func token(turn: Int, _ text: String, nowMs: Int) -> [CallAction] {
        guard exchange?.turn == turn else { return [] }
        if exchange?.ledger.firstTokenAtMs == nil { exchange?.ledger.firstTokenAtMs = nowMs }
        exchange?.append(text)
        return speakNext(nowMs: nowMs)
    }

    /// The assistant has finished a turn's answer, or failed.
    package mutating func answered(turn: Int, failure: String?, nowMs: Int) -> [CallAction] {
        guard exchange?.turn == turn, exchange?.isTextComplete == false else { return [] }
        var actions: [CallAction] = []
        if let failure {
            actions.append(.emit(.error(message: failure, stage: "assistant")))
            if exchange?.answer.isEmpty == true { actions += token(turn: turn, configuration.apology, nowMs: nowMs) }
        }
        exchange?.completeText()
        if let answer = exchange?.answer, !answer.isEmpty { actions.append(.emit(.assistantText(text: answer, turn: turn))) }
        return actions + speakNext(nowMs: nowMs)
    }

    /// Audio of the piece being synthesised.
    package mutating func speech(turn: Int, _ chunk: SpeechChunk, nowMs: Int) -> [CallAction] {
        guard exchange?.turn == turn, !chunk.samples.isEmpty else { return [] }
        exchange?.append(chunk)
        playout.enqueue(MuLaw.encode(chunk.samples))
        return advance(nowMs: nowMs)
    }

    /// The piece being synthesised has all its audio, or the voice failed.
    package mutating func spoken(turn: Int, failure: String?, nowMs: Int) -> [CallAction] {
        guard exchange?.turn == turn else { return [] }
        exchange?.completePiece()
        let actions: [CallAction] = failure.map { [.emit(.error(message: $0, stage: "tts"))] } ?? []
        return actions + speakNext(nowMs: nowMs)
    }

    /// Whether work for this turn's answer is still wanted.
    package func wants(turn: Int) -> Bool { exchange?.turn == turn }

    /// Sends what is due.
    mutating func advance(nowMs: Int) -> [CallAction] {
        let hadSent = playout.hasSentAudio
        let commands = playout.advance(nowMs: nowMs)
        var actions = commands.map(CallAction.line)
        if !hadSent, playout.hasSentAudio, let turn = exchange?.turn, let metrics = exchange?.ledger.report(turn: turn, nowMs: nowMs) {
            actions.append(.emit(.turnMetrics(metrics)))
        }
        return actions
    }

    /// The caller speaks: an answer in progress gives way.
    mutating func bargeIn(nowMs: Int) -> [CallAction] {
        guard let exchange else { return [] }
        let playedMs = playout.playedMs(nowMs: nowMs)
        guard playout.hasSentAudio else { return endExchange(playedMs: 0) }
        return [.line(.clear), .emit(.bargeIn(turn: exchange.turn, playedMs: playedMs))] + endExchange(playedMs: playedMs)
    }

    /// Closes the exchange with what was heard of it; `.max` means all.
    mutating func endExchange(playedMs: Int) -> [CallAction] {
        guard let exchange else { return [] }
        let isComplete = playedMs == .max
        let heard = exchange.heardText(playedMs: playedMs)
        playout.cut()
        self.exchange = nil
        if !heard.isEmpty { conversation.append(ConversationTurn(role: .assistant, text: heard)) }
        guard !exchange.answer.isEmpty else { return [] }
        return [.emit(.assistantHeard(text: heard, turn: exchange.turn, complete: isComplete))]
    }

    /// Notes a recognised utterance.
    private mutating func take(_ outcome: Transcription, of utterance: PendingUtterance) -> [CallAction] {
        // Speech without words is a cough or noise: it is no turn.
        guard !outcome.text.isEmpty else { return [] }
        turn += 1
        conversation.append(ConversationTurn(role: .caller, text: outcome.text))
        unanswered = utterance.ledger
        return [.emit(.final(text: outcome.text, turn: turn, audioMs: utterance.endMs, confidence: outcome.confidence))]
    }

    /// Answers once the caller has said all and all of it is known.
    private mutating func answerIfCallerWaits() -> [CallAction] {
        guard let ledger = unanswered, utterances.isEmpty || configuration.turns.segmentation == .fixed, !detector.isSpeaking else { return [] }
        unanswered = nil
        // Fixed clips come while an answer plays; the newest words win.
        let interruption = exchange == nil ? [] : bargeIn(nowMs: ledger.transcribedAtMs)
        exchange = Exchange(turn: turn, ledger: ledger)
        playout.begin(turn: turn)
        return interruption + [.ask(turn: turn, conversation)]
    }

    /// Synthesises the next piece, or closes the playout when there is none left.
    private mutating func speakNext(nowMs: Int) -> [CallAction] {
        guard let turn = exchange?.turn else { return [] }
        if let text = exchange?.nextPiece() { return [.synthesize(turn: turn, text: text)] }
        guard exchange?.isFullySynthesized == true else { return [] }
        playout.close()
        return advance(nowMs: nowMs)
    }
}
