import Conversation
import Crypto
import Foundation

/// Takes commands for live calls: each is stored, done once, and recorded as events and in the audit trail.
actor CommandDesk {
    /// A command that was taken.
    struct Receipt: Sendable {
        /// The command's id.
        var id: String
        /// Whether an earlier request with the same key had it done.
        var isRepeated = false
    }

    private let directory: CallDirectory
    private let agents: AgentDesk
    private let log: EventLog
    private let audit: Audit
    /// Sessions of which a command is being taken.
    private var busy: Set<String> = []
    private var waiting: [String: [CheckedContinuation<Void, Never>]] = [:]

    /// Makes a desk.
    init(directory: CallDirectory, agents: AgentDesk, log: EventLog, audit: Audit) {
        self.directory = directory
        self.agents = agents
        self.log = log
        self.audit = audit
    }

    /// Has a command done in a session's call, once for each key.
    ///
    /// - Throws: ``Problem`` if the command is not allowed, or the call cannot do it now.
    func give(_ command: CallCommand, to session: SessionRecord, key: String?) async throws -> Receipt {
        await enter(session.id)
        defer { leave(session.id) }
        let id = Self.id(of: session.id, key: key)
        do {
            if key != nil, let earlier = try await earlier(id, of: session.id) {
                guard earlier.command == command else {
                    throw Problem(.keyReused, "this Idempotency-Key was used for another command of the call; use a new key for each command")
                }
                if let refusal = earlier.refusal { throw Self.refused(command, refusal) }
                return Receipt(id: id, isRepeated: true)
            }
            try check(command, of: session)
            try await take(command, id: id, of: session)
        } catch let problem as Problem {
            audit.record(.command("session.\(command.name)", session: session.id, outcome: problem.code.rawValue))
            throw problem
        }
        audit.record(.command("session.\(command.name)", session: session.id))
        return Receipt(id: id)
    }

    private func take(_ command: CallCommand, id: String, of session: SessionRecord) async throws {
        guard let current = try await log.store.session(session.id), current.state != .stopped else {
            throw Problem(.sessionStopped, "session \(session.id) has stopped already")
        }
        guard command != .end else { return try await end(id: id, of: session) }
        guard let call = await directory.call(of: session.id) else {
            throw Problem(
                .notConnected,
                "the call has no open media stream on this server now, so nothing can be done in it; try again when it is back"
            )
        }
        // What was accepted is known to the server that comes after this one.
        _ = try await log.commit(.event(session: session.id, .commandAccepted(id: id, command, by: .api), at: Timestamp.now))
        do throws(CommandRefusal) {
            try await call.obey(command, id: id)
        } catch {
            let outcome = ToolOutcome(.invalid, error.message)
            _ = try await log.commit(.event(session: session.id, .commandFinished(id: id, name: command.name, outcome), at: Timestamp.now))
            throw Self.refused(command, error.message)
        }
        // What it did at once is known to the next server, too: a caller stays on hold.
        _ = await log.isDurable(session)
    }

    private func end(id: String, of session: SessionRecord) async throws {
        _ = try await log.commit(.event(session: session.id, .commandAccepted(id: id, .end, by: .api), at: Timestamp.now))
        let done = CallEvent.commandFinished(id: id, name: CallCommand.end.name, ToolOutcome(.done, ""))
        _ = try await log.commit(.event(session: session.id, done, at: Timestamp.now))
        do {
            guard try await directory.end(session.id, reason: CallMachine.endedByOperator) else {
                throw Problem(.sessionStopped, "session \(session.id) has stopped already")
            }
        } catch let error as FleetError {
            throw Problem(.unavailable, "\(error)")
        }
    }

    /// Refuses what the agent may not do, or this server cannot.
    private func check(_ command: CallCommand, of session: SessionRecord) throws(Problem) {
        if agents.settings.streamMode == .start, command != .end {
            throw Problem(
                .wrongState,
                "\(command.name) cannot be done: the stream is one-way (AGENTOS_STREAM_MODE=start), so the caller hears nothing"
            )
        }
        switch command {
        case .hold, .resume, .mute, .unmute, .say, .end: return
        case .digits: break
        case .transfer(let destination):
            let transfers = agents.agent(forNumber: session.to).transfers
            guard transfers.contains(where: { $0.name == destination }) else {
                let names = transfers.isEmpty ? "the agent has none" : "the agent has \(transfers.map(\.name).joined(separator: ", "))"
                throw Problem(.notAllowed, "the agent may not transfer to this destination; \(names)")
            }
        }
        guard agents.telephony != nil else {
            throw Problem(.unavailable, "\(command.name) needs Twilio's REST API: set TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN")
        }
    }

    /// The name of a destination that a request gives by its name or by a number of it.
    nonisolated func destination(_ text: String, of session: SessionRecord) -> String {
        let number = DialledNumber.read(text)
        let transfers = agents.agent(forNumber: session.to).transfers
        return transfers.first { $0.name == text || ($0.targets.count == 1 && $0.targets.first == number) }?.name ?? text
    }

    private static func refused(_ command: CallCommand, _ reason: String) -> Problem {
        Problem(.wrongState, "\(command.name) cannot be done now: \(reason)")
    }

    /// The command that an id stands for, and why the call refused it, if it did; nil if there was none.
    private func earlier(_ id: String, of session: String) async throws -> (command: CallCommand?, refusal: String?)? {
        var last = 0
        var found: (command: CallCommand?, refusal: String?)?
        while case let page = try await log.store.events(of: session, after: last, limit: 500), let newest = page.last {
            for event in page where event.type.hasPrefix("voice.command.") {
                let fields = try JSONDecoder().decode(ToldCommand.self, from: Data(event.json.utf8))
                guard fields.command_id == id else { continue }
                if fields.status == nil { found = (fields.callCommand, nil) }
                if fields.status == .invalid { found?.refusal = fields.result }
            }
            last = newest.seq
        }
        return found
    }

    /// An id of nine letters and digits, which chat services take for a tool's call, too; the same for the same key.
    private static func id(of session: String, key: String?) -> String {
        guard let key else { return String((0..<9).compactMap { _ in letters.randomElement() }) }
        return String(SHA256.hash(data: Data("command \(session) \(key)".utf8)).prefix(9).map { letters[Int($0) % letters.count] })
    }

    private static let letters = Array("abcdefghijklmnopqrstuvwxyz0123456789")

    /// Waits until no other command of the session is being taken.
    private func enter(_ session: String) async {
        while !busy.insert(session).inserted {
            await withCheckedContinuation { waiting[session, default: []].append($0) }
        }
    }

    private func leave(_ session: String) {
        busy.remove(session)
        waiting.removeValue(forKey: session)?.forEach { $0.resume() }
    }
}

/// The fields of the events that tell of a command.
private struct ToldCommand: Decodable {
    var command_id: String
    var command: String
    var side: MuteSide?
    var text: String?
    var digits: String?
    var destination: String?
    /// How it ended; nil where it was accepted.
    var status: ToolOutcome.Status?
    var result: String?

    var callCommand: CallCommand? {
        CallCommand(name: command, side: side, text: text, digits: digits, destination: destination)
    }
}

extension CallCommand {
    /// The command of this name; nil if there is none, or what it needs is missing.
    init?(name: String, side: MuteSide? = nil, text: String? = nil, digits: String? = nil, destination: String? = nil) {
        let command: CallCommand? =
            switch name {
            case "hold": .hold
            case "resume": .resume
            case "mute": .mute(side ?? .caller)
            case "unmute": .unmute(side ?? .caller)
            case "say": text.map { .say($0) }
            case "dtmf": digits.map { .digits($0) }
            case "transfer": destination.map { .transfer(destination: $0) }
            case "end": .end
            default: nil
            }
        guard let command else { return nil }
        self = command
    }
}
