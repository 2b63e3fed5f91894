import Audio

extension CallMachine {
    /// An utterance has been recognised; empty text when it held no words, nil when the engine failed.
    package mutating func transcribed(utterance id: Int, _ transcription: Transcription?, failure: String?, nowMs: Int) -> [CallAction] {
        guard let index = utterances.firstIndex(where: { $0.id == id && $0.outcome == nil }) else { return [] }
        utterances[index].outcome = transcription ?? Transcription(text: "")
        utterances[index].ledger.transcribedAtMs = nowMs
        var actions: [CallAction] = failure.map { [.emit(.error(message: $0, stage: "stt"))] } ?? []
        actions += takeRecognised(nowMs: nowMs)
        switch lifecycle {
        case .active: return actions + answerIfCallerWaits() + advance(nowMs: nowMs)
        case .ending(let reason, _): return actions + (utterances.isEmpty ? stop(reason: reason) : [])
        case .stopped: return actions
        }
    }

    /// The assistant said something more of a turn's answer.
    package mutating func token(turn: Int, _ text: String, nowMs: Int) -> [CallAction] {
        guard exchange?.turn == turn, exchange?.isTextComplete == false, !text.isEmpty else { return [] }
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
    package mutating func spoken(turn: Int, failure: String?, nowMs: Int) -> [CallAction] {
        guard exchange?.turn == turn, exchange?.isSynthesizing == true else { return [] }
        exchange?.completePiece(isBroken: failure != nil)
        let actions: [CallAction] = failure.map { [.emit(.error(message: $0, stage: "tts"))] } ?? []
        return actions + speakNext(nowMs: nowMs)
    }

    /// Whether work for this turn's answer is still wanted.
    package func wants(turn: Int) -> Bool { exchange?.turn == turn }

    /// Whether the answer must not begin to be played because the caller is speaking, or has and may have said something.
    ///
    /// Words end the answer; if none come, it is played after all.
    var isHeldBack: Bool {
        configuration.turns.segmentation == .turns && !playout.hasSentAudio && (detector.isSpeaking || !utterances.isEmpty)
    }

    /// Sends what is due.
    mutating func advance(nowMs: Int) -> [CallAction] {
        guard !isHeldBack else { return [] }
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
        guard playout.hasSentAudio else { return endExchange(playedMs: 0) }
        let playedMs = playout.playedMs(nowMs: nowMs)
        return [.line(.clear), .emit(.bargeIn(turn: exchange.turn, playedMs: playedMs))] + endExchange(playedMs: playedMs)
    }

    /// Closes the exchange with what was heard of it; `.max` means all.
    mutating func endExchange(playedMs: Int) -> [CallAction] {
        guard let exchange else { return [] }
        playout.cut()
        self.exchange = nil
        let heard = exchange.heardText(playedMs: playedMs)
        if !heard.isEmpty { conversation.append(ConversationTurn(role: .assistant, text: heard)) }
        guard exchange.hasWords else { return [] }
        // An answer cut while it was being made has its text told, too: what was heard is a part of something.
        let text: [CallAction] = exchange.isTextComplete ? [] : [.emit(.assistantText(text: exchange.answer, turn: exchange.turn))]
        let isComplete = exchange.isHeardWhole(playedMs: playedMs)
        return text + [.emit(.assistantHeard(text: heard, turn: exchange.turn, complete: isComplete))]
    }

    /// Notes the utterances whose texts are known, in the order they were spoken, whatever the order in which workers finish.
    mutating func takeRecognised(nowMs: Int) -> [CallAction] {
        var actions: [CallAction] = []
        while let first = utterances.first, let outcome = first.outcome {
            utterances.removeFirst()
            actions += take(outcome, of: first, nowMs: nowMs)
        }
        return actions
    }

    /// Notes a recognised utterance.
    private mutating func take(_ outcome: Transcription, of utterance: PendingUtterance, nowMs: Int) -> [CallAction] {
        // Speech without words is a cough or noise: it is no turn.
        guard !outcome.text.isEmpty else { return [] }
        // New words win over an answer to older ones, and come after what was heard of it.
        let interruption = bargeIn(nowMs: nowMs)
        turn += 1
        conversation.append(ConversationTurn(role: .caller, text: outcome.text))
        unanswered = utterance.ledger
        return interruption + [.emit(.final(text: outcome.text, turn: turn, audioMs: utterance.endMs, confidence: outcome.confidence))]
    }

    /// Answers once the caller has said all and all of it is known.
    private mutating func answerIfCallerWaits() -> [CallAction] {
        guard let ledger = unanswered, utterances.isEmpty || configuration.turns.segmentation == .fixed, !detector.isSpeaking else { return [] }
        unanswered = nil
        exchange = Exchange(turn: turn, ledger: ledger)
        playout.begin(turn: turn)
        return [.ask(turn: turn, conversation)]
    }

    /// Synthesises the next piece, or closes the playout when there is none left.
    private mutating func speakNext(nowMs: Int) -> [CallAction] {
        guard let turn = exchange?.turn else { return [] }
        if let text = exchange?.nextPiece() { return [.synthesize(turn: turn, text: text)] }
        guard exchange?.isFullySynthesized == true else { return [] }
        playout.close()
        // Nothing to be heard: no mark will tell the end of it.
        return playout.isEmpty ? endExchange(playedMs: .max) : advance(nowMs: nowMs)
    }
}
