extension CallMachine {
    /// An answer that calls tools more often than this is going round in circles.
    static let mostRounds = 8
    /// Tools that one answer may call.
    static let mostCalls = 16
    /// How long the line may take to go away, in ms, once it was told to press keys or to call somebody else.
    static let leavingLimitMs = 5000

    /// How the ids of calls begin that the machine makes itself, to put a caller through whose answers keep failing.
    static let handoverID = "hand"

    /// The assistant wants a tool called.
    package mutating func toolRequested(ask id: Int, _ wanted: ToolCall, nowMs: Int) -> [CallAction] {
        guard let exchange, wants(ask: id) else { return [] }
        thoughtMs = nowMs
        var call = wanted
        call.id = unusedID(wanted.id)
        let uses = exchange.rounds.flatMap(\.uses)
        guard let plan = configuration.tools[call.name] else { return turnDown(call, "there is no tool \(call.name)") }
        guard uses.count < Self.mostCalls else { return turnDown(call, "too many tools were called for one answer") }
        if let limit = plan.limit, usedTools[call.name, default: 0] >= limit {
            return turnDown(call, "this call may use \(call.name) \(limit) time\(limit == 1 ? "" : "s"), and has")
        }
        guard !plan.kind.waitsForSpeech || !uses.contains(where: { $0.kind.waitsForSpeech && $0.use.outcome == nil }) else {
            return turnDown(call, "only one tool that changes the call can be called at a time")
        }
        self.exchange?.append(Exchange.PlannedUse(use: ToolUse(call), kind: plan.kind))
        return startTools(nowMs: nowMs)
    }

    /// Runs the tools that are wanted, once nothing the caller is saying could change that.
    mutating func startTools(nowMs: Int) -> [CallAction] {
        guard lifecycle == .active, let exchange, !isCallerBusy else { return [] }
        var actions: [CallAction] = []
        for planned in exchange.rounds.flatMap(\.uses) where planned.kind == .service && !planned.isStarted {
            let id = planned.use.call.id
            self.exchange?.updateUses { if $0.use.call.id == id { $0.isStarted = true } }
            actions += begin(planned.use.call, kind: planned.kind, turn: exchange.turn, nowMs: nowMs)
        }
        return actions
    }

    /// A tool has ended.
    ///
    /// That somebody else is being called is not the end of a transfer: what came of it is known once they answered, or did not.
    package mutating func toolFinished(_ id: String, _ outcome: ToolOutcome, nowMs: Int) -> [CallAction] {
        guard let tool = tools.finish(id) else { return [] }
        // Without an answer nobody knows; the line itself will show it.
        let mayHaveLeft = [.done, .timedOut, .unknown].contains(outcome.status)
        let isLeaving = lifecycle == .active && tool.kind == .transfer && mayHaveLeft
        let freed = lifecycle == .active && !isLeaving ? release(tool, nowMs: nowMs) : []
        return freed + finished(tool, outcome, mayHaveLeft: mayHaveLeft, nowMs: nowMs)
    }

    /// Ends the hold or the mute that lasted as long as a tool.
    private mutating func release(_ tool: ToolLedger.Running, nowMs: Int) -> [CallAction] {
        if hold?.tool == tool.call.id { return leaveHold(hold?.cause ?? .tool, nowMs: nowMs) }
        guard muteTool == tool.call.id else { return [] }
        mutes.remove(.caller)
        muteTool = nil
        return [.emit(.muteChanged(.caller, isMuted: false, .tool))]
    }

