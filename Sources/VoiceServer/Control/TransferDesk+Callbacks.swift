import Conversation
import ServiceLifecycle
import Twilio

// What Twilio tells and asks of transfers.
extension TransferDesk {
    /// What a person who has answered hears, or what their key comes to.
    ///
    /// - Throws: ``Refusal`` if the request names no transfer of this server.
    func answered(_ parameters: WebhookParameters) async throws -> TwiML {
        guard let (key, party) = documents.tokens.read(parameters) else { throw Self.unknownTransfer }
        guard let attempt = attempts[key], let step = attempt.parties[party], !step.stage.isFinal, attempt.winner.map({ $0 == party }) ?? true else {
            return documents.callerGone(attempts[key]?.request.voice ?? LineVoice())
        }
        if let call = parameters["CallSid"] { attempts[key]?.parties[party]?.callID = call }
        guard let keyPressed = parameters["Digits"] else {
            await advance(party, of: key, .answered)
            return documents.question(attempt.request, party: party)
        }
        guard keyPressed == "1" else {
            await settle(party, of: key, .declined)
            return TwiML([.hangup])
        }
        if attempt.winner == nil {
            attempts[key]?.winner = party
            await advance(party, of: key, .accepted)
            attempts[key]?.news?.yield(.changed)
        }
        return documents.partyMeets(key, party: party)
    }

    /// Takes note of how a party's call goes; false if the callback is not about a transfer.
    ///
    /// - Throws: ``Refusal`` if the token is wrong.
    func progressed(_ parameters: WebhookParameters) async throws -> Bool {
        guard parameters[TransferKey.parameters.transfer] != nil else { return false }
        guard let (key, party) = documents.tokens.read(parameters) else { throw Self.unknownTransfer }
        let status = parameters["CallStatus"] ?? ""
        if parameters["ParentCallSid"] != nil {
            await dialProgressed(key, party: party, status: status, parameters)
        } else {
            await partyProgressed(key, party: party, status: status)
        }
        return true
    }

    /// Takes note of who has answered a cold transfer: a person stays connected, a machine does not.
    ///
    /// - Throws: ``Refusal`` if the token is wrong.
    func judged(_ parameters: WebhookParameters) async throws {
        guard let (key, party) = documents.tokens.read(parameters) else { throw Self.unknownTransfer }
        guard let session = try await log.store.session(key.session), session.state != .stopped else { return }
        let isMachine = parameters["AnsweredBy"]?.hasPrefix("machine") == true || parameters["AnsweredBy"] == "fax"
        guard isMachine else { return confirm(key, party: party, call: parameters["CallSid"]) }
        await note(await coldStep(session, key, party: party, .machine, call: parameters["CallSid"]), of: session)
        await directory?.bringBack(session, reason: Self.words(.machine))
    }

    /// Says that a caller was put through once the person who answered has stayed for some seconds: one who hangs up at once has not taken the call.
    private func confirm(_ key: TransferKey, party: Int, call: String?) {
        guard let call else { return }
        later { [self] in
            guard (try? await cancelWhenGracefulShutdown({ try await Task.sleep(for: Self.confirmation) })) != nil,
                let leg = try? await telephony.call(call), leg.status == "in-progress",
                let session = try? await log.store.session(key.session), session.state != .stopped
            else { return }
            await noteBridged(session)
            await directory?.bridged(session.id)
        }
    }

    /// Notes that a session's caller and the person who answered are connected, unless that is known.
    func noteBridged(_ session: SessionRecord) async {
        guard var step = (try? await TransferHistory.read(session.id, from: log.store))?.steps.last, !step.stage.isFinal, step.stage != .bridged
        else { return }
        step.stage = .bridged
        await note(step, of: session)
    }

