import Conversation
import Logging

/// The log's debug lines about a call: one for each turn, and one for each decision about other sounds.
struct TurnNotes {
    /// A line of the log.
    struct Line: Equatable {
        var message: String
        var fields: [String: String]
    }

    /// The fields that hold what somebody said.
    static let wordKeys: Set<String> = ["asked", "said", "heard", "words"]

    private var asked: [Int: String] = [:]
    private var said: [Int: String] = [:]
    private var fillers: [Int: Int] = [:]
    private var times: [Int: TurnMetrics] = [:]
    private var cutAtMs: [Int: Int] = [:]

    /// Takes note of an event; returns the line it completes.
    mutating func line(for event: CallEvent) -> Line? {
        switch event {
        case .final(let text, let turn, _, _), .keyed(let text, let turn): asked[turn] = text
        case .assistantFiller(_, let turn): fillers[turn, default: 0] += 1
        case .assistantText(let text, let turn), .assistantCut(let text, let turn): said[turn] = text
        case .turnMetrics(let metrics): times[metrics.turn] = metrics
        case .bargeIn(let turn, let playedMs): cutAtMs[turn] = playedMs
        case .assistantHeard(let text, let turn, let isComplete): return answered(turn, heard: text, isComplete: isComplete)
        case .dismissed(let text, let audioMs, let reason):
            return Line(message: "Sound is no turn", fields: ["reason": reason.rawValue, "audio_ms": "\(audioMs)", "words": text])
        case .assistantPaused(let turn, let playedMs):
            return Line(message: "The answer waits: somebody may be speaking", fields: ["turn": "\(turn)", "played_ms": "\(playedMs)"])
        case .assistantResumed(let turn, let fromMs):
            return Line(message: "The answer goes on: nobody spoke", fields: ["turn": "\(turn)", "from_ms": "\(fromMs)"])
        case .toolFinished(let use, let turn, let tookMs):
            let status = use.outcome?.status.rawValue ?? "none"
            return Line(message: "A tool ended", fields: ["turn": "\(turn)", "tool": use.call.name, "status": status, "took_ms": "\(tookMs)"])
        case .stopped(let reason): return Line(message: "The call has ended", fields: ["reason": reason])
        case .commandFinished(_, let name, let outcome):
            return Line(message: "A command ended", fields: ["command": name, "status": outcome.status.rawValue, "result": outcome.text])
        case .holdStarted(let cause): return Line(message: "The caller is on hold", fields: ["cause": cause.rawValue])
        case .holdEnded(let cause, let heldMs):
            return Line(message: "The hold is over", fields: ["cause": cause.rawValue, "held_ms": "\(heldMs)"])
        case .muteChanged(let side, let isMuted, _):
            return Line(message: isMuted ? "A side was muted" : "A side was unmuted", fields: ["side": side.rawValue])
        case .transfer(let step):
            let fields = ["destination": step.destination, "party": "\(step.party)", "stage": step.stage.rawValue]
            return Line(message: "A step of a transfer", fields: fields)
        case .active, .speechStarted, .speechStopped, .partial, .toolCalled, .digit, .error, .commandAccepted: break
        }
        return nil
    }

    private mutating func answered(_ turn: Int, heard: String, isComplete: Bool) -> Line {
        var fields = ["turn": "\(turn)", "heard": heard, "complete": "\(isComplete)"]
        fields["asked"] = asked.removeValue(forKey: turn)
        fields["said"] = said.removeValue(forKey: turn)
        fields["fillers"] = fillers.removeValue(forKey: turn).map(String.init)
        fields["cut_at_ms"] = cutAtMs.removeValue(forKey: turn).map(String.init)
        if let times = times.removeValue(forKey: turn) {
            fields["endpoint_ms"] = "\(times.endpointMs)"
            fields["stt_ms"] = "\(times.sttMs)"
            fields["first_token_ms"] = "\(times.chatFirstTokenMs)"
            fields["first_audio_ms"] = "\(times.ttsFirstAudioMs)"
            fields["response_ms"] = "\(times.responseMs)"
            fields["wire_ms"] = times.wireMs.map(String.init)
        }
        let cut = fields["cut_at_ms"] == nil ? "An answer was cut" : "An answer was interrupted"
        return Line(message: isComplete ? "A turn was answered" : cut, fields: fields)
    }
}