    private mutating func finished(_ tool: ToolLedger.Running, _ outcome: ToolOutcome, mayHaveLeft: Bool, nowMs: Int) -> [CallAction] {
        switch (lifecycle, tool.kind, mayHaveLeft) {
        case (.active, .transfer, true):
            tools.dial(tool, outcome)
            leavingByMs = nowMs + Self.leavingLimitMs
            return []
        case (.active, .digits, true):
            leavingByMs = nowMs + Self.leavingLimitMs
            return conclude(tool, outcome, nowMs: nowMs)
        case (.active, _, _):
            let concluded = conclude(tool, outcome, nowMs: nowMs) + afterTools(nowMs: nowMs)
            return concluded + (exchange == nil ? settle(nowMs: nowMs) : [])
        case (.ending(Self.streamStopped, let deadlineMs), .transfer, true):
            // The line went away because the tool had it go.
            lifecycle = .ending(reason: Self.transferring, deadlineMs: deadlineMs)
            return settle(nowMs: nowMs)
        case (.ending(Self.streamStopped, let deadlineMs), .digits, true):
            lifecycle = .ending(reason: Self.lineAway, deadlineMs: deadlineMs)
            return conclude(tool, outcome, nowMs: nowMs) + settle(nowMs: nowMs)
        case (.ending, .transfer, true):
            // Twilio accepted the request, but the call ended before the other party answered.
            let unclear = ToolOutcome(.unknown, "the call ended before Twilio said whether anybody had answered")
            return conclude(tool, unclear, nowMs: nowMs) + settle(nowMs: nowMs)
        case (.ending, _, _):
            return conclude(tool, outcome, nowMs: nowMs) + settle(nowMs: nowMs)
        case (.stopped, _, _):
            return []
        }
    }

    /// The line did not go away to call somebody else, or went for another reason.
    mutating func giveUpDialing(nowMs: Int) -> [CallAction] {
        guard let (tool, outcome) = tools.takeDialing() else { return [] }
        let unclear = ToolOutcome(.unknown, "the line did not go away to call anybody; it may still happen")
        return conclude(tool, outcome.status == .done ? unclear : outcome, nowMs: nowMs)
    }

    /// Goes on once no tool is running any more.
    mutating func afterTools(nowMs: Int) -> [CallAction] {
        guard tools.isEmpty, leavingByMs == nil else { return [] }
        if exchange?.isAsked == true { return settleRound(nowMs: nowMs) }
        if unanswered != nil { return answerIfCallerWaits(nowMs: nowMs) }
        return followUpIfOwed(nowMs: nowMs)
    }

    /// Asks for words about what a tool did where nothing has been said about it, once the caller says nothing.
    mutating func followUpIfOwed(nowMs: Int) -> [CallAction] {
        guard lifecycle == .active, exchange == nil, unanswered == nil, tools.isEmpty, leavingByMs == nil, deferredTool == nil, !isCallerBusy,
            !isSilenced,
            conversation.last?.role == .tool
        else { return [] }
        return followUp(nowMs: nowMs)
    }

    /// Asks for words about what a tool did after the answer that called it had ended.
    mutating func followUp(nowMs: Int) -> [CallAction] {
        turn += 1
        return ask(turn: turn, ledger: TurnLedger(isReported: true), nowMs: nowMs)
    }

    /// Goes on when the assistant has answered and all it wanted to know is known.
    mutating func settleRound(nowMs: Int) -> [CallAction] {
        guard let exchange, exchange.isAsked, !exchange.isTextComplete, let round = exchange.rounds.last, round.isAnswered else { return [] }
        guard round.uses.allSatisfy({ $0.kind != .service || $0.use.outcome != nil }) else { return speakNext(nowMs: nowMs) }
        let services = round.uses.filter { $0.use.outcome != nil }
        if let last = round.uses.first(where: { $0.use.outcome == nil }) {
            guard services.allSatisfy({ $0.use.outcome?.status == .done }) else {
                // What was to come before it has failed: the assistant decides anew.
                let told = settleUse(last.use.call, ToolOutcome(.cancelled, "not done, because another tool failed"), turn: exchange.turn)
                return told + askAgain(nowMs: nowMs)
            }
            return last.kind == .endCall ? takeLeave(last.use.call, nowMs: nowMs) : completeAnswer(nowMs: nowMs)
        }
        return round.uses.isEmpty ? completeAnswer(nowMs: nowMs) : askAgain(nowMs: nowMs)
    }

