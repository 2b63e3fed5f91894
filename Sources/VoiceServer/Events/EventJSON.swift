import Engines
import Conversation
import Foundation

/// The public shape of events and sessions as JSON.
enum EventJSON {
    /// An event's `type`.
    static func type(of event: ToldEvent) -> String {
        switch event {
        case .created: "voice.session.created"
        case .interrupted: "voice.session.interrupted"
        case .call(.active): "voice.session.active"
        case .call(.stopped): "voice.session.stopped"
        case .call(.speechStarted): "voice.speech.started"
        case .call(.speechStopped): "voice.speech.stopped"
        case .call(.partial): "voice.stt.partial"
        case .call(.final): "voice.stt.final"
        case .call(.dismissed): "voice.stt.dismissed"
        case .call(.assistantText), .call(.assistantCut): "voice.assistant.text"
        case .call(.assistantHeard): "voice.assistant.heard"
        case .call(.assistantFiller): "voice.assistant.filler"
        case .call(.toolCalled): "voice.tool.called"
        case .call(.toolFinished): "voice.tool.finished"
        case .call(.bargeIn): "voice.barge_in"
        case .call(.assistantPaused): "voice.assistant.paused"
        case .call(.assistantResumed): "voice.assistant.resumed"
        case .call(.digit): "voice.dtmf"
        case .call(.keyed): "voice.dtmf.entered"
        case .call(.commandAccepted): "voice.command.accepted"
        case .call(.commandFinished): "voice.command.finished"
        case .call(.holdStarted): "voice.hold.started"
        case .call(.holdEnded): "voice.hold.ended"
        case .call(.muteChanged): "voice.mute.changed"
        case .call(.transfer): TransferHistory.eventType
        case .call(.turnMetrics): "voice.turn.metrics"
        case .call(.error): "error"
        }
    }

    /// The whole event as a JSON object; `at` in microseconds since 1970.
    static func encode(_ event: ToldEvent, session: SessionRecord, seq: Int, at: Int) throws -> String {
        var object: [String: JSONValue] = [
            "type": .string(type(of: event)),
            "session_id": .string(session.id),
            "timestamp": .string(Timestamp.text(at)),
            "seq": .number(seq),
        ]
        object.merge(fields(of: event, session: session)) { own, _ in own }
        return try JSONValue.object(object).text()
    }

    private static func fields(of event: ToldEvent, session: SessionRecord) -> [String: JSONValue] {
        switch event {
        case .created, .call(.active):
            ["session": session.json]
        case .interrupted(let reason), .call(.stopped(let reason)):
            ["session": session.json, "reason": .string(reason)]
        case .call(.speechStarted(let audioMs)), .call(.speechStopped(let audioMs)):
            ["audio_ms": .number(audioMs)]
        case .call(.partial(let text, let turn, let audioMs, let confidence)), .call(.final(let text, let turn, let audioMs, let confidence)):
            ["text": .string(text), "turn": .number(turn), "audio_ms": .number(audioMs)]
                .merging(confidence.map { ["confidence": .real($0)] } ?? [:]) { first, _ in first }
        case .call(.dismissed(let text, let audioMs, let reason)):
            ["text": .string(text), "audio_ms": .number(audioMs), "reason": .string(reason.rawValue)]
        case .call(.toolCalled(let call, let turn)):
            call.jsonFields.merging(["turn": .number(turn)]) { own, _ in own }
        case .call(.toolFinished(let use, let turn, let tookMs)):
            use.jsonFields.merging(["turn": .number(turn), "took_ms": .number(tookMs)]) { own, _ in own }
        case .call(.assistantText(let text, let turn)), .call(.assistantFiller(let text, let turn)):
            ["text": .string(text), "turn": .number(turn)]
        case .call(.assistantCut(let text, let turn)):
            ["text": .string(text), "turn": .number(turn), "unfinished": .bool(true)]
        case .call(.assistantHeard(let text, let turn, let complete)):
            ["text": .string(text), "turn": .number(turn), "complete": .bool(complete)]
        case .call(.bargeIn(let turn, let playedMs)), .call(.assistantPaused(let turn, let playedMs)),
            .call(.assistantResumed(let turn, fromMs: let playedMs)):
            ["turn": .number(turn), "played_ms": .number(playedMs)]
        case .call(.digit(let digit)):
            ["digit": .string(String(digit))]
        case .call(.keyed(let digits, let turn)):
            ["digits": .string(digits), "turn": .number(turn)]
        case .call(.commandAccepted(let id, let command, let source)):
            ["command_id": .string(id), "command": .string(command.name), "by": .string(source.rawValue)]
                .merging(command.jsonFields) { own, _ in own }
        case .call(.commandFinished(let id, let name, let outcome)):
            ["command_id": .string(id), "command": .string(name), "status": .string(outcome.status.rawValue), "result": .string(outcome.text)]
        case .call(.holdStarted(let cause)):
            ["cause": .string(cause.rawValue)]
        case .call(.holdEnded(let cause, let heldMs)):
            ["cause": .string(cause.rawValue), "held_ms": .number(heldMs)]
        case .call(.muteChanged(let side, let isMuted, let cause)):
            ["side": .string(side.rawValue), "muted": .bool(isMuted), "cause": .string(cause.rawValue)]
        case .call(.transfer(let step)):
            [
                "transfer": .string(step.transfer), "destination": .string(step.destination), "party": .number(step.party),
                "stage": .string(step.stage.rawValue), "call_sid": .text(step.callID),
            ]
        case .call(.turnMetrics(let metrics)):
            metrics.jsonFields
        case .call(.error(let message, let stage)):
            ["error": .string(message), "stage": .string(stage)]
        }
    }
}

