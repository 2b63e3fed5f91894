import Conversation
import Diagnostics
import Foundation
import Logging
import ServiceLifecycle
import Twilio

/// Calls people for callers, and brings the two together.
///
/// ```
///  warm:  place a call ─▶ it rings ─▶ answered: who calls, and why ─▶ 1 pressed ─▶ both into a conference ─▶ bridged
///               │            │             │ (the caller stays with the agent)          │
///               └────────────┴─────────────┴──▶ busy, no answer, declined: the next party, or the agent says so
///  cold:  the caller's call is left to Twilio's <Dial>, which is watched by callbacks
/// ```
/// Each step is written down before the next is taken, so that a server that dies leaves no one ringing or waiting: see ``recover()``.
actor TransferDesk: Service, CallerTransfer {
    /// How long a person who has answered may take to decide, in seconds: two sentences, and the waiting for a key.
    private static let decisionSeconds = 60
    /// How long two parties who are sent into a conference may take to meet.
    private static let meetingPatience = Duration.seconds(15)

    /// A transfer whose people are called by us.
    struct Attempt {
        var request: TransferRequest
        /// What each party has come to; those that are not called yet have nothing.
        var parties: [Int: TransferStep] = [:]
        /// The party who takes the call.
        var winner: Int?
        /// Whether the caller has been sent to meet the winner.
        var isMeeting = false
        var news: AsyncStream<News>.Continuation?
    }

    /// What a transfer waits for.
    enum News: Sendable {
        case changed
        case timeIsUp
        case callerLeft
    }

    let telephony: any CallControl
    let documents: TransferTwiML
    let log: EventLog
    let audit: Audit
    let logger: Logger
    /// Knows the sessions; set once, before any call is taken.
    var directory: CallDirectory?
    var attempts: [TransferKey: Attempt] = [:]
    /// What is to be done beside the calls.
    private let jobs: AsyncStream<@Sendable () async -> Void>
    private let jobQueue: AsyncStream<@Sendable () async -> Void>.Continuation

    /// Makes a desk whose tokens are derived from `secret`.
    init(telephony: any CallControl, secret: String, log: EventLog, audit: Audit, logger: Logger) {
        self.telephony = telephony
        documents = TransferTwiML(address: telephony.address, tokens: TransferTokens(secret: secret))
        self.log = log
        self.audit = audit
        self.logger = logger
        (jobs, jobQueue) = AsyncStream.makeStream()
    }

    /// Knows the sessions from now on.
    func attach(_ directory: CallDirectory) { self.directory = directory }

    /// Does what is to be done beside the calls, until the server stops.
    func run() async throws {
        await withGracefulShutdownHandler {
            await withDiscardingTaskGroup { group in
                for await job in jobs { group.addTask { await job() } }
            }
        } onGracefulShutdown: { [jobQueue] in
            jobQueue.finish()
        }
    }

    /// Has something done beside the calls.
    func later(_ job: @escaping @Sendable () async -> Void) { jobQueue.yield(job) }

    /// Puts a caller through; every failure is an outcome.
    ///
    /// `done` means that the caller leaves the agent.
    func transfer(_ request: TransferRequest) async -> ToolOutcome {
        if let hours = request.destination.hours, !hours.isOpen(at: Date()) {
            return ToolOutcome(.failed, "Nobody is there now: it is outside their hours. The caller is still with you.")
        }
        switch request.destination.mode {
        case .warm: return await callPeople(request)
        case .cold:
            guard let dial = documents.coldDial(request) else { return TwilioTelephony.addressUnknown }
            await note(step(request, party: 1, .dialing), of: request.session)
            return await telephony.transfer(request.session, by: dial)
        }
    }

    /// A step of a request.
    func step(_ request: TransferRequest, party: Int, _ stage: TransferStep.Stage, call: String? = nil) -> TransferStep {
        TransferStep(transfer: request.id, destination: request.destination.name, party: party, stage: stage, callID: call)
    }

    /// Writes a step down; what follows it may rely on it being durable.
    @discardableResult
    func note(_ step: TransferStep, of session: SessionRecord) async -> Bool {
        audit.record(.transfer(session: session.id, step))
        do {
            return try await log.commit(.event(session: session.id, .transfer(step), at: Timestamp.now)) != nil
        } catch {
            logger.error(
                "A step of a transfer could not be written down",
                metadata: ["session_id": "\(session.id)", "error": "\(ErrorText.of(error))"]
            )
            return false
        }
    }
}

