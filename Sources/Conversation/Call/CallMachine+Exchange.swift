import Audio

extension CallMachine {
    /// The assistant said something more of the answer that request `id` asked for.
    package mutating func token(ask id: Int, _ text: String, nowMs: Int) -> [CallAction] {
        guard wants(ask: id), !text.isEmpty else { return [] }
        thoughtMs = nowMs
        if exchange?.ledger.firstTokenAtMs == nil { exchange?.ledger.firstTokenAtMs = nowMs }
        exchange?.append(text)
        return speakNext(nowMs: nowMs)
    }

    /// The assistant has finished what request `id` asked for, or failed.
    package mutating func answered(ask id: Int, failure: String? = nil, nowMs: Int) -> [CallAction] {
        guard wants(ask: id) else { return [] }
        if let failure { return fail(failure, nowMs: nowMs) }
        exchange?.completeRound()
        return settleRound(nowMs: nowMs)
    }

    /// An attempt of the assistant has failed and it makes another: told, and no more.
    package mutating func fault(ask id: Int, _ message: String) -> [CallAction] {
        guard wants(ask: id) else { return [] }
        return [.emit(.error(message: message, stage: "assistant"))]
    }

    /// Nothing will be added to the answer.
    mutating func completeAnswer(nowMs: Int) -> [CallAction] {
        guard let turn = exchange?.turn else { return [] }
        let isMute = exchange?.isSayable == false && exchange?.rounds.contains { !$0.uses.isEmpty } == false
        guard !isMute else {
            let hasSigns = exchange?.hasWords == true
            return fail("the assistant answered nothing\(hasSigns ? " that can be said" : "")", nowMs: nowMs)
        }
        exchange?.completeText()
        let told: [CallAction] = exchange?.hasWords == true ? [.emit(.assistantText(text: exchange?.answer ?? "", turn: turn))] : []
        return told + speakNext(nowMs: nowMs)
    }

    /// Audio of the piece that request `id` asked for.
    package mutating func speech(piece id: Int, _ chunk: SpeechChunk, nowMs: Int) -> [CallAction] {
        guard wants(piece: id), !chunk.samples.isEmpty else { return [] }
        exchange?.append(chunk)
        if exchange?.isMakingSound == true { hold?.soundMs += chunk.samples.count / 8 }
        speechMs = nowMs
        playout.enqueue(MuLaw.encode(chunk.samples))
        return advance(nowMs: nowMs)
    }

    /// The piece that request `id` asked for has all its audio, or the voice failed.
    package mutating func spoken(piece id: Int, failure: String? = nil, nowMs: Int) -> [CallAction] {
        guard wants(piece: id) else { return [] }
        // The agent has no such sound: only the lines are said.
        if exchange?.isMakingSound == true, exchange?.pieces.last?.length == 0 { hold?.sound = .silence }
        let failure = failure ?? (exchange?.isPieceSilent == true ? "the voice made no sound for the text" : nil)
        exchange?.completePiece(isBroken: failure != nil)
        let actions: [CallAction] = failure.map { [.emit(.error(message: $0, stage: "tts"))] } ?? []
        // What waited for a protected greeting's end may be settled by it.
        return actions + speakNext(nowMs: nowMs) + (exchange == nil ? settle(nowMs: nowMs) : [])
    }

    /// Whether the answer to this request is still waited for.
    package func wants(ask id: Int) -> Bool { exchange?.openAsk == id }

    /// Whether the audio of this piece is still waited for.
    package func wants(piece id: Int) -> Bool { exchange?.openPiece == id }

    /// Sends what is due.
    mutating func advance(nowMs: Int) -> [CallAction] {
        guard !isHeldBack else { return [] }
        let commands = playout.advance(nowMs: nowMs)
        // A filler is not the answer that was waited for.
        if exchange?.ledger.firstAudioAtMs == nil, let firstWordMs = exchange?.firstWordMs, playout.sentAudioMs > firstWordMs {
            exchange?.ledger.firstAudioAtMs = nowMs
        }
        return commands.map(CallAction.line)
    }

    /// Answers once the caller has said all and all of it is known.
    mutating func answerIfCallerWaits(nowMs: Int) -> [CallAction] {
        guard let ledger = unanswered, lifecycle == .active, !detector.isSpeaking, !keypad.isOpen,
            // What a tool does, or did, belongs into the answer.
            utterances.isEmpty || configuration.turns.segmentation == .fixed, tools.isEmpty, leavingByMs == nil, !isSilenced,
            // What is said of our own accord is heard first.
            exchange?.isAsked != true
        else { return [] }
        unanswered = nil
        return ask(turn: takeOwedTurn() ?? turn, ledger: ledger, nowMs: nowMs)
    }

