import TestSupport

@testable import Conversation

/// Throws events at a machine in a random order and looks whether what must hold does.
struct Disorder {
    private var random: SeededRandom
    private var call: MachineDriver
    private(set) var faults: [String] = []

    private var recognising: [Int] = []
    private var marks: [String] = ["t1.g1.200", "foreign"]
    private var speech: Float = 0
    private var windowsLeft = 0
    private var seen = 0

    private var turn = 0
    private var openTurn: Int?
    private var toldTurn: Int?
    private var recognised: Set<Int> = []
    private var silentTurns: Set<Int> = []
    private var isStopped = false
    private var isFinished = false
    private let isFixed: Bool

    init(seed: Int) {
        random = SeededRandom(seed: seed)
        let isFixed = random.once(in: 6)
        self.isFixed = isFixed
        call = MachineDriver { $0.turns.segmentation = isFixed ? .fixed : .turns }
    }

    /// A call of some hundred events, its end at a random one, and more events after it.
    mutating func run() {
        let count = Int.random(in: 50...300, using: &random)
        let endsAt = Int.random(in: 0..<count, using: &random)
        for index in 0..<count {
            if index == endsAt { call.end() }
            step()
            look()
        }
        if !call.machine.isListening, case .ending = call.machine.lifecycle {
            call.pass(ms: 20_000)
            look()
        }
        if !isFinished { faults.append("the call never finished") }
        if call.machine.nextDeadlineMs != nil { faults.append("a timer outlives the call") }
    }

    private mutating func step() {
        let turn = max(1, self.turn - (random.once(in: 5) ? 1 : 0))
        switch Int.random(in: 0..<20, using: &random) {
        case 0..<8: voice()
        case 8, 9: recognise()
        case 10, 11:
            let text = ["Yes", ". ", "No. ", "", " and so on", "!"].randomElement(using: &random) ?? ""
            call.perform { $0.token(turn: turn, text, nowMs: $1) }
        case 12:
            let failure = random.once(in: 4) ? "failed" : nil
            call.perform { $0.answered(turn: turn, failure: failure, nowMs: $1) }
        case 13, 14:
            let chunk = SpeechChunk(samples: [Int16](repeating: Int16(turn), count: Int.random(in: 0...3000, using: &random)))
            call.perform { $0.speech(turn: turn, chunk, nowMs: $1) }
        case 15:
            let failure = random.once(in: 4) ? "failed" : nil
            call.perform { $0.spoken(turn: turn, failure: failure, nowMs: $1) }
        case 16:
            let name = marks.randomElement(using: &random) ?? ""
            call.perform { $0.mark(name, nowMs: $1) }
        case 17: call.perform { machine, _ in machine.digit("7") }
        case 18: call.perform { $0.timer(nowMs: $1) }
        default:
            // Marks come back in time, or are lost.
            if random.once(in: 3) { _ = call.farEnd.echoesDue(nowMs: .max) }
            call.pass(ms: Int.random(in: 0...2000, using: &random))
        }
    }

    private mutating func voice() {
        for _ in 0..<Int.random(in: 1...16, using: &random) {
            if windowsLeft == 0 {
                speech = speech == 0 ? 1 : 0
                windowsLeft = Int.random(in: 1...40, using: &random)
            }
            windowsLeft -= 1
            call.caller(speaks: speech == 1, ms: VoiceActivityWindow.milliseconds)
        }
    }

    private mutating func recognise() {
        guard let id = recognising.randomElement(using: &random) else { return }
        // Some come twice.
        if !random.once(in: 5) { recognising.removeAll { $0 == id } }
        let text = random.once(in: 4) ? "" : "words of \(id)"
        let failure = random.once(in: 8) ? "failed" : nil
        call.perform { $0.transcribed(utterance: id, failure == nil ? Transcription(text: text) : nil, failure: failure, nowMs: $1) }
    }

    /// Looks at what the machine has decided since the last look.
    private mutating func look() {
        for action in call.actions[seen...] { look(at: action) }
        seen = call.actions.count
    }

    private mutating func look(at action: CallAction) {
        if isFinished || (isStopped && action != .finish) { faults.append("after the stop: \(action)") }
        switch action {
        case .transcribe(let id, let fromMs, let toMs):
            if fromMs >= toMs { faults.append("an empty clip: \(fromMs)...\(toMs)") }
            recognising.append(id)
        case .ask(let turn, let conversation):
            if openTurn != nil, toldTurn != nil { faults.append("two answers at once: \(turn)") }
            if turn != self.turn { faults.append("an answer to turn \(turn) after turn \(self.turn)") }
            if conversation.last?.role != .caller { faults.append("the last word was not the caller's") }
            if !silentTurns.insert(turn).inserted { faults.append("turn \(turn) was asked twice") }
            openTurn = turn
        case .synthesize(let turn, let text):
            if turn != openTurn || text.isEmpty { faults.append("synthesis for turn \(turn)") }
        case .line(.clear): openTurn = openTurn.map { -$0 }
        case .line(.audio(let audio)):
            if openTurn ?? 0 <= 0 { faults.append("audio without an answer") }
            if audio.count != 160 { faults.append("a frame of \(audio.count) bytes") }
        case .line(.mark(let name)): marks.append(name)
        case .line(.hangUp): break
        case .emit(let event): look(at: event)
        case .finish:
            if !isStopped { faults.append("finished before the stop") }
            isFinished = true
        }
    }

    private mutating func look(at event: CallEvent) {
        switch event {
        case .final(let text, let turn, _, _):
            if turn != self.turn + 1 { faults.append("turn \(turn) after \(self.turn)") }
            if let id = Int(text.dropFirst("words of ".count)), !recognised.insert(id).inserted { faults.append("utterance \(id) twice") }
            self.turn = turn
        case .assistantText(_, let turn):
            if let toldTurn { faults.append("text of \(turn) before what was heard of \(toldTurn)") }
            toldTurn = turn
        case .assistantHeard(_, let turn, _):
            if toldTurn != turn { faults.append("heard of \(turn) after text of \(toldTurn ?? 0)") }
            toldTurn = nil
            openTurn = nil
        case .stopped:
            if let toldTurn { faults.append("stopped before what was heard of \(toldTurn)") }
            isStopped = true
        default: break
        }
    }
}
