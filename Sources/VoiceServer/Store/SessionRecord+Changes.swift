import Conversation

/// What an event stream tells: a call's own events and the making of the session.
enum ToldEvent: Sendable, Equatable {
    case created
    case interrupted(reason: String)
    case call(CallEvent)
}

extension StoreChange {
    /// The type of the event that tells of the change.
    var type: String {
        switch self {
        case .create: EventJSON.type(of: .created)
        case .activate: EventJSON.type(of: .call(.active))
        case .interrupt(_, let reason, _): EventJSON.type(of: .interrupted(reason: reason))
        case .stop(_, let reason, _): EventJSON.type(of: .call(.stopped(reason: reason)))
        case .event(_, let event, _): EventJSON.type(of: .call(event))
        }
    }

    /// The session that is changed.
    var sessionID: String {
        switch self {
        case .create(let record): record.id
        case .activate(let session, _, _), .interrupt(let session, _, _), .stop(let session, _, _), .event(let session, _, _): session
        }
    }
}

extension SessionRecord {
    /// Changes the session; returns what is to be told and when it happened, or nil when nothing has changed.
    mutating func take(_ change: StoreChange) -> (event: ToldEvent, at: Int)? {
        switch change {
        case .create(let record):
            return (.created, record.createdAt)
        case .activate(_, let streamID, let at):
            guard state != .stopped else { return nil }
            state = .active
            self.streamID = streamID
            interruption = nil
            interruptedAt = nil
            streamCount += 1
            lastActivityAt = at
            return (.call(.active), at)
        case .interrupt(_, let reason, let at):
            guard state == .active, interruption == nil else { return nil }
            interruption = reason
            interruptedAt = at
            lastActivityAt = at
            return (.interrupted(reason: reason), at)
        case .stop(_, let reason, let at):
            guard state != .stopped else { return nil }
            state = .stopped
            interruption = nil
            interruptedAt = nil
            stoppedAt = at
            stopReason = reason
            lastActivityAt = at
            return (.call(.stopped(reason: reason)), at)
        case .event(_, let event, let at):
            // Nothing follows the end.
            guard state != .stopped else { return nil }
            lastActivityAt = at
            return (.call(event), at)
        }
    }
}
