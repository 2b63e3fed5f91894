extension CallMachine {
    /// The window of caller audio that ends at `audioMs` is speech with this probability.
    package mutating func voice(probability: Float, audioMs: Int, nowMs: Int) -> [CallAction] {
        guard lifecycle == .active else { return [] }
        mediaEndMs = max(mediaEndMs, audioMs)
        guard !isDeaf else {
            _ = detector.hear(probability: 0, endMs: audioMs)
            return []
        }
        switch detector.hear(probability: probability, endMs: audioMs, isOverAgent: playout.isAudible) {
        case .nothing:
            return goOn(nowMs: nowMs)
        case .started(let atMs):
            // Over an answer that is not heard yet nobody says "mm-hm": whatever is said then is meant.
            utterances.append(Utterance(startMs: atMs, overTurn: playout.isAudible ? exchange?.turn : nil))
            return [.emit(.speechStarted(audioMs: atMs))] + goOn(nowMs: nowMs)
        case .paused(let clip):
            return stopPreview() + [transcribe(clip)]
        case .resumed(let isNewStretch):
            return (isNewStretch ? [] : dropNewestStretch()) + goOn(nowMs: nowMs)
        case .ended(let ending):
            return finish(ending, nowMs: nowMs) + settle(nowMs: nowMs)
        }
    }

    /// A stretch of the caller's audio has been recognised; empty text when it held no words, nil when the engine failed or made no preview.
    package mutating func transcribed(
        task: Int,
        _ transcription: Transcription?,
        failure: String? = nil,
        nowMs: Int
    ) -> [CallAction] {
        if let index = utterances.firstIndex(where: { $0.preview == task }) {
            return previewed(transcription, utteranceAt: index, nowMs: nowMs)
        }
        for index in utterances.indices {
            guard let place = utterances[index].stretches.firstIndex(where: { $0.task == task && $0.outcome == nil }) else { continue }
            utterances[index].stretches[place].outcome = transcription.map { .words($0) } ?? .failed
            utterances[index].knownAtMs = nowMs
            if let found = transcription?.language { language = found }
            let error: [CallAction] = failure.map { [.emit(.error(message: $0, stage: "stt"))] } ?? []
            return error + (utterances[index].isOver ? settle(nowMs: nowMs) : weigh(nowMs: nowMs))
        }
        return []
    }

    /// Ends the newest utterance; `silenceMs` would have ended it, had its words been known in time.
    mutating func finish(_ ending: TurnDetector.Ending, silenceMs: Int? = nil, nowMs: Int) -> [CallAction] {
        guard let index = utterances.indices.last else { return [] }
        let waitedMs = max(0, mediaEndMs - ending.endMs)
        let endpointMs = min(waitedMs, silenceMs ?? waitedMs)
        utterances[index].endMs = ending.endMs
        utterances[index].ledger = TurnLedger(endpointMs: endpointMs, endedAtMs: nowMs - (waitedMs - endpointMs))
        waitSinceMs = nowMs - waitedMs
        let actions = stopPreview() + [.emit(.speechStopped(audioMs: ending.endMs))]
        return actions + (ending.clip.map { [transcribe($0)] } ?? [])
    }

    /// Tells what is settled, in the order it was spoken, and does what follows from it.
    mutating func settle(nowMs: Int) -> [CallAction] {
        var actions: [CallAction] = []
        while let first = utterances.first, first.isOver, first.isKnown, !isProtected(nowMs: nowMs), hold == nil || lifecycle != .active {
            utterances.removeFirst()
            actions += take(first, nowMs: nowMs)
        }
        switch lifecycle {
        case .active:
            if utterances.isEmpty { actions += resumeAnswer(nowMs: nowMs) }
            actions +=
                takeKeysIfDue(nowMs: nowMs) + startTools(nowMs: nowMs) + startDeferred(nowMs: nowMs) + answerIfCallerWaits(nowMs: nowMs)
                + closeAhead(nowMs: nowMs)
            actions += followUpIfOwed(nowMs: nowMs) + paySilencedDebt(nowMs: nowMs) + sayNotice(nowMs: nowMs)
            return actions + advance(nowMs: nowMs)
        case .ending(let reason, _): return actions + (utterances.isEmpty && tools.isEmpty ? stop(reason: reason) : [])
        case .stopped: return actions
        }
    }

    /// Takes a recognised utterance for a turn, or says why it is none.
    private mutating func take(_ utterance: Utterance, nowMs: Int) -> [CallAction] {
        if let reason = dismissal(of: utterance, nowMs: nowMs) {
            let told: [CallAction] = [.emit(.dismissed(text: utterance.text, audioMs: utterance.endMs, reason: reason))]
            return told + (reason == .failed || reason == .late ? askToRepeat(nowMs: nowMs) : [])
        }
        // New words win over an answer to older ones, and come after what was heard of it.
        let interruption = (isAhead(of: utterance) ? [] : bargeIn(nowMs: nowMs)) + dropDeferred()
        turn += 1
        idle.callerAnswered()
        forgetSilencedDebt()
        conversation.append(ConversationTurn(role: .caller, text: utterance.text))
        owedTurn = nil
        unanswered = utterance.ledger
        unanswered?.transcribedAtMs = utterance.knownAtMs
        let final = CallEvent.final(text: utterance.text, turn: turn, audioMs: utterance.endMs, confidence: utterance.confidence)
        return interruption + [.emit(final)]
    }

    /// Words were lost on the way: the caller is asked for them again, unless there is something else to say.
    private mutating func askToRepeat(nowMs: Int) -> [CallAction] {
        guard let request = configuration.silence.repeatRequest, lifecycle == .active, utterances.isEmpty, unanswered == nil, tools.isEmpty,
            !isSilenced, exchange?.isAsked != true, !detector.isSpeaking, !keypad.isOpen
        else { return [] }
        // What the caller said may have been "no, wait".
        let dropped = dropDeferred()
        guard let exchange else { return dropped + say(request, as: .prompt, nowMs: nowMs) }
        guard !exchange.isTextComplete else {
            // A filler that is still being said gives way.
            return dropped + cutAnswer(isBargeIn: false, nowMs: nowMs) + say(request, as: .prompt, nowMs: nowMs)
        }
        // Said behind what was said ahead of an answer.
        turn = exchange.turn
        self.exchange?.isAsked = true
        self.exchange?.append(request)
        return dropped + completeAnswer(nowMs: nowMs)
    }

    private func dismissal(of utterance: Utterance, nowMs: Int) -> DismissalReason? {
        // Speech without words is a cough or noise: it is no turn.
        guard !utterance.text.isEmpty else { return utterance.silenceReason }
        return switch verdict(on: utterance, text: utterance.text, nowMs: nowMs) {
        case .floor: nil
        case .backchannel: .backchannel
        case .tooShort: .tooShort
        case .noWords: .noWords
        }
    }

    /// Weighs the words so far of the utterance in progress: whether they take the floor, and whether the turn is over.
    private mutating func weigh(nowMs: Int) -> [CallAction] {
        guard let utterance = utterances.last else { return [] }
        let isMeant = verdict(on: utterance, text: utterance.text, nowMs: nowMs) == .floor
        var actions = isMeant ? takeFloor(nowMs: nowMs) : []
        if utterance.isKnown, detector.voicing == nil {
            let rule = configuration.turns.endpoint
            let (texts, confidence) = (utterance.texts, utterance.confidence)
            let phrase = isMeant ? EndpointRule.phrase(segments: texts, confidence: confidence, in: language) : .nothing
            let silenceMs = rule.silenceMs(after: phrase)
            if case .ended(let ending) = detector.settle(silenceMs: silenceMs) {
                return actions + finish(ending, silenceMs: silenceMs, nowMs: nowMs) + settle(nowMs: nowMs)
            }
        }
        actions += tellPartial(utterance.text, confidence: utterance.confidence)
        return actions
    }

    /// Does what is due while the caller speaks.
    private mutating func goOn(nowMs: Int) -> [CallAction] {
        guard let voicing = detector.voicing, let index = utterances.indices.last else { return [] }
        utterances[index].endMs = voicing.upperBound
        let pause = pauseAnswer(nowMs: nowMs)
        if playout.isPaused {
            let isSurelyMeant = voicing.count >= configuration.turns.surelyMeantMs
            // For words that are surely meant it waits as long as words are waited for at all.
            resumeAtMs = nowMs + (isSurelyMeant ? configuration.recognitionLimitMs : configuration.turns.resumeAfterMs)
        }
        return pause + preview()
    }

    /// The caller went on before the pause meant anything: the words of what was said before it come with the rest.
    private mutating func dropNewestStretch() -> [CallAction] {
        guard let index = utterances.indices.last, let stretch = utterances[index].stretches.popLast() else { return [] }
        return stretch.outcome == nil ? [.cancelTranscription(task: stretch.task)] : []
    }
}