// MARK: - Calling people

extension TransferDesk {
    private func callPeople(_ request: TransferRequest) async -> ToolOutcome {
        guard documents.accept(request.key, party: 1) != nil else { return TwilioTelephony.addressUnknown }
        guard request.callerID != nil else {
            return ToolOutcome(.failed, "The transfer needs a `caller_id`: the number that was called is not one that can be shown.")
        }
        let (news, teller) = AsyncStream.makeStream(of: News.self)
        attempts[request.key] = Attempt(request: request, news: teller)
        let all = Array(1...request.destination.targets.count)
        let groups = request.destination.order == .atOnce ? [all] : all.map { [$0] }
        for group in groups {
            for party in group { await place(party, of: request) }
            if let outcome = await decision(of: group, in: request, news: news) { return outcome }
        }
        let reasons = all.compactMap { attempts[request.key]?.parties[$0]?.stage }.map(Self.words)
        attempts[request.key] = nil
        let said = reasons.count == 1 ? reasons[0] : reasons.enumerated().map { "number \($0 + 1): \($1)" }.joined(separator: ", ")
        return ToolOutcome(.failed, "The caller could not be put through: \(said). The caller is still with you.")
    }

    /// Places the call to one party.
    private func place(_ party: Int, of request: TransferRequest) async {
        guard attempts[request.key]?.winner == nil, !Task.isCancelled else { return }
        attempts[request.key]?.parties[party] = step(request, party: party, .dialing)
        guard await note(step(request, party: party, .dialing), of: request.session) else { return await settle(party, of: request.key, .failed) }
        let call = CallCreation(
            to: request.destination.targets[party - 1],
            from: request.callerID ?? "",
            url: documents.accept(request.key, party: party),
            timeoutSeconds: request.destination.ringSeconds,
            statusCallback: documents.status(request.key, party: party),
            statusCallbackEvents: TransferTwiML.legEvents
        )
        do {
            let placed = try await telephony.place(call)
            // It may have been quicker than Twilio's answer to us.
            let isOpen = attempts[request.key]?.parties[party].map { !$0.stage.isFinal } ?? false
            attempts[request.key]?.parties[party]?.callID = placed.sid
            await note(step(request, party: party, .placed, call: placed.sid), of: request.session)
            if !isOpen { hangUp(placed.sid) }
        } catch {
            logger.warning(
                "A party could not be called",
                metadata: ["session_id": "\(request.session.id)", "destination": "\(request.destination.name)", "error": "\(ErrorText.of(error))"]
            )
            await settle(party, of: request.key, .failed)
        }
    }

    /// Waits until one of a group of parties takes the call, which is an outcome, or none does; nil then.
    private func decision(of group: [Int], in request: TransferRequest, news: AsyncStream<News>) async -> ToolOutcome? {
        let limit = Duration.seconds(request.destination.ringSeconds + 5 + Self.decisionSeconds)
        return await withTaskGroup(of: ToolOutcome?.self) { tasks in
            tasks.addTask {
                try? await Task.sleep(for: limit)
                await self.timeIsUp(request.key)
                return nil
            }
            defer { tasks.cancelAll() }
            while true {
                if let winner = attempts[request.key]?.winner { return await bring(request, to: winner) }
                let open = group.filter { attempts[request.key]?.parties[$0].map { !$0.stage.isFinal } ?? false }
                guard !open.isEmpty else { return nil }
                switch await news.first(where: { _ in true }) {
                case .changed: continue
                case .timeIsUp: for party in open { await give(up: party, of: request.key, as: .noAnswer) }
                case .callerLeft, nil:
                    // The caller has left, or the transfer was given up.
                    for party in open { await give(up: party, of: request.key, as: .cancelled) }
                    attempts[request.key] = nil
                    return ToolOutcome(.cancelled, "The transfer was given up.")
                }
            }
        }
    }

    /// The caller's stream has ended: unless the caller is on the way to somebody, no one is called for them any more.
    func callerLeft(_ session: String) {
        for (key, attempt) in attempts where key.session == session && !attempt.isMeeting { attempt.news?.yield(.callerLeft) }
    }

    private func timeIsUp(_ key: TransferKey) {
        if !Task.isCancelled { attempts[key]?.news?.yield(.timeIsUp) }
    }

