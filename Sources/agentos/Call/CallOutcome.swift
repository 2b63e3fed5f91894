import Twilio
import TwilioTwin

/// Decides which of the caller's utterances were answered, from what the caller heard and from the server's events.
///
/// By ear alone "Are you still there?" would count as an answer. So if the server's events can be read, they must agree.
struct CallOutcome {
    /// An utterance without an answer.
    struct Unanswered: Equatable {
        /// 1 for the first.
        var number: Int
        var label: String
        var reason: String
    }

    /// What the caller was to say, in order.
    let utterances: [String]
    /// How many clips have begun; one that is said again after a lost line begins twice.
    private var begun = 0
    /// The turns that the server recognised in each clip, and the turns that it answered.
    private var turns: [Int: Set<Int>] = [:]
    private var answered: Set<Int> = []
    /// Whether the server's events can be read.
    private var isTold = false

    /// Makes the outcome of a call that has not begun.
    init(utterances: [String]) {
        self.utterances = utterances
    }

    /// Takes what the caller did.
    mutating func take(_ kind: TwinEvent.Kind) {
        if case .callerSpeaks = kind { begun += 1 }
    }

    /// Takes what the server told.
    mutating func take(_ event: ServerEvent) {
        isTold = isTold || event.type.hasPrefix("voice.")
        guard let turn = event.turn else { return }
        switch event.type {
        case "voice.stt.final": turns[begun, default: []].insert(turn)
        case "voice.assistant.text": answered.insert(turn)
        default: break
        }
    }

    /// The utterances without an answer, with the reason.
    func unanswered(in report: TwinCallReport) -> [Unanswered] {
        var last = 0
        // Where each utterance was said for the last time.
        let places = report.turns.indices.filter { !report.turns[$0].isSaidAgain || $0 == report.turns.count - 1 }
        return utterances.enumerated().compactMap { index, label in
            guard index < places.count else {
                return Unanswered(number: index + 1, label: label, reason: "it was not said, since \(report.ending.words)")
            }
            let attempts = last...places[index]
            last = places[index] + 1
            let isPutThrough = report.ending == .transferred || (report.ending == .hangup && !report.bridges.isEmpty)
            let isEnd = index == places.count - 1 && isPutThrough
            return isEnd ? nil : reason(attempts, in: report).map { Unanswered(number: index + 1, label: label, reason: $0) }
        }
    }

    /// Why there was no answer to what was said in these clips; nil where there was one.
    private func reason(_ attempts: ClosedRange<Int>, in report: TwinCallReport) -> String? {
        let made = attempts.reduce(into: Set<Int>()) { $0.formUnion(turns[$1 + 1] ?? []) }
        if isTold, made.isEmpty { return "the server recognised no words" }
        if isTold, made.isDisjoint(with: answered) { return "the server made no answer" }
        let isTwoWay = report.verbs.contains { if case .connect = $0 { true } else { false } }
        // On a one-way stream the caller hears nothing; what the server told is all there is.
        guard isTwoWay || !isTold, !report.turns[attempts].contains(where: { $0.responseMs != nil }) else { return nil }
        return "the caller heard no answer"
    }
}