// MARK: - Words while the caller speaks

extension CallMachine {
    /// Asks now and then for what has been said so far.
    private mutating func preview() -> [CallAction] {
        guard let index = utterances.indices.last, utterances[index].preview == nil, let stretch = detector.stretch,
            stretch.upperBound - utterances[index].previewedMs >= previewEveryMs
        else { return [] }
        let task = nextTask()
        utterances[index].preview = task
        utterances[index].previewedMs = stretch.upperBound
        return [.preview(task: task, clip: stretch)]
    }

    private mutating func stopPreview() -> [CallAction] {
        guard let index = utterances.indices.last, let task = utterances[index].preview else { return [] }
        utterances[index].preview = nil
        return [.cancelTranscription(task: task)]
    }

    private mutating func previewed(_ transcription: Transcription?, utteranceAt index: Int, nowMs: Int) -> [CallAction] {
        utterances[index].preview = nil
        guard let transcription, !transcription.text.isEmpty else { return [] }
        let costMs = Int(transcription.processing / .milliseconds(1))
        previewEveryMs = max(configuration.turns.previewEveryMs, costMs * configuration.turns.previewShare)
        let text = (utterances[index].texts + [transcription.text]).joined(separator: " ")
        // One word half heard is no reason to give up an answer.
        let isMeant = text.contains(" ") && verdict(on: utterances[index], text: text, nowMs: nowMs) == .floor
        return (isMeant ? takeFloor(nowMs: nowMs) : []) + tellPartial(text, confidence: transcription.confidence)
    }

    private mutating func tellPartial(_ text: String, confidence: Double?) -> [CallAction] {
        guard let index = utterances.indices.last, !text.isEmpty, text != utterances[index].partial else { return [] }
        utterances[index].partial = text
        return [.emit(.partial(text: text, turn: turn + 1, audioMs: utterances[index].endMs, confidence: confidence))]
    }
}
