import Engines
import Conversation
import Foundation

/// What was said in a session, put together from its events.
struct Transcript: Sendable {
    /// One side's words in one turn.
    struct Turn: Sendable, Equatable {
        var turn: Int
        var role: ConversationTurn.Role
        var text: String
        /// What of it was heard: all of the caller's words, and of the agent's as much as was played.
        var heard: String
        /// Whether an answer is settled: heard to its end, or cut by the caller; what the loss of a line cut is not.
        var isSettled: Bool
        /// Whether an answer was still being made when the line went.
        var isUnfinished: Bool
        var startedAt: String
        var endedAt: String
    }

    let session: String
    /// The name of the agent; empty where it is not known.
    let agent: String
    private(set) var turns: [Turn] = []
    /// What the assistant did with tools.
    private var uses: [ToolUse] = []
    /// The turn and the time of each use.
    private var calls: [Called] = []
    /// When anything last happened.
    private var lastAt: String?
    /// Turns and uses in the order they came.
    private var order: [Entry] = []
    /// Why the line was last lost.
    private var interruption: String?
    private var cutTurns: Set<Int> = []
    /// The newest step of each transfer, by the tool's call.
    private var transferStages: [String: TransferStep.Stage] = [:]
    /// Who is on hold or muted.
    private var standing = Standing()
    /// The commands that have no end, each with its name.
    private(set) var openCommands: [(id: String, name: String)] = []
    private var speechStartedAt: String?
    private var speechStoppedAt: String?
    private var firstKeyAt: String?
    private var lastKeyAt: String?

    private struct Called: Sendable, Equatable {
        var turn: Int
        var at: String
    }

    private enum Entry: Sendable, Equatable {
        case turn(Int)
        case use(Int)
    }

    /// Reads a session's transcript.
    static func read(_ session: String, from store: any CallStore) async throws -> Transcript {
        var transcript = Transcript(session: session, agent: try await store.session(session)?.agent ?? "")
        var last = 0
        while case let page = try await store.events(of: session, after: last, limit: 500), let newest = page.last {
            for event in page { try transcript.take(event) }
            last = newest.seq
        }
        return transcript
    }

    private init(session: String, agent: String) {
        self.session = session
        self.agent = agent
    }

    /// The fields of the events that make a transcript.
    private struct Fields: Decodable {
        var type: String
        var timestamp: String
        var turn: Int?
        var text: String?
        var digits: String?
        var complete: Bool?
        var reason: String?
        var unfinished: Bool?
        var cause: String?
        var side: MuteSide?
        var muted: Bool?
    }

    private mutating func take(_ event: StoredEvent) throws {
        guard
            [
                "voice.s", "voice.assistant", "voice.dtmf", "voice.barge_in", "voice.tool", "voice.hold", "voice.mute", "voice.command",
                TransferHistory.eventType,
            ].contains(where: event.type.hasPrefix)
        else { return }
        let fields = try JSONDecoder().decode(Fields.self, from: Data(event.json.utf8))
        lastAt = fields.timestamp
        switch fields.type {
        case "voice.session.interrupted": interruption = fields.reason
        case "voice.tool.called": try noteCall(event)
        case "voice.tool.finished": try noteOutcome(event)
        case "voice.speech.started": speechStartedAt = fields.timestamp
        case "voice.speech.stopped": speechStoppedAt = fields.timestamp
        case "voice.stt.final": append(fields, role: .caller, startedAt: speechStartedAt, endedAt: speechStoppedAt)
        case "voice.dtmf":
            firstKeyAt = firstKeyAt ?? fields.timestamp
            lastKeyAt = fields.timestamp
        case "voice.dtmf.entered":
            append(fields, role: .caller, startedAt: firstKeyAt, endedAt: lastKeyAt)
            firstKeyAt = nil
        case "voice.assistant.text": append(fields, role: .assistant, startedAt: nil, endedAt: nil)
        case "voice.barge_in": settle(fields.turn)
        case TransferHistory.eventType: try noteTransfer(event)
        case "voice.command.accepted", "voice.command.finished": try noteCommand(event)
        case "voice.hold.started": standing.isOnHold = ["command", "key"].contains(fields.cause)
        case "voice.hold.ended": standing.isOnHold = false
        case "voice.mute.changed":
            guard let side = fields.side else { break }
            // A tool's mute ends with the tool, which the loss of the line cuts.
            if fields.muted == true, fields.cause != "tool" { standing.mutes.insert(side) } else { standing.mutes.remove(side) }
        case "voice.assistant.heard": noteHeard(fields)
        default: break
        }
    }

