import Conversation
import Diagnostics
import Logging

/// Calls that are put through to somebody else.
///
/// ```
///  transfer_call ─▶ Twilio dials ─▶ interrupted (transferring) ─▶ dial-status: they talked          ─▶ stopped (transferred)
///                                     │                        ├▶ dial-status: busy, no answer, ... ─▶ a new stream, the agent explains
///                                     │                        └▶ status: the caller hung up        ─▶ stopped (call_completed)
///                                     └ nothing within a minute: they talk ─▶ stopped (transferred)
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
        // A stream that is open has nothing to do with a dial: this is told late, or twice.
        guard !isLive(id) || isFinishing(id) else { return admit(known) }
        guard try await acquire(id) else { return .comeBack }
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

    /// Writes down what came of the transfer that a session waits for; false where it waits for none.
    @discardableResult
    func concludeTransfer(of id: String, _ outcome: ToolOutcome) async -> Bool {
        guard concluding.insert(id).inserted else { return false }
        defer { concluding.remove(id) }
        do {
            guard let session = try await log.store.session(id), let open = try await Transcript.read(id, from: log.store).openTransfer else {
                return false
            }
            let now = Timestamp.now
            let use = ToolUse(open.call, outcome: outcome)
            let tookMs = max(0, now - open.calledAt) / 1000
            let event = CallEvent.toolFinished(use, turn: open.turn, tookMs: tookMs)
            metrics.observe(event)
            audit.record(.toolFinished(session: id, caller: session.from, use, turn: open.turn, tookMs: tookMs))
            _ = try await log.commit(.event(session: id, event, at: now))
            return true
        } catch {
            logger.error("What came of a transfer could not be written down", metadata: ["session_id": "\(id)", "error": "\(ErrorText.of(error))"])
            return false
        }
    }

    /// Why a session stops whose call did not come back: a caller of whose transfer Twilio told nothing talks to the other party.
    func stopReason(of id: String, after loss: LineLoss) async -> String {
        guard loss == .transferring else { return loss.rawValue }
        let isOpen = await concludeTransfer(of: id, ToolOutcome(.done, "The caller was put through, and did not come back."))
        return isOpen ? CallMachine.transferred : LineLoss.lineAway.rawValue
    }
}