    /// Asks the assistant for a turn's answer, in the exchange that was opened ahead for it, where one was.
    mutating func ask(turn: Int, ledger: TurnLedger, nowMs: Int) -> [CallAction] {
        thoughtMs = nowMs
        if exchange?.turn == turn, exchange?.isAsked == false, exchange?.isTextComplete == false {
            exchange?.ledger = ledger
            exchange?.isAsked = true
        } else {
            exchange = Exchange(turn: turn, ledger: ledger, language: language)
            playout.begin(turn: turn)
        }
        let id = nextRequest()
        exchange?.noteAsk(id)
        return [.ask(id: id, turn: turn, conversation)]
    }

    /// The turn from before the line was lost that is to be answered now, if any; the apology moves before its words.
    private mutating func takeOwedTurn() -> Int? {
        guard let owed = owedTurn else { return nil }
        owedTurn = nil
        let isAboutTool = conversation.last { $0.role != .assistant }?.role == .tool
        moveApology { isAboutTool ? $0.role == .tool : $0.role == .caller }
        return owed
    }

    /// Puts what was last said before the last entry of a kind, which is to be answered.
    private mutating func moveApology(before isAnswered: (ConversationTurn) -> Bool) {
        guard let place = conversation.lastIndex(where: isAnswered) else { return }
        let said = conversation[(place + 1)...].reversed().prefix { $0.role == .assistant }.reversed()
        conversation.removeLast(said.count)
        conversation.insert(contentsOf: said, at: place)
    }

