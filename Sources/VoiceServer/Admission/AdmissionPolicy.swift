import Conversation

/// Which new calls are let in: decides from the caller, from how many calls there are, and from how the server does.
///
/// A limit of 0 is none.
struct AdmissionPolicy: Sendable, Equatable {
    /// An hour, in microseconds.
    private static let hour = 3_600_000_000
    /// A minute, in microseconds: also how long a call is counted whose stream has not come.
    private static let minute = 60_000_000

    /// Most calls of one number within an hour.
    var callsPerNumberPerHour = 0
    /// Most calls within a minute.
    var callsPerMinute = 0
    /// Most calls at the same time.
    var concurrentCalls = 0
    /// Who is never let in.
    var blocked: [NumberPattern] = []
    /// Who alone is let in; empty for everybody.
    var allowed: [NumberPattern] = []

    /// Why a caller is refused however few calls there are; nil is a withheld number.
    func refusal(of caller: String?, isOverloaded: Bool) -> RefusalReason? {
        if blocked.contains(where: { $0.matches(caller) }) { return .blocked }
        if !allowed.isEmpty, !allowed.contains(where: { $0.matches(caller) }) { return .notAllowed }
        return isOverloaded ? .overloaded : nil
    }

    /// What has to be counted before a caller is let in; nil when nothing has.
    func query(caller: String?, now: Int, except: Set<String>) -> CallCountQuery? {
        // Callers whose numbers are withheld are many: a limit for one of them would be a limit for all.
        let isCounted = callsPerNumberPerHour > 0 && caller != nil
        guard isCounted || callsPerMinute > 0 || concurrentCalls > 0 else { return nil }
        return CallCountQuery(
            caller: isCounted ? caller : nil,
            callerSince: now - Self.hour,
            since: callsPerMinute > 0 ? now - Self.minute : nil,
            openSince: concurrentCalls > 0 ? now - Self.minute : nil,
            except: except
        )
    }

    /// Why a call is refused when there are so many others.
    func refusal(after counts: CallCounts) -> RefusalReason? {
        if callsPerNumberPerHour > 0, counts.ofCaller >= callsPerNumberPerHour { return .callerLimit }
        if concurrentCalls > 0, counts.open >= concurrentCalls { return .concurrentCalls }
        return callsPerMinute > 0 && counts.recent >= callsPerMinute ? .rateLimit : nil
    }
}

/// What a refused caller gets.
enum RefusalMode: String, Sendable, CaseIterable {
    /// A sentence, then the call is hung up.
    case spoken
    /// The call is refused unanswered: busy where a later call may get through, rejected otherwise.
    case reject
}
