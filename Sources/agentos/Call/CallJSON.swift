import Engines
import Foundation
import Twilio
import TwilioTwin

/// A call as JSON lines: `type`, `at_ms`, and the fields that docs/reference.md lists for the type.
enum CallJSON {
    /// A line of one type.
    static func line(_ type: String, atMs: Int, _ fields: [String: JSONValue]) -> String? {
        try? JSONValue.object(fields.merging(["type": .string(type), "at_ms": .number(atMs)]) { _, own in own }).text()
    }

    /// An event of the server as it is, with the time at which it came; nil for what is no JSON object.
    static func line(serverEvent json: String, atMs: Int) -> String? {
        guard case .object(let fields)? = try? JSONValue(parsing: json) else { return nil }
        return try? JSONValue.object(fields.merging(["at_ms": .number(atMs)]) { _, own in own }).text()
    }

    /// What came of the call.
    static func fields(of report: TwinCallReport, latency: LatencyTable, unanswered: [CallOutcome.Unanswered]) -> [String: JSONValue] {
        [
            "call_sid": .string(report.callSid), "ending": .string(report.ending.rawValue), "duration_ms": .number(report.durationMs),
            "turns": value(report.turns), "totals": value(report.totals), "latency": value(latency),
            "streams": .array(report.streams.map { .object(fields(of: $0)) }),
            "dialled": .array(report.dialled.map(JSONValue.string)), "legs": value(report.legs), "bridges": value(report.bridges),
            "transfers": .array(report.transfers.map(JSONValue.string)), "keys_sent": .array(report.keysSent.map(JSONValue.string)),
            "faults": .array(report.faults.map { .object(fields(of: $0)) }), "failures": .array(report.failures.map { .object(fields(of: $0)) }),
            "unanswered": .array(
                unanswered.map { .object(["utterance": .number($0.number), "label": .string($0.label), "reason": .string($0.reason)]) }
            ),
        ]
    }

    fileprivate static func fields(of ending: StreamEnding) -> [String: JSONValue] {
        let name: [String: JSONValue] = ["ending": .string(ending.name)]
        return switch ending {
        case .serverClosed(let code?): name.merging(["code": .number(code)]) { $1 }
        case .socketLost(let why): name.merging(["reason": .string(why)]) { $1 }
        case .serverClosed, .notConnected, .callerCutSocket, .callerHungUp, .callUpdated, .callEnded: name
        }
    }

    fileprivate static func fields(of fault: TwilioFault) -> [String: JSONValue] {
        ["code": .number(fault.code), "message": .string(fault.message)]
    }

    fileprivate static func fields(of failure: TwinError) -> [String: JSONValue] {
        ["code": .string(failure.code.rawValue), "message": .string(failure.message)]
            .merging(failure.status.map { ["status": .number($0)] } ?? [:]) { $1 }
    }

    /// Any value with its names in snake case.
    private static func value(_ value: some Encodable) -> JSONValue {
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        return (try? encoder.encode(value)).flatMap { try? JSONDecoder().decode(JSONValue.self, from: $0) } ?? .null
    }
}

extension TwinEvent.Kind {
    /// The event's type in JSON; an event of the server has its own.
    var type: String {
        switch self {
        case .webhookAnswered: "call.webhook_answered"
        case .webhookRetried: "call.webhook_retried"
        case .verb: "call.verb"
        case .updated: "call.updated"
        case .dialed: "call.dialed"
        case .leg(let event): event.type
        case .keysSent: "call.keys_sent"
        case .streamConnected: "call.stream_connected"
        case .callerSpeaks: "call.caller_speaks"
        case .callerFinished: "call.caller_finished"
        case .callerPressed: "call.caller_pressed"
        case .callerGaveUp: "call.caller_gave_up"
        case .agentSpeaks: "call.agent_speaks"
        case .agentQuiet: "call.agent_quiet"
        case .markReturned: "call.mark_returned"
        case .cleared: "call.cleared"
        case .fault: "call.fault"
        case .serverEvent: "call.server_event"
        case .streamEnded: "call.stream_ended"
        case .failure: "call.failure"
        case .callEnded: "call.ended"
        }
    }

    /// The fields of the type.
    var fields: [String: JSONValue] {
        switch self {
        case .webhookAnswered(let url, let status, let afterMs):
            ["url": .string(url), "status": .number(status), "after_ms": .number(afterMs)]
        case .webhookRetried(let url): ["url": .string(url)]
        case .verb(let verb): verb.fields
        case .updated(let update): update.fields
        case .dialed(let party, let outcome):
            ["party": .string(party), "status": .string(outcome.status), "is_answered": .bool(outcome.isBridged)]
        case .leg(let event): event.fields
        case .keysSent(let digits): ["digits": .string(digits)]
        case .streamConnected(let url, let streamSid): ["url": .string(url), "stream_sid": .string(streamSid)]
        case .callerSpeaks(let label), .callerFinished(let label): ["label": .string(label)]
        case .callerPressed(let digit): ["digit": .string(String(digit))]
        case .callerGaveUp(let reason): ["reason": .string(reason)]
        case .agentSpeaks(let responseMs): responseMs.map { ["response_ms": .number($0)] } ?? [:]
        case .agentQuiet: [:]
        case .markReturned(let name, let cleared): ["name": .string(name), "is_cleared": .bool(cleared)]
        case .cleared(let droppedMs): ["dropped_ms": .number(droppedMs)]
        case .fault(let fault): CallJSON.fields(of: fault)
        case .serverEvent(let json): ["event": (try? JSONValue(parsing: json)) ?? .string(json)]
        case .streamEnded(let ending): CallJSON.fields(of: ending)
        case .failure(let failure): CallJSON.fields(of: failure)
        case .callEnded(let ending): ["ending": .string(ending.rawValue)]
        }
    }
}

extension TwiML.Verb {
    fileprivate var fields: [String: JSONValue] {
        switch self {
        case .say(let text, _, _): ["verb": .string("say"), "text": .string(text)]
        case .play(let url, let loop): ["verb": .string("play"), "url": .string(url), "loop": .number(loop)]
        case .playDigits(let digits): ["verb": .string("play_digits"), "digits": .string(digits)]
        case .pause(let seconds): ["verb": .string("pause"), "seconds": .number(seconds)]
        case .connect(let stream): ["verb": .string("connect"), "url": .string(stream.url)]
        case .start(let stream): ["verb": .string("start"), "url": .string(stream.url)]
        case .dial(let dial): ["verb": .string("dial"), "parties": .array(dial.parties.map { .string($0.address) })]
        case .gather(let gather):
            ["verb": .string("gather"), "says": .array(gather.verbs.compactMap { if case .say(let text, _, _) = $0 { .string(text) } else { nil } })]
        case .redirect(let url, _): ["verb": .string("redirect"), "url": .string(url)]
        case .hangup: ["verb": .string("hangup")]
        case .reject: ["verb": .string("reject")]
        }
    }
}

extension CallUpdate {
    fileprivate var fields: [String: JSONValue] {
        switch self {
        case .document: ["update": .string("document")]
        case .fetch(let url, _): ["update": .string("fetch"), "url": .string(url)]
        case .complete: ["update": .string("complete")]
        case .cancel: ["update": .string("cancel")]
        }
    }
}
