import Conversation
import Testing

@testable import VoiceServer

/// Who is let in: the policy as a value.
@Suite struct AdmissionPolicyTests {
    private func patterns(_ text: String) -> [NumberPattern] { (try? NumberPattern.list(text).get()) ?? [] }

    @Test(arguments: [
        ("+14155551234", "+14155551234", true), ("+14155551234", "+14155551235", false), ("+1900*", "+19005550000", true),
        ("+1900*", "+1900", true), ("+1900*", "+1901", false), ("+1900*", nil, false), ("anonymous", nil, true), ("Anonymous", "+14155551234", false),
        ("+1900*, +44*", "+441632960000", true), (" +14155551234 ,", "+14155551234", true),
    ])
    func patternsMeanWhomTheySay(list: String, caller: String?, isMeant: Bool) {
        let patterns = patterns(list)
        #expect(!patterns.isEmpty)
        #expect(patterns.contains { $0.matches(caller) } == isMeant)
    }

    @Test(arguments: ["+", "*", "+*", "1415", "+0123", "+1900**", "+19o0*", "+1234567890123456", "+1 415", "sip:bob@example.com"])
    func unreadableEntryIsNamed(entry: String) {
        #expect(NumberPattern.list("+14155551234,\(entry)") == .failure(.init(entry: entry)))
    }

    @Test func blockedComesBeforeAllowedAndBothBeforeOverload() {
        let policy = AdmissionPolicy(blocked: patterns("+1900*"), allowed: patterns("+1*"))
        #expect(policy.refusal(of: "+19005550000", isOverloaded: true) == .blocked)
        #expect(policy.refusal(of: "+441632960000", isOverloaded: true) == .notAllowed)
        #expect(policy.refusal(of: nil, isOverloaded: false) == .notAllowed, "whoever withholds the number is not on the list")
        #expect(policy.refusal(of: "+14155551234", isOverloaded: true) == .overloaded)
        #expect(policy.refusal(of: "+14155551234", isOverloaded: false) == nil)
    }

    @Test func limitsHoldAtTheirNumberAndNotBefore() {
        let policy = AdmissionPolicy(callsPerNumberPerHour: 3, callsPerMinute: 20, concurrentCalls: 10)
        #expect(policy.refusal(after: CallCounts(ofCaller: 2, recent: 19, open: 9)) == nil)
        #expect(policy.refusal(after: CallCounts(ofCaller: 3)) == .callerLimit)
        #expect(policy.refusal(after: CallCounts(open: 10)) == .concurrentCalls)
        #expect(policy.refusal(after: CallCounts(recent: 20)) == .rateLimit)
        #expect(policy.refusal(after: CallCounts(ofCaller: 3, recent: 20, open: 10)) == .callerLimit)
    }

    @Test func withoutLimitsNothingIsCountedAndNobodyRefused() {
        let policy = AdmissionPolicy()
        #expect(policy.query(caller: "+14155551234", now: 0, except: []) == nil)
        #expect(policy.refusal(of: nil, isOverloaded: false) == nil)
        #expect(policy.refusal(after: CallCounts(ofCaller: 1_000_000, recent: 1_000_000, open: 1_000_000)) == nil)
    }

    @Test func onlyWhatIsLimitedIsCounted() {
        let now = 10_000_000_000
        #expect(
            AdmissionPolicy(callsPerNumberPerHour: 1).query(caller: "+1", now: now, except: ["a"])
                == CallCountQuery(caller: "+1", callerSince: now - 3_600_000_000, except: ["a"])
        )
        #expect(AdmissionPolicy(callsPerNumberPerHour: 1).query(caller: nil, now: now, except: []) == nil, "withheld numbers are not one caller")
        let all = AdmissionPolicy(callsPerMinute: 1, concurrentCalls: 1).query(caller: "+1", now: now, except: [])
        #expect(all?.caller == nil && all?.since == now - 60_000_000 && all?.openSince == now - 60_000_000)
    }
}

/// Calls that arrive at the same time.
@Suite struct ArrivalsTests {
    @Test func eachCountsThoseAheadOfIt() {
        var arrivals = Arrivals()
        _ = arrivals.enter("a", caller: "+1")
        let second = arrivals.enter("b", caller: "+2")
        #expect(second.ahead == CallCounts(ofCaller: 0, recent: 1, open: 1))
        let third = arrivals.enter("c", caller: "+1")
        #expect(third.ahead == CallCounts(ofCaller: 1, recent: 2, open: 2))
        #expect(third.ids == ["a", "b", "c"])
        arrivals.leave("a")
        let fourth = arrivals.enter("d", caller: nil)
        #expect(fourth.ahead == CallCounts(ofCaller: 0, recent: 2, open: 2))
    }

    @Test func repeatedWebhookKeepsItsPlaceUntilBothHaveGone() {
        var arrivals = Arrivals()
        _ = arrivals.enter("a", caller: "+1")
        _ = arrivals.enter("b", caller: "+1")
        let repeated = arrivals.enter("a", caller: "+1")
        #expect(repeated.ahead == CallCounts())
        arrivals.leave("a")
        let behind = arrivals.enter("b", caller: "+1")
        #expect(behind.ahead.open == 1)
        arrivals.leave("a")
        let first = arrivals.enter("b", caller: "+1")
        #expect(first.ahead.open == 0)
    }

    @Test func withheldNumbersAreNotOneCaller() {
        var arrivals = Arrivals()
        _ = arrivals.enter("a", caller: nil)
        let second = arrivals.enter("b", caller: nil)
        #expect(second.ahead == CallCounts(ofCaller: 0, recent: 1, open: 1))
    }
}