    private mutating func append(_ fields: Fields, role: ConversationTurn.Role, startedAt: String?, endedAt: String?) {
        guard let turn = fields.turn, let text = fields.text ?? fields.digits else { return }
        let now = fields.timestamp
        let heard = role == .caller ? text : ""
        order.append(.turn(turns.count))
        turns.append(
            Turn(
                turn: turn,
                role: role,
                text: text,
                heard: heard,
                isSettled: cutTurns.contains(turn),
                isUnfinished: fields.unfinished == true,
                startedAt: startedAt ?? now,
                endedAt: endedAt ?? now
            )
        )
    }

    private mutating func noteHeard(_ fields: Fields) {
        guard let index = turns.lastIndex(where: { $0.role == .assistant && $0.turn == fields.turn }) else { return }
        turns[index].heard = fields.text ?? ""
        if fields.complete == true { turns[index].isSettled = true }
        turns[index].endedAt = fields.timestamp
    }

    /// The caller took the turn; an answer that was still being made is told after that.
    private mutating func settle(_ turn: Int?) {
        guard let turn else { return }
        cutTurns.insert(turn)
        for index in turns.indices where turns[index].role == .assistant && turns[index].turn == turn { turns[index].isSettled = true }
    }

    private struct TransferFields: Decodable {
        var transfer: String
        var stage: TransferStep.Stage
    }

    private mutating func noteTransfer(_ event: StoredEvent) throws {
        let fields = try JSONDecoder().decode(TransferFields.self, from: Data(event.json.utf8))
        transferStages[fields.transfer] = fields.stage
    }

    private struct CommandFields: Decodable {
        var command_id: String
        var command: String
    }

    private mutating func noteCommand(_ event: StoredEvent) throws {
        let fields = try JSONDecoder().decode(CommandFields.self, from: Data(event.json.utf8))
        openCommands.removeAll { $0.id == fields.command_id }
        if event.type == "voice.command.accepted" { openCommands.append((fields.command_id, fields.command)) }
    }

    /// The fields of the events that tell of tools.
    private struct ToolFields: Decodable {
        var timestamp: String
        var turn: Int?
        var tool_call_id: String
        var name: String
        var arguments: JSONValue?
        var status: ToolOutcome.Status?
        var result: String?
        var attachment: String?
    }

    private mutating func noteCall(_ event: StoredEvent) throws {
        let fields = try JSONDecoder().decode(ToolFields.self, from: Data(event.json.utf8))
        let arguments = try fields.arguments.map { try $0.string ?? $0.text() } ?? "{}"
        order.append(.use(uses.count))
        let call = ToolCall(id: fields.tool_call_id, name: fields.name, arguments: arguments, attachment: fields.attachment)
        uses.append(ToolUse(call))
        calls.append(Called(turn: fields.turn ?? 0, at: fields.timestamp))
    }

    private mutating func noteOutcome(_ event: StoredEvent) throws {
        let fields = try JSONDecoder().decode(ToolFields.self, from: Data(event.json.utf8))
        guard let index = uses.lastIndex(where: { $0.call.id == fields.tool_call_id }), let status = fields.status else { return }
        uses[index].outcome = ToolOutcome(status, fields.result ?? "")
    }

    /// The tools that were called and whose end is not written, each with the outcome that is known of it.
    var cutTools: [CutTool] {
        zip(uses, calls).compactMap { use, called in
            guard use.outcome == nil else { return nil }
            // Nothing is known after the last event.
            let sinceUs = Timestamp.microseconds(called.at).flatMap { start in lastAt.flatMap(Timestamp.microseconds).map { $0 - start } }
            return CutTool(use: known(use), turn: called.turn, tookMs: max(0, sinceUs ?? 0) / 1_000)
        }
    }

    /// What a server cut that died: a transfer that Twilio goes on with, or that somebody has accepted, goes on without it.
    var eventsCutByServer: [CallEvent] {
        let isAway = interruption == LineLoss.transferring.rawValue
        let goesOn = { (use: ToolUse) in
            use.call.name == BuiltInTool.transferCall.rawValue && (isAway || transferStages[use.call.id] == .accepted)
        }
        return ends { goesOn($0) }
    }

