import Twilio

/// What came of a `<Dial>`.
package struct DialOutcome: Sendable, Equatable {
    /// `completed`, `answered`, `busy`, `no-answer`, `failed` or `canceled`, as Twilio's `DialCallStatus`.
    package var status: String
    /// Whether the two were connected.
    package var isBridged: Bool

    /// Makes an outcome.
    package init(status: String, isBridged: Bool) {
        self.status = status
        self.isBridged = isBridged
    }
}

/// What reaches others than the server: who hears the keys.
extension CallProgress {
    /// A key's tone and the silence behind it.
    private static let keyMs = 200

    /// Sends keys, which takes its time.
    func send(_ digits: String) async {
        log.record(.keysSent(digits))
        await wait(.milliseconds(digits.reduce(0) { $0 + Self.milliseconds($1) }))
    }

    private static func milliseconds(_ key: Character) -> Int {
        switch key {
        case "w": 500
        case "W": 1000
        default: keyMs
        }
    }
}

/// What reaches others than the server: the parties that are dialed.
extension CallProgress {
    /// How long Twilio lets it ring, in seconds.
    private static let ringSeconds = 30

    /// What a round of a `<Dial>` led to.
    private struct Round {
        var outcome: DialOutcome
        var pairs: [WebhookParameters.Pair]
        var wasAnswered = false
        /// The caller has hung up after the conversation.
        var isCallOver = false
    }

    /// Calls others: all at once, or one after the other; or brings the caller into a conference.
    func dial(_ dial: TwiML.Dial, in document: CallDocument) async -> CallStep? {
        if case .conference(let noun)? = dial.parties.first { return await meet(in: noun, dial, in: document) }
        let rounds = dial.sequential ? dial.parties.map { [$0] } : [dial.parties]
        var last: Round?
        for parties in rounds {
            do {
                let round = try await call(parties, dial, in: document)
                last = round
                guard Undocumented.callsNext(afterStatus: round.outcome.status, wasAnswered: round.wasAnswered), !line.isInterrupted else { break }
            } catch {
                return fail(error)
            }
        }
        // The call was perhaps unanswered until now.
        line.answer()
        guard let last else { return nil }
        if line.isUpdated { await fetchIgnored(dial, in: document, last.pairs) }
        // The server has said what to do instead, or the call is over; the caller learns what came of it no more.
        guard !line.isInterrupted || (line.ending == .callerHungUp && Undocumented.fetchesActionAfterCallerHungUp) else { return nil }
        if !last.outcome.isBridged { log.record(.dialed(to: dial.parties.map(\.address).joined(separator: ", "), last.outcome)) }
        if last.isCallOver { return .end(.transferred) }
        guard let action = dial.action else { return nil }
        return redirect(to: action, method: dial.method, in: document, extra: last.pairs)
    }

    private func call(_ parties: [TwiML.Dial.Party], _ dial: TwiML.Dial, in document: CallDocument) async throws(TwinError) -> Round {
        let race = DialRace()
        var plans: [(to: String, plan: LegPlan)] = []
        for party in parties {
            guard let leg = party.leg else { continue }
            let seconds = dial.timeoutSeconds ?? Self.ringSeconds
            let plan = try LegPlan(leg, ringSeconds: seconds, race: race) { url throws(TwinError) in try server.resolve(url, in: document) }
            plans.append((party.address, plan))
        }
        let from = dial.callerID ?? configuration.from
        let legs = plans.compactMap { desk.place(to: $0.to, from: from, parentCallSid: configuration.callSid, plan: $0.plan) }
        return await follow(legs, race, dial)
    }

    /// Waits until one has answered and talked, or all are over, or the call goes on in another way.
    private func follow(_ legs: [Leg], _ race: DialRace, _ dial: TwiML.Dial) async -> Round {
        let beganMs = log.nowMs
        var bridgedAtMs: Int?
        while !line.isInterrupted {
            if let winner = race.winner {
                for leg in legs where leg !== winner { leg.end(.canceled) }
                if winner.isOver || winner.isDetached { return round(winner, isBridged: bridgedAtMs != nil) }
                if bridgedAtMs == nil, winner.isReady {
                    bridgedAtMs = log.nowMs
                    line.answer()
                    log.record(.dialed(to: winner.to, DialOutcome(status: "completed", isBridged: true)))
                    winner.bridge()
                }
                if bridgedAtMs == nil { hangUpIfImpatient(since: beganMs) }
                if let bridgedAtMs, end(winner, dial, talkedMs: log.nowMs - bridgedAtMs) {
                    var round = round(winner, isBridged: true)
                    round.isCallOver = winner.ending == .callerLeft
                    return round
                }
            } else if legs.allSatisfy(\.isOver) {
                return round(ofAll: legs)
            } else {
                hangUpIfImpatient(since: beganMs)
            }
            await wait(.milliseconds(CallerScript.frameMs))
        }
        for leg in legs where !leg.isDetached { leg.end(.callerLeft) }
        return race.winner.map { round($0, isBridged: bridgedAtMs != nil) } ?? round(ofAll: legs)
    }

    /// Ends a conversation that has lasted long enough; whether it has.
    private func end(_ leg: Leg, _ dial: TwiML.Dial, talkedMs: Int) -> Bool {
        if let limit = dial.timeLimitSeconds, talkedMs >= limit * 1000 {
            leg.end(.timeLimit)
            return true
        }
        guard leg.callee.manner == .takesUntilCallerHangsUp, talkedMs >= leg.callee.staysMs else { return false }
        leg.end(.callerLeft)
        return true
    }

    private func round(_ leg: Leg, isBridged: Bool) -> Round {
        let status = leg.ending == .lost ? Undocumented.statusWithoutWhisper : leg.wasAnswered ? "completed" : leg.status
        let outcome = DialOutcome(status: status, isBridged: isBridged || (leg.wasAnswered && Undocumented.isBridgedAfterDecline))
        // Twilio sends none where the callee's call goes on elsewhere.
        let duration = status == "completed" && !leg.isDetached ? leg.durationSeconds : nil
        return Round(outcome: outcome, pairs: Self.pairs(outcome, leg.callSid, duration), wasAnswered: leg.wasAnswered)
    }

    private func round(ofAll legs: [Leg]) -> Round {
        let status = Undocumented.status(ofAll: legs.map(\.status))
        let decisive = legs.first { $0.status == status } ?? legs.first
        let outcome = DialOutcome(status: status, isBridged: false)
        return Round(outcome: outcome, pairs: Self.pairs(outcome, decisive?.callSid, nil))
    }

    /// What Twilio tells a `<Dial>`'s action.
    private static func pairs(_ outcome: DialOutcome, _ callSid: String?, _ seconds: Int?) -> [WebhookParameters.Pair] {
        var pairs: [WebhookParameters.Pair] = [.init("DialCallStatus", outcome.status), .init("DialBridged", "\(outcome.isBridged)")]
        if let callSid { pairs.append(.init("DialCallSid", callSid)) }
        if let seconds { pairs.append(.init("DialCallDuration", "\(seconds)")) }
        return pairs
    }
}

extension TwiML.Dial.Party {
    /// What is done on the called party's leg; nil for a conference.
    fileprivate var leg: TwiML.Dial.Leg? {
        switch self {
        case .number(_, let leg), .sip(_, let leg): leg
        case .conference: nil
        }
    }
}
