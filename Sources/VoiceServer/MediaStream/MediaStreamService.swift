import Conversation
import CoreMetrics
import Diagnostics
import Engines
import Logging
import Twilio

/// What all media sockets share.
struct MediaStreamService: Sendable {
    /// Inputs that wait for one call: half a minute of frames.
    static let mostInputs = 1500

    let directory: CallDirectory
    let log: EventLog
    let engines: EngineGate
    /// Knows who answers which call.
    let desk: AgentDesk
    /// Where calls live.
    let loops: CallLoops
    /// The folder that keeps the calls' journals; nil where none are wanted.
    let journals: String?
    let streamMode: StreamMode
    let streamEvents: StreamEvents
    /// Whether streams of clients that are not Twilio must carry a token, too.
    let isSecured: Bool
    let metrics: ServerMetrics
    let audit: Audit
    let logger: Logger
    var patience = MediaStreamSocket.Patience()

    /// Gives the session's stream to a socket, or says why not.
    func claim(
        _ session: SessionRecord,
        start: StreamStart,
        isTwilio: Bool,
        isHeard: @escaping @Sendable () -> Bool,
        end: @escaping @Sendable (String) -> Void
    ) async -> Result<SessionRecord, Refusal> {
        do {
            return try await directory.claim(
                session,
                streamSid: start.streamSid,
                token: start.customParameters[InboundTwiML.tokenParameter],
                isTokenRequired: isTwilio || isSecured,
                isHeard: isHeard,
                end: end
            )
        } catch {
            logger.error("A stream could not be written down", metadata: ["session_id": "\(session.id)", "error": "\(ErrorText.of(error))"])
            return .failure(Refusal(.sessionBusy, "the server cannot take the stream now"))
        }
    }

    /// Makes a claimed call, which `attach` connects with its socket, runs it to its end, and closes its line.
    func runCall(
        _ session: SessionRecord,
        start: StreamStart,
        line: MediaStreamLine,
        tellsEvents: Bool,
        on home: CallLoop,
        attach: (CallSession) async -> Void
    ) async {
        audit.record(.streamStarted(session: session.id, stream: start.streamSid, call: session.callID))
        // Beside a one-way stream the call goes on by itself: nothing brings Twilio back to open another.
        let isResumable = streamMode == .connect
        let recorder = CallRecorder(
            session: session.id,
            caller: session.from,
            streamSid: start.streamSid,
            isResumable: isResumable,
            log: log,
            metrics: metrics,
            audit: audit,
            logger: logger
        )
        if streamMode == .connect { line.open(streamSid: start.streamSid) }
        await withTaskGroup { group in
            if tellsEvents {
                group.addTask { await tell(session, on: line) }
            }
            do {
                let loaded = try await engines.loaded()
                let journal = await journal(of: session)
                // For this stream; what the configuration file says later is for later ones.
                let agent = desk.agent(forNumber: session.to)
                let call = CallSession(
                    configuration: await configuration(of: session, answeredBy: agent),
                    engines: desk.engines(of: agent, session, loaded: loaded),
                    line: line,
                    observer: recorder,
                    home: home,
                    journal: journal
                )
                await directory.attach(call, to: session.id)
                await attach(call)
                if let journal { await journal.keep { await call.run() } } else { await call.run() }
            } catch {
                recorder.observe(.error(message: ErrorText.of(error), stage: "engines"))
                recorder.observe(.stopped(reason: "engines_unavailable"))
            }
            // A cancelled call has not said goodbye: the socket is gone.
            if Task.isCancelled { recorder.observe(.stopped(reason: LineLoss.streamLost.rawValue)) }
            guard tellsEvents else { return }
            // The client hears of the stop before its socket closes, unless the store does not get round to it.
            group.addTask { _ = try? await Task.sleep(for: patience.close) }
            await group.next()
            group.cancelAll()
        }
        line.close(.normal, "")
        await directory.release(session.id, after: recorder.loss)
    }