extension CallCommand {
    /// What the command is about, as events and requests tell it.
    var jsonFields: [String: JSONValue] {
        switch self {
        case .hold, .resume, .end: [:]
        case .mute(let side), .unmute(let side): ["side": .string(side.rawValue)]
        case .say(let text): ["text": .string(text)]
        case .digits(let digits): ["digits": .string(digits)]
        case .transfer(let destination): ["destination": .string(destination)]
        }
    }
}

extension ToolCall {
    /// The call as events tell it: the arguments as an object where they are one, else as the text that the assistant wrote.
    var jsonFields: [String: JSONValue] {
        let parsed = try? JSONValue(parsing: arguments)
        let isObject = if case .object? = parsed { true } else { false }
        var fields: [String: JSONValue] = [
            "tool_call_id": .string(id), "name": .string(name), "arguments": parsed.flatMap { isObject ? $0 : nil } ?? .string(arguments),
        ]
        // A call that goes on after a lost line sends it back to the service.
        if let attachment { fields["attachment"] = .string(attachment) }
        return fields
    }
}

extension ToolUse {
    /// The use as events tell it.
    var jsonFields: [String: JSONValue] {
        [
            "tool_call_id": .string(call.id), "name": .string(call.name), "status": .text(outcome?.status.rawValue),
            "result": .text(outcome?.text),
        ]
    }
}

extension TurnMetrics {
    fileprivate var jsonFields: [String: JSONValue] {
        var fields: [String: JSONValue] = [
            "turn": .number(turn), "endpoint": .number(endpointMs), "stt": .number(sttMs),
            "chat_first_token": .number(chatFirstTokenMs), "tts_first_audio": .number(ttsFirstAudioMs), "response": .number(responseMs),
        ]
        // On lines that echo no marks nobody knows what reached the caller's ear.
        if let wireMs { fields["wire"] = .number(wireMs) }
        if let atEarMs { fields["at_ear"] = .number(atEarMs) }
        return fields
    }
}

extension SessionRecord {
    /// The session as CONTRACT's object.
    var json: JSONValue {
        .object([
            "session_id": .string(id), "project_id": .string(projectID), "agent": .text(agent.isEmpty ? nil : agent),
            // The server places no calls.
            "direction": .string("inbound"), "provider": .string(provider),
            "stt_provider": .string(sttProvider), "transport": .string(transport),
            "transport_metadata": .object([
                "call_sid": .string(callID), "stream_sid": streamID.map(JSONValue.string) ?? .null,
                "from_number": .string(from), "to_number": .string(to),
            ]),
            "state": .string(state.rawValue),
            "interrupted": interruption.map {
                .object(["reason": .string($0), "since": .string(Timestamp.text(interruptedAt ?? lastActivityAt))])
            } ?? .null,
            "created_at": .string(Timestamp.text(createdAt)),
            "last_activity_at": .string(Timestamp.text(lastActivityAt)),
            "stopped_at": stoppedAt.map { .string(Timestamp.text($0)) } ?? .null,
            "stop_reason": stopReason.map(JSONValue.string) ?? .null,
            "metadata": .object(["streams": .number(streamCount), "resumes": .number(max(0, streamCount - 1))]),
        ])
    }
}