    /// Says something of the agent's own accord, as a turn of its own.
    mutating func say(_ text: String, as kind: Exchange.Kind, nowMs: Int) -> [CallAction] {
        // Words that are answered behind it keep their turn.
        if unanswered != nil { owedTurn = owedTurn ?? turn }
        turn += 1
        var exchange = Exchange(turn: turn, kind: kind, ledger: TurnLedger(isReported: true), language: language)
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
    ///
    /// A line that is gone leaves an answer unfinished that a caller who comes back is still owed.
    mutating func endExchange(playedMs: Int, isLineGone: Bool = false) -> [CallAction] {
        var actions = report(playedAtMs: nil)
        actions += concludeFarewell(isHeard: playedMs == .max || isLineGone)
        guard let exchange else { return actions }
        playout.cut()
        self.exchange = nil
        resumeAtMs = nil
        isPieceWaiting = false
        if let id = exchange.openAsk { actions.append(.cancelThought(id: id)) }
        if let id = exchange.openPiece { actions.append(.cancelSpeech(id: id)) }
        actions += conclude(exchange, playedMs: playedMs)
        let heard = exchange.heardText(playedMs: playedMs)
        conversation += exchange.entries(playedMs: playedMs)
        if exchange.kind == .answer, !exchange.hasFailed, !heard.isEmpty { failures = 0 }
        if exchange.hasWords {
            // An answer cut while it was being made has its text told, too: what was heard is a part of something.
            if !exchange.isTextComplete {
                let (text, turn) = (exchange.answer, exchange.turn)
                actions.append(.emit(isLineGone ? .assistantCut(text: text, turn: turn) : .assistantText(text: text, turn: turn)))
            }
            let isComplete = exchange.isHeardWhole(playedMs: playedMs)
            actions.append(.emit(.assistantHeard(text: heard, turn: exchange.turn, complete: isComplete)))
        }
        return actions
    }

    /// Closes the exchange once nothing is left to be played, and does what was only waiting for that.
    ///
    /// The end of a goodbye is the end of the call; words from before the line was lost are answered behind the apology.
    mutating func completeExchange(nowMs: Int) -> [CallAction] {
        guard let ended = exchange else { return [] }
        let actions = endExchange(playedMs: .max)
        switch ended.kind {
        case .goodbye(let goodbye): return actions + [.line(.hangUp)] + end(reason: goodbye.rawValue, nowMs: nowMs)
        case .resumption:
            guard unanswered == nil else { return actions }
            if configuration.resumption?.debt == .followUp {
                moveApology { $0.role == .tool }
                return actions + followUp(nowMs: nowMs)
            }
            guard let owedTurn = configuration.resumption?.owedTurn else { return actions }
            return actions + answer(owedTurn, nowMs: nowMs)
        case .answer: return actions + completeAnswered(ended, nowMs: nowMs)
        case .notice: return actions + follow(ended, nowMs: nowMs)
        case .greeting, .prompt, .hold: return actions
        }
    }

    /// Does what was to follow an answer that has been heard to its end.
    private mutating func completeAnswered(_ ended: Exchange, nowMs: Int) -> [CallAction] {
        guard ended.isAsked, lifecycle == .active else { return [] }
        if let planned = ended.rounds.flatMap(\.uses).first(where: { $0.kind.waitsForSpeech && !$0.isStarted }) {
            deferredTool = (planned, ended.turn)
            return startDeferred(nowMs: nowMs)
        }
        guard ended.isUnheard, !isCallerBusy, unanswered == nil else { return [] }
        // The failure of the voice has been reported.
        let isTold = ended.pieces.contains { $0.isBroken && !$0.isFiller }
        let told: [CallAction] = isTold ? [] : [.emit(.error(message: "the answer has nothing in it that can be said", stage: "assistant"))]
        // If not even the apologies can be heard, the call ends.
        let isHopeless = ended.hasFailed && failures >= configuration.silence.mostFailures
        guard isHopeless else { return told + makeUpForUnheard(nowMs: nowMs) }
        return told + [.line(.hangUp)] + end(reason: Exchange.Goodbye.failure.rawValue, nowMs: nowMs)
    }

    /// Says why the line was away, or answers at once where the caller knows.
    mutating func open(_ resumption: Resumption, nowMs: Int) -> [CallAction] {
        guard resumption.isExpected else { return say(resumption.opening(apology: configuration.resumeApology), as: .resumption, nowMs: nowMs) }
        switch resumption.debt {
        case .nothing: return []
        case .answer(let text): return say(text, as: .resumption, nowMs: nowMs)
        case .reply(let turn): return answer(turn, nowMs: nowMs)
        case .followUp:
            // Of a call that the assistant did not ask for it has nothing to say.
            return isBackFromHandover ? say(configuration.apology, as: .prompt, nowMs: nowMs) : followUp(nowMs: nowMs)
        }
    }

    /// Whether the last event is a handover that failed.
    var isBackFromHandover: Bool { conversation.last?.tool?.call.id.hasPrefix(Self.handoverID) == true }

    /// Answers words from before the line was lost.
    private mutating func answer(_ owedTurn: Int, nowMs: Int) -> [CallAction] {
        self.owedTurn = owedTurn
        unanswered = TurnLedger(isReported: true)
        waitSinceMs = nowMs
        return answerIfCallerWaits(nowMs: nowMs)
    }

    /// Synthesises the next piece, or closes the playout when there is none left.
    ///
    /// While much of the audio made has not been heard, or the answer is paused, the rest waits as text.
    mutating func speakNext(nowMs: Int) -> [CallAction] {
        guard let turn = exchange?.turn else { return [] }
        if exchange?.kind == .hold { return playHold(nowMs: nowMs) }
        isPieceWaiting = playout.isPaused || playout.unheardMs(nowMs: nowMs) > configuration.playout.lookAheadMs
        if !isPieceWaiting, let (id, text) = nextPiece() {
            speechMs = nowMs
            return [.synthesize(id: id, turn: turn, text: text)]
        }
        guard exchange?.isFullySynthesized == true else { return [] }
        if playout.isEmpty, exchange?.hasFailed == false, let substitute {
            // The voice could not say it.
            exchange?.hasFailed = true
            exchange?.appendLast(substitute)
            return speakNext(nowMs: nowMs)
        }
        playout.close()
        // Nothing to be heard: no mark will tell the end of it.
        return playout.isEmpty ? completeExchange(nowMs: nowMs) : advance(nowMs: nowMs)
    }

    /// The replacement for a fixed phrase that the voice cannot say; nil for an answer, which gets an apology when it ends.
    private var substitute: String? {
        let defaults = Configuration()
        return switch exchange?.kind {
        // A caller who has spoken gets an answer instead.
        case .greeting where !utterances.isEmpty: nil
        case .greeting: "Hello. How can I help you?"
        case .goodbye(.agent): configuration.goodbye
        case .goodbye: defaults.goodbye
        case .prompt: defaults.apology
        case .resumption: defaults.resumeApology
        case .answer, .notice, .hold, nil: nil
        }
    }

    /// When a piece that waits is to be made, if one waits; not while nothing is played.
    var pieceDueMs: Int? {
        guard isPieceWaiting, !isHeldBack, !playout.isPaused else { return nil }
        return playout.soundEndsAtMs - (hold == nil ? configuration.playout.lookAheadMs : Self.holdLookAheadMs)
    }

    mutating func nextPiece() -> (id: Int, text: String)? {
        guard let text = exchange?.nextPiece() else { return nil }
        let id = nextRequest()
        exchange?.notePiece(id)
        return (id, text)
    }
}
