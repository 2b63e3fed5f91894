/// A call that was dialled or placed for the server while the caller's call lasted.
package struct TwinLeg: Sendable, Equatable, Codable {
    /// Its SID.
    package var callSid: String
    /// The number called.
    package var to: String
    /// The call whose `<Dial>` it was; nil for one that the server placed.
    package var parentCallSid: String?
    /// What came of it, in Twilio's words; nil while it lasts.
    package var status: String?
    /// What machine detection found.
    package var answeredBy: String?
    /// What the callee heard of `<Say>`, text by text.
    package var heard: [String] = []
    /// The keys that the callee pressed, one after the other.
    package var pressed = ""
    /// The conferences that the callee was in.
    package var conferences: [String] = []
    /// When it was called, in ms since the caller's call began; nil where it was cancelled before.
    package var calledAtMs: Int?
    /// When it was answered.
    package var answeredAtMs: Int?
    /// When it was over.
    package var endedAtMs: Int?
}

/// A time in which the caller and a callee heard each other.
package struct TwinBridge: Sendable, Equatable, Codable {
    /// The number called.
    package var party: String
    /// The callee's call.
    package var callSid: String
    /// When it began, in ms since the caller's call began.
    package var atMs: Int
    /// When it ended.
    package var endedAtMs: Int?
}

extension TwinCallReport {
    /// Keeps what happened on a callee's leg.
    mutating func apply(_ event: TwinLegEvent, atMs: Int) {
        let index = legs.firstIndex { $0.callSid == event.callSid } ?? legs.endIndex
        if index == legs.endIndex { legs.append(TwinLeg(callSid: event.callSid, to: event.to)) }
        switch event.what {
        case .called(let parentCallSid):
            legs[index].parentCallSid = parentCallSid
            legs[index].calledAtMs = atMs
            dialled.append(event.to)
        case .answered: legs[index].answeredAtMs = atMs
        case .detected(let answeredBy): legs[index].answeredBy = answeredBy
        case .heard(let text): legs[index].heard.append(text)
        case .pressed(let key): legs[index].pressed.append(key)
        case .joined(let conference): legs[index].conferences.append(conference)
        case .bridged: bridges.append(TwinBridge(party: event.to, callSid: event.callSid, atMs: atMs))
        case .parted: endBridge(of: event.callSid, atMs: atMs)
        case .ended(let status):
            legs[index].status = status
            legs[index].endedAtMs = atMs
            endBridge(of: event.callSid, atMs: atMs)
        case .ringing, .heardFile: break
        }
    }

    private mutating func endBridge(of callSid: String, atMs: Int) {
        guard let index = bridges.lastIndex(where: { $0.callSid == callSid && $0.endedAtMs == nil }) else { return }
        bridges[index].endedAtMs = atMs
    }
}
