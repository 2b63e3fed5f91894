import Conversation
import Diagnostics
import Logging
import Twilio

// What a server that died left behind.
extension TransferDesk {
    /// Takes up the transfers of sessions that a server left behind, before the server runs: who took a call waits for the caller, others are not called any more.
    ///
    /// - Returns: the sessions whose callers are on the way to somebody, or are awaited by them.
    func recover(_ sessions: [String], answeredBy agent: @Sendable (SessionRecord) -> AgentDefinition) async -> Set<String> {
        var meeting: Set<String> = []
        for id in sessions {
            guard let session = try? await log.store.session(id), let history = try? await TransferHistory.read(id, from: log.store) else { continue }
            let accepted = history.accepted
            for step in history.open where step != accepted { await undo(step, of: session, agent: agent(session)) }
            guard let accepted, let destination = agent(session).transfers.first(where: { $0.name == accepted.destination }) else { continue }
            let request = TransferRequest(
                id: accepted.transfer,
                session: session,
                destination: destination,
                reason: "",
                voice: LineVoice(agent(session))
            )
            attempts[request.key] = Attempt(request: request, parties: [accepted.party: accepted], winner: accepted.party, isMeeting: true)
            watchMeeting(request.key)
            meeting.insert(id)
        }
        return meeting
    }

    /// Asks Twilio how calls stand that a server left behind: those that are over end now.
    func ask(after sessions: [String]) {
        for id in sessions {
            later { [self] in
                guard let session = try? await log.store.session(id), session.state != .stopped else { return }
                do {
                    let status = try await telephony.call(session.callID).status
                    guard CallStatus.isOver(status) else { return }
                    logger.notice("A call ended while the server was away", metadata: ["session_id": "\(id)", "status": "\(status)"])
                    _ = try await directory?.end(id, reason: "call_\(status)")
                } catch let error as TwilioAPIError where error.cause?.code == TwilioRESTError.notFound("").code {
                    // A 404 of anything but Twilio itself says nothing about the call.
                    _ = try? await directory?.end(id, reason: "call_unknown")
                } catch {
                    logger.warning("Twilio did not say how a call stands", metadata: ["session_id": "\(id)", "error": "\(ErrorText.of(error))"])
                }
            }
        }
    }

    /// Whether Twilio says that somebody talks, or has talked, with a session's caller; nil if it cannot be asked.
    func isConnected(_ session: SessionRecord) async -> Bool? {
        let history = try? await TransferHistory.read(session.id, from: log.store)
        if let accepted = history?.accepted { return await isMeeting(TransferKey(session: session.id, id: accepted.transfer)) }
        guard let legs = try? await telephony.legs(of: session.callID) else { return nil }
        return legs.contains { ["in-progress", "completed"].contains($0.status) }
    }

    /// Whether the caller and the party who took the call are together; nil if Twilio cannot be asked.
    func isMeeting(_ key: TransferKey) async -> Bool? {
        (try? await telephony.participants(ofConference: documents.tokens.conference(key))).map { $0 > 1 }
    }

    private func undo(_ step: TransferStep, of session: SessionRecord, agent: AgentDefinition) async {
        let isCold = agent.transfers.first { $0.name == step.destination }?.mode == .cold
        // Twilio goes on with what was left to it.
        guard !isCold else { return }
        if let call = step.callID { hangUp(call) }
        var step = step
        step.stage = .cancelled
        audit.record(.transfer(session: session.id, step))
        do {
            // The log writes only once the server runs.
            _ = try await log.store.write([.event(session: session.id, .transfer(step), at: Timestamp.now)])
        } catch {
            logger.error(
                "The end of a transfer could not be written down",
                metadata: ["session_id": "\(session.id)", "error": "\(ErrorText.of(error))"]
            )
        }
    }
}
