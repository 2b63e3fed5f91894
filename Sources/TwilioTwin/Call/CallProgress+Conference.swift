import Twilio

/// The caller in a conference.
extension CallProgress {
    /// Comes into a conference and stays until it ends, the caller hangs up or the server gives the call something else to do.
    func meet(in noun: TwiML.Dial.Conference, _ dial: TwiML.Dial, in document: CallDocument) async -> CallStep? {
        let member: ConferenceRooms.Member
        do {
            member = try desk.member(configuration.callSid, noun, in: document)
        } catch {
            return fail(error)
        }
        line.answer()
        if await desk.fetchWaiting(noun, pairs: standardPairs(status: "in-progress"), in: document), !line.isInterrupted {
            desk.rooms.join(member)
            await stay(in: noun.name)
            desk.rooms.leave(configuration.callSid, noun.name, line.isUpdated ? .updated : .hungUp)
        }
        if line.isUpdated, Undocumented.fetchesActionOfRedirectedConference {
            await fetchIgnored(dial, in: document, LegDesk.conferencePairs)
        }
        guard !line.isInterrupted, let action = dial.action else { return nil }
        return redirect(to: action, method: dial.method, in: document, extra: LegDesk.conferencePairs)
    }

    private func stay(in name: String) async {
        var aloneSinceMs: Int? = log.nowMs
        while !line.isInterrupted, let company = desk.rooms.company(of: configuration.callSid, in: name) {
            aloneSinceMs = company.isTalking ? nil : aloneSinceMs ?? log.nowMs
            if let aloneSinceMs { hangUpIfImpatient(since: aloneSinceMs) }
            await wait(.milliseconds(CallerScript.frameMs))
        }
    }

    /// The caller hangs up who has waited for others for longer than the configuration says.
    func hangUpIfImpatient(since beganMs: Int) {
        guard let patience = configuration.callerPatienceSeconds, log.nowMs - beganMs >= patience * 1000 else { return }
        line.end(.callerHungUp)
    }

    /// Fetches the action of a `<Dial>` that the server broke off, which Twilio does and then ignores the answer.
    func fetchIgnored(_ dial: TwiML.Dial, in document: CallDocument, _ pairs: [WebhookParameters.Pair]) async {
        guard let action = dial.action, let source = try? server.source(action, method: dial.method, in: document, extra: pairs) else { return }
        _ = try? await fetch(source, status: "in-progress")
    }
}