    /// Takes note of what happens where the caller and the party meet.
    ///
    /// - Throws: ``Refusal`` if the token is wrong.
    func met(_ parameters: WebhookParameters) async throws {
        guard let (key, party) = documents.tokens.read(parameters) else { throw Self.unknownTransfer }
        switch parameters["StatusCallbackEvent"] {
        case "conference-start":
            guard let session = try await log.store.session(key.session), session.state != .stopped else { return }
            let known = attempts.removeValue(forKey: key)?.parties[party]
            await note(await coldStep(session, key, party: party, .bridged, call: known?.callID), of: session)
            await directory?.bridged(session.id)
        case "participant-join" where parameters["ParticipantLabel"] == "caller":
            // The party may have hung up while the caller was on the way.
            if let attempt = attempts[key], attempt.parties[party]?.stage.isFinal == true {
                attempts[key] = nil
                await directory?.bringBack(attempt.request.session, reason: Self.leftTooEarly)
            }
        default: break
        }
    }

    /// What the caller of a session does who is on the way to a party who took the call; nil for all others.
    func meeting(of session: String) -> TwiML? {
        attempts.first { $0.key.session == session && $0.value.isMeeting }.flatMap { key, attempt in
            attempt.winner.map { documents.callerMeets(key, party: $0) }
        }
    }

    private static let leftTooEarly = "the person who took the call hung up before you were connected"
    private static let unknownTransfer = Refusal(.badToken, "the callback is of no transfer of this server")

    /// A party of a warm transfer, whose call is one of our own.
    private func partyProgressed(_ key: TransferKey, party: Int, status: String) async {
        guard let attempt = attempts[key] else { return }
        if CallStatus.isOver(status), attempt.winner == party {
            // One who hangs up before the caller was sent to them leaves the call to the next.
            if !attempt.isMeeting { attempts[key]?.winner = nil }
            await settle(party, of: key, .failed)
            guard attempt.isMeeting else { return }
            attempts[key] = nil
            await directory?.bringBack(attempt.request.session, reason: Self.leftTooEarly)
            return
        }
        switch status {
        case "ringing": await advance(party, of: key, .ringing)
        case "busy": await settle(party, of: key, .busy)
        case "no-answer", "canceled": await settle(party, of: key, .noAnswer)
        case "failed": await settle(party, of: key, .failed)
        // Answered, and no key was pressed: a person who does not want the call, or a machine.
        case "completed": await settle(party, of: key, .declined)
        default: break
        }
    }

    /// A party of a cold transfer, whom Twilio calls for the caller.
    private func dialProgressed(_ key: TransferKey, party: Int, status: String, _ parameters: WebhookParameters) async {
        guard let session = try? await log.store.session(key.session), session.state != .stopped else { return }
        let stage: TransferStep.Stage? =
            switch status {
            case "ringing": .ringing
            case "in-progress": .answered
            case "busy": .busy
            case "no-answer": .noAnswer
            case "failed": .failed
            case "canceled": .cancelled
            default: nil
            }
        guard let stage else { return }
        await note(await coldStep(session, key, party: party, stage, call: parameters["CallSid"]), of: session)
        // Where Twilio listens to who has answered, its verdict decides.
        guard stage == .answered, parameters[Self.listensParameter] == nil else { return }
        confirm(key, party: party, call: parameters["CallSid"])
    }

    /// How long a person who has answered a cold transfer stays until the caller counts as put through.
    private static let confirmation = Duration.seconds(5)

    /// The query parameter of legs whose answering party is judged.
    static let listensParameter = "listens"

    private func coldStep(
        _ session: SessionRecord,
        _ key: TransferKey,
        party: Int,
        _ stage: TransferStep.Stage,
        call: String?
    ) async -> TransferStep {
        let known = (try? await TransferHistory.read(session.id, from: log.store))?.steps.last { $0.transfer == key.id }
        return TransferStep(transfer: key.id, destination: known?.destination ?? "", party: party, stage: stage, callID: call)
    }

    /// Takes note of a stage that is not the last, once, and never of an earlier one than is known.
    private func advance(_ party: Int, of key: TransferKey, _ stage: TransferStep.Stage) async {
        let order: [TransferStep.Stage] = [.dialing, .placed, .ringing, .answered, .accepted]
        guard let attempt = attempts[key], var step = attempt.parties[party], let known = order.firstIndex(of: step.stage),
            let new = order.firstIndex(of: stage), new > known
        else { return }
        step.stage = stage
        attempts[key]?.parties[party] = step
        await note(step, of: attempt.request.session)
    }
}
