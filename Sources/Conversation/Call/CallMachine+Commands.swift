extension CallMachine {
    /// Takes or refuses a command.
    package mutating func obey(_ command: CallCommand, id: String, nowMs: Int) -> [CallAction] {
        if let refusal = refusal(of: command) { return [.answerCommand(id: id, refusal)] }
        return [.answerCommand(id: id, nil)] + carryOut(command, id: id, cause: .command, nowMs: nowMs)
    }

    /// Does what a key stands for, if it stands for a command; nil if it does not.
    mutating func obeyKey(_ key: Character, nowMs: Int) -> [CallAction]? {
        guard let configured = configuration.hold.keys[String(key)] else { return nil }
        let command = toggled(configured)
        guard refusal(of: command) == nil else { return [] }
        let id = "key-\(turn)-\(nowMs)"
        return [.emit(.commandAccepted(id: id, command, by: .key))] + carryOut(command, id: id, cause: .key, nowMs: nowMs)
    }

    /// The opposite of a command that has been done already: the same key undoes it.
    private func toggled(_ command: CallCommand) -> CallCommand {
        switch command {
        case .hold where hold != nil: .resume
        case .mute(let side) where mutes.contains(side): .unmute(side)
        default: command
        }
    }

    private func refusal(of command: CallCommand) -> CommandRefusal? {
        guard lifecycle == .active else { return CommandRefusal("the call is ending") }
        guard leavingByMs == nil else { return CommandRefusal("the caller is being put through") }
        if case .goodbye = exchange?.kind { return CommandRefusal("the agent is saying goodbye") }
        if exchange?.kind == .notice(isProtected: true), command != .end { return CommandRefusal("the caller is being put through") }
        let isBusy = tools.isRunning(.transfer) || tools.isRunning(.digits)
        let message: String? =
            switch command {
            case .hold: hold != nil ? "the caller is on hold already" : nil
            case .resume where hold?.cause == .transfer: "somebody is being called for the caller"
            case .resume: hold == nil ? "the caller is not on hold" : nil
            case .mute(let side): mutes.contains(side) ? "the \(side.rawValue) is muted already" : nil
            case .unmute(let side): mutes.contains(side) ? nil : "the \(side.rawValue) is not muted"
            case .say: mutes.contains(.agent) ? "the agent is muted" : nil
            case .end: nil
            case .digits, .transfer: isBusy ? "another command that takes the line is being done" : nil
            }
        return message.map { CommandRefusal($0) }
    }

    private mutating func carryOut(_ command: CallCommand, id: String, cause: HoldCause, nowMs: Int) -> [CallAction] {
        let done: [CallAction] = [.emit(.commandFinished(id: id, name: command.name, ToolOutcome(.done, "")))]
        switch command {
        case .hold: return startHold(cause, sound: configuration.hold.sound, nowMs: nowMs) + done
        case .resume: return endHold(cause, nowMs: nowMs) + done
        case .mute(let side): return mute(side, cause: cause, nowMs: nowMs) + done
        case .unmute(let side): return unmute(side, cause: cause, nowMs: nowMs) + done
        case .end: return done + [.line(.hangUp)] + end(reason: Self.endedByOperator, nowMs: nowMs)
        case .say(let text):
            if hold != nil, let turn = exchange?.turn {
                exchange?.insertFiller(text)
                return [.emit(.assistantFiller(text: text, turn: turn))] + speakNext(nowMs: nowMs) + done
            }
            notices.append(Notice(command: id, text: text))
            return sayNotice(nowMs: nowMs)
        case .digits(let digits):
            commandTools.insert(id)
            let call = ToolCall(id: id, name: BuiltInTool.sendDTMF.rawValue, arguments: "{\"digits\":\"\(digits)\"}")
            return giveWay(nowMs: nowMs) + beginCommanded(call, .digits, nowMs: nowMs)
        case .transfer(let destination):
            commandTools.insert(id)
            let arguments = "{\"destination\":\"\(destination)\"}"
            return transfer(ToolCall(id: id, name: BuiltInTool.transferCall.rawValue, arguments: arguments), nowMs: nowMs)
        }
    }

    private mutating func mute(_ side: MuteSide, cause: HoldCause, nowMs: Int) -> [CallAction] {
        let actions = side == .agent ? (hold == nil ? fallSilent(nowMs: nowMs) : []) : endUtterance(nowMs: nowMs)
        mutes.insert(side)
        return actions + [.emit(.muteChanged(side, isMuted: true, cause))] + settle(nowMs: nowMs)
    }

    mutating func unmute(_ side: MuteSide, cause: HoldCause, nowMs: Int) -> [CallAction] {
        mutes.remove(side)
        muteTool = nil
        let told: [CallAction] = [.emit(.muteChanged(side, isMuted: false, cause))]
        return told + (side == .agent ? speakAgain(opening: nil, nowMs: nowMs) : settle(nowMs: nowMs))
    }

    /// Puts the caller through: first the caller is told, unless they are on hold or the agent is muted.
    private mutating func transfer(_ call: ToolCall, nowMs: Int) -> [CallAction] {
        guard !isSilenced else {
            let left = hold == nil ? [] : leaveHold(.command, nowMs: nowMs)
            return left + beginCommanded(call, .transfer, nowMs: nowMs)
        }
        let cut = giveWay(nowMs: nowMs)
        turn += 1
        var notice = Exchange(turn: turn, kind: .notice(isProtected: true), ledger: TurnLedger(isReported: true), language: language)
        notice.append(configuration.connecting)
        notice.append(Exchange.PlannedUse(use: ToolUse(call), kind: .transfer))
        notice.completeText()
        exchange = notice
        playout.begin(turn: turn)
        return cut + [.emit(.assistantText(text: configuration.connecting, turn: turn))] + speakNext(nowMs: nowMs)
    }

    /// Cuts what is being said for a command that takes the line: the caller has it behind them.
    private mutating func giveWay(nowMs: Int) -> [CallAction] {
        defer { forgetSilencedDebt() }
        return fallSilent(nowMs: nowMs)
    }

    /// Runs what was to follow a notice.
    mutating func follow(_ notice: Exchange, nowMs: Int) -> [CallAction] {
        guard lifecycle == .active, let planned = notice.rounds.flatMap(\.uses).first(where: { !$0.isStarted }) else { return [] }
        return beginCommanded(planned.use.call, planned.kind, nowMs: nowMs)
    }

    private mutating func beginCommanded(_ call: ToolCall, _ kind: ToolPlan.Kind, nowMs: Int) -> [CallAction] {
        usedToolIDs.insert(call.id)
        conversation.append(ConversationTurn(tool: ToolUse(call)))
        return begin(call, kind: kind, turn: turn, nowMs: nowMs)
    }

    /// Says what an operator wants said, once neither side says anything else.
    mutating func sayNotice(nowMs: Int) -> [CallAction] {
        guard lifecycle == .active, exchange == nil, !isCallerBusy, !keypad.isOpen, unanswered == nil, !isSilenced, leavingByMs == nil,
            let notice = notices.first
        else { return [] }
        notices.removeFirst()
        let actions = say(notice.text, as: .notice(isProtected: false), nowMs: nowMs)
        // A text without anything to say has ended by now.
        guard exchange?.kind == .notice(isProtected: false) else {
            return actions + [.emit(.commandFinished(id: notice.command, name: "say", ToolOutcome(.failed, "The voice cannot say this.")))]
        }
        exchange?.command = notice.command
        return actions
    }

    /// What came of a notice, told when it ends.
    func conclude(_ notice: Exchange, playedMs: Int) -> [CallAction] {
        guard let id = notice.command else { return [] }
        let heard = notice.heardText(playedMs: playedMs)
        let outcome =
            notice.isHeardWhole(playedMs: playedMs)
            ? ToolOutcome(.done, "The caller heard it.")
            : ToolOutcome(heard.isEmpty ? .failed : .cancelled, heard.isEmpty ? "The caller heard nothing of it." : "The caller heard: \(heard)")
        return [.emit(.commandFinished(id: id, name: "say", outcome))]
    }

    /// The call is over: what was to be said is not, and a transfer that was only announced does not come about.
    mutating func abandonCommands() -> [CallAction] {
        let outcome = ToolOutcome(.cancelled, "The call ended first.")
        let announced = commandTools.filter { id in !tools.running.contains { $0.call.id == id } }
        commandTools.subtract(announced)
        defer { notices = [] }
        return notices.map { .emit(.commandFinished(id: $0.command, name: "say", outcome)) }
            + announced.sorted().map { .emit(.commandFinished(id: $0, name: "transfer", outcome)) }
    }

    /// Tells the end of a command that was done by a tool.
    mutating func concludeCommand(_ tool: ToolLedger.Running, _ outcome: ToolOutcome) -> [CallAction] {
        guard commandTools.remove(tool.call.id) != nil else { return [] }
        return [.emit(.commandFinished(id: tool.call.id, name: tool.kind == .digits ? "dtmf" : "transfer", outcome))]
    }
}

/// Something that an operator wants said.
struct Notice: Sendable {
    /// The id of the command.
    var command: String
    var text: String
}
