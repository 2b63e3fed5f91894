extension CallMachine {
    /// Whether the caller is saying or keying something, or has and it is not known what.
    var isCallerBusy: Bool {
        configuration.turns.segmentation == .turns && (detector.isSpeaking || !utterances.isEmpty || keypad.isOpen)
    }

    /// Since when the caller, who waits for us, has heard nothing; nil while nobody waits or something is being said.
    private var silentSinceMs: Int? {
        guard lifecycle == .active, configuration.turns.segmentation == .turns, !detector.isSpeaking, !keypad.isOpen, !isTimeUp, !isSilenced else {
            return nil
        }
        if let exchange {
            guard exchange.kind == .answer, !exchange.isTextComplete, exchange.isSpokenSoFar, !playout.isPaused else { return nil }
            // What has been made and not sent is held back for the caller's sake.
            guard playout.hasSentAudio else { return playout.isEmpty ? waitSinceMs : nil }
            return playout.dryAtMs.map { max($0, waitSinceMs) }
        }
        let isRecognising = utterances.contains { $0.isOver && !$0.isKnown }
        return unanswered != nil || isRecognising || !tools.isEmpty ? waitSinceMs : nil
    }

    /// When something is to be said so that the caller knows that somebody is there, if ever.
    var fillerDueMs: Int? {
        guard let silentSinceMs else { return nil }
        let usual = configuration.silence.fillerAfterMs.map { max(silentSinceMs, lastFillerMs ?? silentSinceMs) + $0 }
        let own = tools.filler.map { max(silentSinceMs, $0.sinceMs) + configuration.silence.toolFillerAfterMs }
        return [usual, own].compactMap(\.self).min()
    }

    /// When an assistant that says nothing more has failed.
    private var thoughtDueMs: Int? { exchange?.isThinking == true ? thoughtMs + configuration.silence.giveUpAfterMs : nil }

    /// When a voice that makes no audio has failed.
    private var speechDueMs: Int? { exchange?.isSynthesizing == true ? speechMs + configuration.silence.speechLimitMs : nil }

    /// When ``keepTalking(nowMs:)`` has something to do, if ever.
    var silenceDeadlineMs: Int? {
        Self.earlier(Self.earlier(fillerDueMs, thoughtDueMs), Self.earlier(speechDueMs, toolDeadlineMs))
    }

    /// Sees to it that the caller is not left in silence: gives up what takes too long, and says something meanwhile.
    mutating func keepTalking(nowMs: Int) -> [CallAction] {
        guard lifecycle == .active else { return [] }
        var actions = giveUpTools(nowMs: nowMs)
        if let id = exchange?.openPiece, let speechDueMs, nowMs >= speechDueMs {
            let failure = "the voice made no audio for \(configuration.silence.speechLimitMs) ms"
            actions += [.cancelSpeech(id: id)] + spoken(piece: id, failure: failure, nowMs: nowMs)
        }
        if let id = exchange?.openAsk, let thoughtDueMs, nowMs >= thoughtDueMs {
            actions += [.cancelThought(id: id)]
            actions += fail("the assistant said nothing for \(configuration.silence.giveUpAfterMs) ms", nowMs: nowMs)
        }
        if let fillerDueMs, nowMs >= fillerDueMs { actions += sayFiller(nowMs: nowMs) }
        return actions
    }

    private mutating func sayFiller(nowMs: Int) -> [CallAction] {
        let fillers = configuration.silence.fillers
        guard let text = tools.takeFiller() ?? (fillers.isEmpty ? nil : fillers[fillerCount % fillers.count]) else {
            lastFillerMs = nowMs
            return []
        }
        fillerCount += 1
        lastFillerMs = nowMs
        if exchange == nil { openAhead() }
        guard let turn = exchange?.turn else { return [] }
        exchange?.insertFiller(text)
        return [.emit(.assistantFiller(text: text, turn: turn))] + speakNext(nowMs: nowMs)
    }

    /// Opens the exchange of the answer to come before it can be asked for.
    private mutating func openAhead() {
        let turn = unanswered == nil ? turn + 1 : owedTurn ?? turn
        exchange = Exchange(turn: turn, ledger: TurnLedger(isReported: true), isAsked: false, language: language)
        playout.begin(turn: turn)
    }

    /// Closes an exchange that was opened ahead and has nothing to answer after all.
    mutating func closeAhead(nowMs: Int) -> [CallAction] {
        guard let exchange, exchange.kind == .answer, !exchange.isAsked, !exchange.isTextComplete, !isCallerBusy, unanswered == nil, tools.isEmpty,
            leavingByMs == nil
        else {
            return []
        }
        self.exchange?.completeText()
        return speakNext(nowMs: nowMs)
    }

    /// Whether an exchange was opened ahead for these words, which therefore do not cut it.
    func isAhead(of utterance: Utterance) -> Bool {
        exchange?.isAsked == false && exchange?.isTextComplete == false && exchange?.turn == turn + 1 && utterance.overTurn != exchange?.turn
    }
}

// MARK: - Failure

extension CallMachine {
    /// The answer in progress has failed: the caller is told so, and after too many of them is sent on or told goodbye.
    mutating func fail(_ message: String, nowMs: Int) -> [CallAction] {
        let told: [CallAction] = [.emit(.error(message: message, stage: "assistant"))]
        guard exchange != nil else { return told }
        exchange?.dropUnspoken()
        exchange?.hasFailed = true
        let words = wordsOnFailure()
        let isSecondPart = exchange?.hasWords == true
        exchange?.append(isSecondPart ? " " + words : words)
        return told + completeAnswer(nowMs: nowMs)
    }

    /// What an answer that has not been heard at all gives way to; it has ended.
    mutating func makeUpForUnheard(nowMs: Int) -> [CallAction] {
        turn += 1
        exchange = Exchange(turn: turn, ledger: TurnLedger(isReported: true), language: language)
        exchange?.hasFailed = true
        playout.begin(turn: turn)
        let words = wordsOnFailure()
        exchange?.append(words)
        return completeAnswer(nowMs: nowMs)
    }

    /// Counts a failure of the answer in progress, makes it what it becomes by it, and finds the words for that.
    private mutating func wordsOnFailure() -> String {
        failures += 1
        guard failures >= configuration.silence.mostFailures, let exchange, exchange.kind == .answer else { return configuration.apology }
        switch configuration.silence.lastResort {
        case .apologise:
            return configuration.apology
        case .transfer(let destination) where !hasTriedHandover:
            let call = ToolCall(
                id: ToolCall.id(Self.handoverID, number: exchange.turn),
                name: BuiltInTool.transferCall.rawValue,
                arguments: "{\"destination\":\"\(destination)\"}"
            )
            self.exchange?.append(Exchange.PlannedUse(use: ToolUse(call), kind: .transfer))
            return configuration.silence.handover
        case .transfer, .goodbye:
            self.exchange?.kind = .goodbye(.failure)
            return configuration.silence.goodbye
        }
    }
}