    /// Runs what was to be run once the answer had been heard, unless the caller is saying something.
    mutating func startDeferred(nowMs: Int) -> [CallAction] {
        guard lifecycle == .active, let (planned, turn) = deferredTool, !isCallerBusy, unanswered == nil, exchange?.isAsked != true, !isSilenced
        else {
            return []
        }
        deferredTool = nil
        if planned.use.call.id == ToolCall.id(Self.handoverID, number: turn) { hasTriedHandover = true }
        conversation.append(ConversationTurn(tool: planned.use))
        return begin(planned.use.call, kind: planned.kind, turn: turn, nowMs: nowMs)
    }

    /// The caller spoke on: what was to be run is not, and the assistant is told so.
    mutating func dropDeferred() -> [CallAction] {
        guard let (planned, turn) = deferredTool else { return [] }
        deferredTool = nil
        let outcome = ToolOutcome(.cancelled, "not done, because the caller spoke on")
        conversation.append(ConversationTurn(tool: ToolUse(planned.use.call, outcome: outcome)))
        return settleUse(planned.use.call, outcome, turn: turn)
    }

    /// Tells how the wish to end the call came out when its goodbye ends.
    mutating func concludeFarewell(isHeard: Bool) -> [CallAction] {
        guard let exchange, let use = exchange.rounds.flatMap(\.uses).first(where: { $0.kind == .endCall && $0.isStarted && $0.use.outcome == nil })
        else { return [] }
        let outcome = isHeard ? ToolOutcome(.done, "the call has ended") : ToolOutcome(.cancelled, "the caller spoke on, so the call goes on")
        self.exchange?.updateUses { if $0.use.call.id == use.use.call.id { $0.use.outcome = outcome } }
        return [.emit(.toolFinished(ToolUse(use.use.call, outcome: outcome), turn: exchange.turn, tookMs: 0))]
    }

    /// Gives up tools that run for ever, and a line that does not go away.
    mutating func giveUpTools(nowMs: Int) -> [CallAction] {
        var actions: [CallAction] = []
        for tool in tools.running where tools.dialing != tool.call.id && nowMs >= tool.sinceMs + limitMs(of: tool) {
            let outcome = ToolOutcome(.timedOut, "no answer; it may have happened all the same")
            actions += [.cancelTool(id: tool.call.id)] + toolFinished(tool.call.id, outcome, nowMs: nowMs)
        }
        if let leavingByMs, nowMs >= leavingByMs {
            self.leavingByMs = nil
            if hold?.cause == .transfer { actions += leaveHold(.transfer, nowMs: nowMs) }
            actions += giveUpDialing(nowMs: nowMs) + afterTools(nowMs: nowMs)
        }
        return actions
    }

    /// When ``giveUpTools(nowMs:)`` has something to do, if ever.
    var toolDeadlineMs: Int? {
        var deadlineMs = leavingByMs
        for tool in tools.running where tool.call.id != tools.dialing {
            deadlineMs = Self.earlier(deadlineMs, tool.sinceMs + limitMs(of: tool))
        }
        return deadlineMs
    }

    /// How long a tool may run, in ms.
    private func limitMs(of tool: ToolLedger.Running) -> Int {
        switch tool.kind {
        case .service, .endCall, .digits: configuration.silence.toolLimitMs
        case .hold, .mute: configuration.hold.limitMs + Self.leavingLimitMs
        case .transfer: waiting(for: tool.call) == nil ? configuration.silence.toolLimitMs : configuration.hold.transferLimitMs + Self.leavingLimitMs
        }
    }

    /// What the caller hears while somebody is called; nil for a destination that the caller is sent to at once.
    private func waiting(for call: ToolCall) -> Configuration.Waiting? {
        // Names are letters, digits, - and _, so that they stand in JSON as they are.
        configuration.waiting.first { call.arguments.contains("\"\($0.key)\"") }?.value
    }

    /// The call is over: what still runs has no outcome that anybody will know.
    mutating func abandonTools(nowMs: Int) -> [CallAction] {
        tools.running.flatMap { tool in
            _ = tools.finish(tool.call.id)
            return conclude(tool, ToolOutcome(.unknown, "the call ended before the tool answered"), nowMs: nowMs)
        }
    }
}

