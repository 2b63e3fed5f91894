extension CallMachine {
    /// A goodbye that has not been heard after this long, in ms, is not waited for: the voice may be the reason.
    static let longestGoodbyeMs = 15_000

    /// Whether the agent is taking its leave because the call's time is up: it is heard whatever the caller does.
    var isTimeUp: Bool { exchange?.kind == .goodbye(.timeLimit) }

    /// Takes leave of the caller once the call has taken as long as it may, and closes the line.
    mutating func keepTimeLimit(nowMs: Int) -> [CallAction] {
        guard lifecycle == .active, let timeLimitAtMs, nowMs >= timeLimitAtMs else { return [] }
        let isSaid = isTimeUp
        mutes = []
        let cut = leaveHold(.limit, nowMs: nowMs) + cutAnswer(isBargeIn: false, nowMs: nowMs)
        guard !isSaid, let goodbye = configuration.timeLimitGoodbye else {
            return cut + [.line(.hangUp)] + end(reason: Exchange.Goodbye.timeLimit.rawValue, nowMs: nowMs)
        }
        // Nothing is answered any more.
        unanswered = nil
        leavingByMs = nil
        deferredTool = nil
        self.timeLimitAtMs = nowMs + Self.longestGoodbyeMs
        return cut + say(goodbye, as: .goodbye(.timeLimit), nowMs: nowMs)
    }
}
