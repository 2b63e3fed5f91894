import Twilio

/// A callee in a conference.
extension LegProgress {
    /// Comes into a conference and stays until it ends, the callee hangs up or the call gets another document.
    func meet(in noun: TwiML.Dial.Conference, _ dial: TwiML.Dial, in document: CallDocument) async -> Step? {
        if leg.callee.manner == .vanishes { leg.end(.calleeHungUp) }
        guard !leg.isInterrupted else { return nil }
        let member: ConferenceRooms.Member
        do {
            member = try desk.member(leg.callSid, noun, in: document)
        } catch {
            lose(error)
            return nil
        }
        if await desk.fetchWaiting(noun, pairs: pairs(status: "in-progress"), in: document), !leg.isInterrupted {
            leg.record(.joined(conference: noun.name))
            desk.rooms.join(member)
            await talk(in: noun.name)
            desk.rooms.leave(leg.callSid, noun.name, leg.isOver ? .hungUp : .updated)
        }
        guard !leg.isInterrupted, let action = dial.action else { return nil }
        return step(to: action, method: dial.method, in: document, extra: LegDesk.conferencePairs)
    }

    private func talk(in name: String) async {
        let callerSid = desk.configuration.callSid
        var metAtMs: Int?
        var aloneSinceMs: Int? = server.log.nowMs
        while !leg.isInterrupted, let company = desk.rooms.company(of: leg.callSid, in: name) {
            let nowMs = server.log.nowMs
            if company.isTalking, company.callSids.contains(callerSid) {
                if aloneSinceMs != nil {
                    if metAtMs == nil { server.log.record(.dialed(to: leg.to, DialOutcome(status: "answered", isBridged: true))) }
                    leg.bridge()
                }
                aloneSinceMs = nil
                metAtMs = metAtMs ?? nowMs
                if let metAtMs, nowMs - metAtMs >= leg.callee.staysMs { hangUp() }
            } else {
                if aloneSinceMs == nil, metAtMs != nil { leg.record(.parted) }
                aloneSinceMs = aloneSinceMs ?? nowMs
                if let aloneSinceMs, nowMs - aloneSinceMs >= Callee.patienceMs { leg.end(.calleeHungUp) }
            }
            await wait(CallerScript.frameMs)
        }
        if !leg.isInterrupted, metAtMs != nil, aloneSinceMs == nil { leg.record(.parted) }
    }

    /// One of the two has had enough.
    private func hangUp() {
        guard leg.callee.manner == .takesUntilCallerHangsUp else { return leg.end(.calleeHungUp) }
        desk.line.end(.transferred)
    }
}
