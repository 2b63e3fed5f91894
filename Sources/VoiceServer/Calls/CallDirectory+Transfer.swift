import Conversation
import Diagnostics
import Logging
import Twilio

/// Calls that are put through to somebody else.
///
/// ```
///  transfer_call ─▶ Twilio dials ─▶ interrupted (transferring) ─▶ dial-status: they talked          ─▶ stopped (transferred)
///                                     │                        ├▶ dial-status: busy, no answer, ... ─▶ a new stream, the agent explains
///                                     │                        └▶ status: the caller hung up        ─▶ stopped (call_completed)
///                                     ├ they are connected: a callback says so                       ─▶ stopped (transferred)
///                                     └ nothing within a minute: Twilio is asked whether they talk   ─▶ stopped
/// ```
extension CallDirectory {
    /// Twilio says what came of a dial: where nobody took the call, its caller is given another stream.
    ///
    /// - Throws: what kept the store from being read or written.
    func dialEnded(_ result: DialResult) async throws -> Admission {
        let id = "twilio-\(result.callSid)"
        // Twilio may be quicker than the stream's last words.
        await waitUntilFree(id, within: Self.handoverPatience)
        guard let known = try await log.store.session(id), known.state != .stopped else { return .ended(wasLost: result.ending == nil) }
        // Twilio asks also where a call goes on that we have sent elsewhere meanwhile, and does not follow the answer.
        guard !returning.contains(id) else { return .comeBack }
        // A stream that is open has nothing to do with a dial: this is told late, or twice.
        guard !isLive(id) || isFinishing(id) else { return admit(known) }
        guard try await acquire(id) else { return .comeBack }
        if result.ending == CallMachine.transferred { await transfers?.noteBridged(known) }
        await concludeTransfer(of: id, result.outcome)
        guard !isFinishing(id) else { return .comeBack }
        guard let ending = result.ending else {
            wait(for: id, after: .transferring)
            return admit(known)
        }
        awaited.remove(id)
        try await stop(id, reason: ending)
        return .ended(wasLost: false)
    }

    /// The caller talks with somebody else: the agent's part of the call is over.
    func bridged(_ id: String) async {
        // Twilio may be quicker than the stream's last words.
        await waitUntilFree(id, within: Self.handoverPatience)
        do {
            guard let known = try await log.store.session(id), known.state != .stopped, !isLive(id), try await acquire(id) else { return }
            await concludeTransfer(of: id, ToolOutcome(.done, "The caller was put through."))
            awaited.remove(id)
            try await stop(id, reason: CallMachine.transferred)
        } catch {
            logger.error(
                "That a caller was put through could not be written down",
                metadata: ["session_id": "\(id)", "error": "\(ErrorText.of(error))"]
            )
        }
    }

    /// Brings a caller back to the agent whom the called person has not taken after all.
    func bringBack(_ session: SessionRecord, reason: String) async {
        guard let known = try? await log.store.session(session.id), known.state != .stopped, let telephony, let wayBack = telephony.address.inbound
        else { return }
        returning.insert(session.id)
        await concludeTransfer(of: session.id, ToolOutcome(.failed, "The caller could not be put through: \(reason). The caller is back with you."))
        do {
            try await telephony.change(session.callID, .fetch(url: wayBack, method: nil))
        } catch {
            returning.remove(session.id)
            logger.error("A caller could not be brought back", metadata: ["session_id": "\(session.id)", "error": "\(ErrorText.of(error))"])
        }
    }

    /// Notes that the socket of a session's stream has closed: its caller is not there to be put through.
    func lineClosed(_ id: String) async {
        await transfers?.callerLeft(id)
    }

    /// Writes down what came of the transfer that a session waits for; false where it waits for none.
    @discardableResult
    func concludeTransfer(of id: String, _ outcome: ToolOutcome) async -> Bool {
        guard concluding.insert(id).inserted else { return false }
        defer { concluding.remove(id) }
        do {
            guard let session = try await log.store.session(id) else { return false }
            let transcript = try await Transcript.read(id, from: log.store)
            guard let open = transcript.openTransfer else { return false }
            let now = Timestamp.now
            let use = ToolUse(open.call, outcome: outcome)
            let tookMs = max(0, now - open.calledAt) / 1000
            let event = CallEvent.toolFinished(use, turn: open.turn, tookMs: tookMs)
            metrics.observe(event)
            audit.record(.toolFinished(session: id, caller: session.from, use, turn: open.turn, tookMs: tookMs))
            _ = try await log.commit(.event(session: id, event, at: now))
            for command in transcript.openCommands where command.id == open.call.id {
                _ = try await log.commit(.event(session: id, .commandFinished(id: command.id, name: command.name, outcome), at: now))
            }
            return true
        } catch {
            logger.error("What came of a transfer could not be written down", metadata: ["session_id": "\(id)", "error": "\(ErrorText.of(error))"])
            return false
        }
    }

    /// Why a session stops whose call did not come back: a caller of whose transfer Twilio told nothing talks to the other party.
    func stopReason(of id: String, after loss: LineLoss) async -> String {
        guard loss == .transferring else { return loss.rawValue }
        if let session = try? await log.store.session(id), await transfers?.isConnected(session) == false {
            await concludeTransfer(of: id, ToolOutcome(.failed, "The caller was not put through, and did not come back."))
            return LineLoss.lineAway.rawValue
        }
        let isOpen = await concludeTransfer(of: id, ToolOutcome(.done, "The caller was put through, and did not come back."))
        return isOpen ? CallMachine.transferred : LineLoss.lineAway.rawValue
    }
}

// MARK: - Commands

extension CallDirectory {
    /// Notes the call of a session whose stream has begun.
    func attach(_ call: CallSession, to id: String) {
        live[id]?.call = call
        changeWatchers.values.forEach { $0.yield() }
    }

    /// The call of a session whose stream is open; nil if it is not, or has ended.
    ///
    /// Waits a moment for a stream that has only just been let in.
    func call(of id: String) async -> CallSession? {
        await wait(within: Self.newsPatience) { await self.waitUntilBegun(id) }
        return live[id].flatMap { $0.hasStopped ? nil : $0.call }
    }

    private func waitUntilBegun(_ id: String) async {
        await wait { live[id].map { $0.call != nil } ?? true }
    }
}