extension CallMachine {
    mutating func begin(_ call: ToolCall, kind: ToolPlan.Kind, turn: Int, nowMs: Int) -> [CallAction] {
        usedTools[call.name, default: 0] += 1
        tools.begin(ToolLedger.Running(call: call, kind: kind, turn: turn, sinceMs: nowMs, filler: configuration.tools[call.name]?.filler))
        let begun: [CallAction] = [.emit(.toolCalled(call, turn: turn)), .runTool(call)]
        switch kind {
        case .service, .endCall, .digits: return begun
        case .hold: return begun + startHold(.tool, sound: configuration.hold.sound, tool: call.id, saysLine: false, nowMs: nowMs)
        case .mute:
            mutes.insert(.caller)
            muteTool = call.id
            return begun + endUtterance(nowMs: nowMs) + [.emit(.muteChanged(.caller, isMuted: true, .tool))]
        case .transfer:
            guard let waiting = waiting(for: call) else { return begun }
            let sound: HoldConfiguration.Sound =
                switch waiting {
                case .ringing: .ringing
                case .music: .music
                case .voice: .silence
                }
            return begun + startHold(.transfer, sound: sound, tool: call.id, saysLine: waiting == .voice, nowMs: nowMs)
        }
    }

    /// Notes the outcome wherever the tool's use is remembered, and tells it.
    private mutating func conclude(_ tool: ToolLedger.Running, _ outcome: ToolOutcome, nowMs: Int) -> [CallAction] {
        exchange?.updateUses { if $0.use.call.id == tool.call.id { $0.use.outcome = outcome } }
        for index in conversation.indices where conversation[index].tool?.call.id == tool.call.id { conversation[index].tool?.outcome = outcome }
        let told: [CallAction] = [.emit(.toolFinished(ToolUse(tool.call, outcome: outcome), turn: tool.turn, tookMs: nowMs - tool.sinceMs))]
        return told + concludeCommand(tool, outcome)
    }

    /// Refuses a call; the assistant is told why.
    private mutating func turnDown(_ call: ToolCall, _ reason: String) -> [CallAction] {
        guard let turn = exchange?.turn else { return [] }
        exchange?.append(Exchange.PlannedUse(use: ToolUse(call), kind: .service, isStarted: true))
        return settleUse(call, ToolOutcome(.invalid, reason), turn: turn)
    }

    /// Gives an outcome to a call that was never run.
    private mutating func settleUse(_ call: ToolCall, _ outcome: ToolOutcome, turn: Int) -> [CallAction] {
        exchange?.updateUses { use in
            guard use.use.call.id == call.id else { return }
            use.use.outcome = outcome
            use.isStarted = true
        }
        return [.emit(.toolCalled(call, turn: turn)), .emit(.toolFinished(ToolUse(call, outcome: outcome), turn: turn, tookMs: 0))]
    }

    /// Asks once more, with what the tools said.
    private mutating func askAgain(nowMs: Int) -> [CallAction] {
        guard let turn = exchange?.turn, let rounds = exchange?.rounds.count else { return [] }
        guard rounds < Self.mostRounds else { return fail("the assistant called tools \(rounds) times without an answer", nowMs: nowMs) }
        exchange?.beginRound()
        thoughtMs = nowMs
        let entries = exchange?.entriesMade ?? []
        let id = nextRequest()
        exchange?.noteAsk(id)
        return [.ask(id: id, turn: turn, conversation + entries)] + speakNext(nowMs: nowMs)
    }

    /// The assistant ends the call: with its own words where it has any.
    private mutating func takeLeave(_ call: ToolCall, nowMs: Int) -> [CallAction] {
        guard let turn = exchange?.turn else { return [] }
        exchange?.updateUses { if $0.use.call.id == call.id { $0.isStarted = true } }
        exchange?.kind = .goodbye(.agent)
        if exchange?.rounds.last?.isSayable == false { exchange?.append(configuration.goodbye) }
        return [.emit(.toolCalled(call, turn: turn))] + completeAnswer(nowMs: nowMs)
    }

    /// The service's id, or another if a call of this session has had it: services count anew with every answer.
    private mutating func unusedID(_ wanted: String) -> String {
        let id = ToolCall.id(wanted, unlike: usedToolIDs)
        usedToolIDs.insert(id)
        return id
    }
}