    /// Refuses a socket's stream, and closes the socket.
    func refuse(_ refusal: Refusal, _ admission: StreamAdmission, on line: MediaStreamLine) {
        metrics.refused(refusal.reason)
        audit.record(.streamRefused(session: admission.sessionID, refusal))
        logger.warning(
            "A media stream was refused",
            metadata: ["session_id": "\(admission.sessionID)", "reason": "\(refusal.reason.rawValue)", "detail": "\(refusal.message)"]
        )
        tellError(refusal.message, stage: "stream", to: admission, on: line)
        line.close(.policy, refusal.message)
    }

    /// Tells a client that is not Twilio what went wrong, outside the session's numbered events.
    func tellError(_ message: String, stage: String, to admission: StreamAdmission, on line: MediaStreamLine) {
        guard tellsEvents(to: admission) else { return }
        let event: [String: JSONValue] = [
            "type": .string("error"), "session_id": .string(admission.sessionID), "timestamp": .string(Timestamp.text(Timestamp.now)),
            // Numbers belong to stored events; this one is for the socket alone.
            "seq": .number(0), "error": .string(message), "stage": .string(stage),
        ]
        if let text = try? JSONValue.object(event).text() { line.send(.event(text)) }
    }

    /// Whether a client gets JSON events on its socket.
    func tellsEvents(to admission: StreamAdmission) -> Bool {
        switch streamEvents {
        case .always: true
        case .never: false
        case .auto: !admission.isTwilio
        }
    }

    /// How the call is held; a call that comes back goes on from what was said before, which may be long.
    private func configuration(of session: SessionRecord, answeredBy agent: AgentDefinition) async -> CallMachine.Configuration {
        var configuration = desk.configuration(of: agent, session, now: Timestamp.now)
        guard session.streamCount > 1 else { return configuration }
        metrics.callReturns.increment()
        do {
            let transcript = try await Transcript.read(session.id, from: log.store)
            try await end(transcript.ends(), of: session)
            configuration.resumption = transcript.resumption
        } catch {
            // The caller is answered all the same. No turn has had so high a number.
            configuration.resumption = Resumption(lastTurn: session.lastSeq)
            logger.error("A call goes on without its memory", metadata: ["session_id": "\(session.id)", "error": "\(ErrorText.of(error))"])
        }
        return configuration
    }

    /// Writes down the ends of tools and commands that were cut off with the line, which nothing else has ended.
    private func end(_ events: [CallEvent], of session: SessionRecord) async throws {
        for event in events {
            _ = try await log.commit(.event(session: session.id, event, at: Timestamp.now))
            audit.record(end: event, session: session.id, caller: session.from)
        }
    }

    private func journal(of session: SessionRecord) async -> JournalFile? {
        guard let journals else { return nil }
        return await JournalFile.open(in: journals, session: session, logger: logger)
    }

    /// Tells a client its session's events until the stream has ended.
    private func tell(_ session: SessionRecord, on line: MediaStreamLine) async {
        do {
            for try await news in log.events(of: session.id, after: session.lastSeq - 1) {
                guard case .event(let event) = news else { continue }
                line.send(.event(event.json))
                let ends = [ToldEvent.call(.stopped(reason: "")), .interrupted(reason: "")].map(EventJSON.type)
                // Those of a stream before this one are history.
                if ends.contains(event.type), event.seq > session.lastSeq { return }
            }
        } catch {
            logger.warning("Events could not be told on a media socket", metadata: ["error": "\(ErrorText.of(error))"])
        }
    }
}

/// How Twilio is told to open its stream.
enum StreamMode: String, Sendable, CaseIterable {
    /// Two-way: the caller hears the agent.
    case connect
    /// One-way, the original's: the caller is heard only.
    case start
}

/// Who gets JSON events on the media socket.
enum StreamEvents: String, Sendable, CaseIterable {
    /// Clients that are not Twilio.
    case auto
    case always
    case never
}