    /// The ends of tools and commands that have none, but for those that go on.
    func ends(unless goesOn: (ToolUse) -> Bool = { _ in false }) -> [CallEvent] {
        let kept = Set(uses.filter { $0.outcome == nil && goesOn($0) }.map(\.call.id))
        let tools = cutTools.filter { !kept.contains($0.use.call.id) }.map(\.event)
        let outcome = ToolOutcome(.unknown, "The line was lost while this was being done.")
        let commands = openCommands.filter { !kept.contains($0.id) }.map { CallEvent.commandFinished(id: $0.id, name: $0.name, outcome) }
        return tools + commands
    }

    /// What a call goes on from whose line was lost after all this.
    var resumption: Resumption {
        let conversation = order.compactMap { entry -> ConversationTurn? in
            switch entry {
            // What is answered anew is not also remembered by its beginning.
            case .turn(let index):
                turns[index].heard.isEmpty || (turns[index].isUnfinished && index == turns.count - 1)
                    ? nil : ConversationTurn(role: turns[index].role, text: turns[index].heard)
            case .use(let index): ConversationTurn(tool: known(uses[index]))
            }
        }
        var resumption = Resumption(conversation: conversation, lastTurn: turns.map(\.turn).max() ?? 0, debt: debt)
        resumption.standing = standing
        resumption.isExpected = interruption.flatMap(LineLoss.init).map { $0.patience > .zero } ?? false
        return resumption
    }

    /// The newest transfer of which it is not known what came of it.
    var openTransfer: (call: ToolCall, turn: Int, calledAt: Int)? {
        guard let index = uses.lastIndex(where: { $0.outcome == nil && $0.call.name == BuiltInTool.transferCall.rawValue }) else { return nil }
        return (uses[index].call, calls[index].turn, Timestamp.microseconds(calls[index].at) ?? Timestamp.now)
    }

    private var debt: Resumption.Debt {
        switch turns.last {
        case let last? where last.role == .caller: .reply(turn: last.turn)
        case let last? where last.isUnfinished:
            // Not said again as it was: the rest of it was never made.
            turns.contains { $0.role == .caller && $0.turn == last.turn } ? .reply(turn: last.turn) : .followUp
        case _ where isToolUnanswered: .followUp
        case let last? where !last.isSettled: .answer(last.text)
        default: .nothing
        }
    }

    /// Whether the last thing that happened is a tool's, of which the caller has heard nothing.
    private var isToolUnanswered: Bool {
        guard case .use(let index)? = order.last else { return false }
        return uses[index].outcome?.status != .cancelled && uses[index].call.name != BuiltInTool.endCall.rawValue
    }

    /// A use as the assistant knows it: one that the server's death cut off is not repeated.
    private func known(_ use: ToolUse) -> ToolUse {
        guard use.outcome == nil else { return use }
        var use = use
        if let stage = transferStages[use.call.id], [.placed, .ringing, .answered].contains(stage) || stage.isFinal {
            use.outcome = ToolOutcome(.cancelled, "the line was lost first: the caller was not put through, and nobody is being called any more")
            return use
        }
        use.outcome =
            use.call.name == BuiltInTool.endCall.rawValue
            ? ToolOutcome(.cancelled, "the line was lost first; the call goes on")
            : ToolOutcome(.unknown, "the line was lost while this ran: it may have happened; ask the caller before doing it again")
        return use
    }

    /// CONTRACT's shape.
    var json: JSONValue {
        let list = turns.map { turn in
            JSONValue.object([
                "turn": .number(turn.turn), "role": .string(turn.role.rawValue), "text": .string(turn.text), "heard": .string(turn.heard),
                "started_at": .string(turn.startedAt), "ended_at": .string(turn.endedAt),
            ])
        }
        return .object(["session_id": .string(session), "agent": .text(agent.isEmpty ? nil : agent), "turns": .array(list)])
    }
}

/// A tool that was running when its server died or its line was lost for good.
struct CutTool: Sendable, Equatable {
    /// The use, with its outcome.
    var use: ToolUse
    /// The turn whose answer called it.
    var turn: Int
    /// How long it ran, as far as is known.
    var tookMs: Int

    /// The end of the tool, as the event stream has it.
    var event: CallEvent { .toolFinished(use, turn: turn, tookMs: tookMs) }
}