    /// Sends the caller to meet the party who takes the call; the other parties are hung up on.
    private func bring(_ request: TransferRequest, to winner: Int) async -> ToolOutcome {
        attempts[request.key]?.isMeeting = true
        for (party, step) in attempts[request.key]?.parties ?? [:] where party != winner && !step.stage.isFinal {
            await give(up: party, of: request.key, as: .cancelled)
        }
        do {
            try await telephony.change(request.session.callID, .document(documents.callerMeets(request.key, party: winner)))
            watchMeeting(request.key)
            return ToolOutcome(.done, "The caller is being put through.")
        } catch let error as TwilioAPIError where error.code == .refused || error.code == .unreachable {
            await give(up: winner, of: request.key, as: .cancelled, saying: documents.callerGone(request.voice))
            attempts[request.key] = nil
            let reason = error.isCallOver ? "the call is over" : error.message
            return ToolOutcome(.failed, "The caller could not be put through: \(reason). The caller is still with you.")
        } catch {
            // Twilio may have done it.
            watchMeeting(request.key)
            return ToolOutcome(.unknown, "The caller may have been put through: \(ErrorText.of(error)).")
        }
    }

    /// Ends a meeting that does not come about.
    func watchMeeting(_ key: TransferKey) {
        later { [self] in
            // The next server takes a meeting up that this one leaves behind.
            guard (try? await cancelWhenGracefulShutdown({ try await Task.sleep(for: Self.meetingPatience) })) != nil else { return }
            await checkMeeting(key)
        }
    }

    /// A callback may have been lost: Twilio is asked before two people who talk are taken apart.
    private func checkMeeting(_ key: TransferKey) async {
        guard let attempt = attempts[key], let winner = attempt.winner else { return }
        switch await isMeeting(key) {
        case true?: attempts[key] = nil
        case false?: return await endMeeting(key, "the two could not be connected")
        case nil: return watchMeeting(key)
        }
        await note(step(attempt.request, party: winner, .bridged, call: attempt.parties[winner]?.callID), of: attempt.request.session)
        await directory?.bridged(attempt.request.session.id)
    }

    /// The party who took the call and the caller do not meet: the caller is brought back to the agent.
    func endMeeting(_ key: TransferKey, _ reason: String) async {
        guard let attempt = attempts[key], let winner = attempt.winner, attempt.isMeeting else { return }
        await give(up: winner, of: key, as: .failed, saying: documents.callerGone(attempt.request.voice))
        attempts[key] = nil
        await directory?.bringBack(attempt.request.session, reason: reason)
    }

    /// Gives a party up who has not decided, or whose decision is of no use any more; one who has taken the call hears why.
    private func give(up party: Int, of key: TransferKey, as stage: TransferStep.Stage, saying words: TwiML? = nil) async {
        if let call = attempts[key]?.parties[party]?.callID { hangUp(call, saying: words) }
        await settle(party, of: key, stage)
    }

    /// Takes note of what a party has come to.
    func settle(_ party: Int, of key: TransferKey, _ stage: TransferStep.Stage) async {
        guard let attempt = attempts[key], var step = attempt.parties[party], !step.stage.isFinal else { return }
        step.stage = stage
        attempts[key]?.parties[party] = step
        await note(step, of: attempt.request.session)
        attempts[key]?.news?.yield(.changed)
    }

    /// Ends a party's call, whatever it is doing; tried again while Twilio cannot be reached.
    func hangUp(_ call: String, saying words: TwiML? = nil) {
        let update = words.map { CallUpdate.document($0) } ?? .complete
        later { [telephony, logger] in
            for pause in [0, 1, 5, 15] {
                _ = try? await cancelWhenGracefulShutdown { try await Task.sleep(for: .seconds(pause)) }
                do {
                    return try await telephony.change(call, update)
                } catch let error as TwilioAPIError where error.isCallOver {
                    return
                } catch {
                    logger.warning("A party's call could not be ended", metadata: ["call_sid": "\(call)", "error": "\(ErrorText.of(error))"])
                }
            }
        }
    }

    /// Why a party did not take the call, in words for the assistant.
    static func words(_ stage: TransferStep.Stage) -> String {
        switch stage {
        case .busy: "the line was busy"
        case .noAnswer: "nobody answered"
        case .declined: "the call was not taken"
        case .machine: "an answering machine answered"
        case .cancelled: "the attempt was given up"
        case .dialing, .placed, .ringing, .answered, .accepted, .bridged, .failed: "the number could not be reached"
        }
    }
}
