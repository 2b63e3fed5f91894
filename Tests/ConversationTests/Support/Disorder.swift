import Audio
import TestSupport

@testable import Conversation

/// Throws events at a machine in a random order and looks whether what must hold does.
struct Disorder {
    private static let wordMs = 400
    /// Sound to cut words from, so that every place differs from every other.
    private static let samples: [Int16] = {
        var random = SeededRandom(seed: 1)
        return (0..<100_000).map { _ in Int16.random(in: .min ... .max, using: &random) }
    }()
    private static let encoded = MuLaw.encode(samples)

    private var random: SeededRandom
    private(set) var call: MachineDriver

    /// Transcriptions that may still come, be they wanted or not.
    private var recognising: [Int] = []
    /// Transcriptions and tools whose result has come, or is not wanted any more.
    private var settledTasks: Set<Int> = []
    private var settledTools: Set<String> = []
    private var marks: [String] = ["t1.g1.200", "foreign"]
    /// Marks whose audio has been cleared since.
    private var staleMarks: Set<String> = []
    private var speech: Float = 0
    private var windowsLeft = 0
    private var seen = 0
    /// The piece that the voice is making: its request, words not yet made, words made.
    private var voice: (id: Int, left: Int, made: Int)?
    /// All requests to the assistant and to the voice so far.
    private var asks: [Int] = []
    private var pieces: [Int] = []
    /// Tools that run, and how many were wanted so far.
    private var tools: [String] = []
    private var toolCount = 0
    /// Whether marks are thrown in before their time, in a few calls.
    private let hasFalseMarks: Bool
    private let losesMarks: Bool
    /// Whether assistant and voice work fast, so that many answers are heard, rather than at any odd time.
    private let isBrisk: Bool
    /// Whether the caller says little.
    private let isQuiet: Bool

    /// Whether commands are given.
    private let givesCommands: Bool
    private var commandCount = 0

    init(seed: Int, givesCommands: Bool = false) {
        self.givesCommands = givesCommands
        var random = SeededRandom(seed: seed)
        hasFalseMarks = random.once(in: 6)
        losesMarks = random.once(in: 4)
        isBrisk = !random.once(in: 3)
        isQuiet = random.once(in: 3)
        call = MachineDriver { configuration in
            configuration.turns.segmentation = random.once(in: 8) ? .fixed : .turns
            configuration.turns.previewEveryMs = random.once(in: 2) ? 800 : 1_000_000_000
            configuration.idlePromptMs = random.once(in: 3) ? nil : Int.random(in: 300...3000, using: &random)
            configuration.mostIdlePrompts = Int.random(in: 0...2, using: &random)
            configuration.interruptsOnDigits = !random.once(in: 4)
            configuration.greeting = random.once(in: 3) ? "Welcome to us. Speak after the tone." : nil
            configuration.greetingProtectedMs = random.once(in: 2) ? 0 : Int.random(in: 0...6000, using: &random)
            if random.once(in: 4) {
                let memory = [ConversationTurn(role: .caller, text: "Hello")]
                let debts: [Resumption.Debt] = [.nothing, .answer("It was this."), .reply(turn: 5)]
                configuration.resumption = Resumption(conversation: memory, lastTurn: 5, debt: debts[Int.random(in: 0...2, using: &random)])
            }
            configuration.longestCallMs = random.once(in: 3) ? Int.random(in: 0...60_000, using: &random) : nil
            configuration.timeLimitGoodbye = random.once(in: 4) ? nil : "Our time is up. Goodbye."
            configuration.recognitionLimitMs = Int.random(in: 1000...15_000, using: &random)
            if random.once(in: 2) { Self.addTools(&configuration, &random) }
            configuration.silence.fillerAfterMs = random.once(in: 2) ? Int.random(in: 500...5000, using: &random) : nil
            configuration.silence.giveUpAfterMs = Int.random(in: 1000...20_000, using: &random)
            configuration.silence.speechLimitMs = Int.random(in: 1000...20_000, using: &random)
            configuration.silence.toolLimitMs = Int.random(in: 1000...20_000, using: &random)
            guard givesCommands else { return }
            configuration.hold.sound = HoldConfiguration.Sound.allCases.randomElement(using: &random) ?? .silence
            configuration.hold.line = random.once(in: 3) ? "" : "Thank you for holding."
            configuration.hold.lineEveryMs = Int.random(in: 1000...10_000, using: &random)
            configuration.hold.limitMs = Int.random(in: 1000...30_000, using: &random)
            configuration.hold.transferLimitMs = Int.random(in: 1000...30_000, using: &random)
            configuration.hold.keys = ["5": .hold, "6": .mute(.caller)]
            if random.once(in: 2) { configuration.waiting = ["desk": .ringing] }
            configuration.tools[BuiltInTool.holdCall.rawValue] = ToolPlan(.hold)
            configuration.tools[BuiltInTool.muteCaller.rawValue] = ToolPlan(.mute)
            configuration.resumption?.standing = Standing(isOnHold: random.once(in: 3), mutes: random.once(in: 3) ? [.agent] : [])
        }
        call.echoDelayMs = random.once(in: 2) ? 0 : Int.random(in: 0...150, using: &random)
        // A line that is taken for one that echoes, and is none, is heard nothing of.
        call.echoesMarks = hasFalseMarks || !random.once(in: 6)
        self.random = random
    }

    private static func addTools(_ configuration: inout CallMachine.Configuration, _ random: inout SeededRandom) {
        configuration.tools = [
            "find": ToolPlan(.service, filler: random.once(in: 2) ? "Let me look." : nil), BuiltInTool.endCall.rawValue: ToolPlan(.endCall),
            BuiltInTool.transferCall.rawValue: ToolPlan(.transfer), BuiltInTool.sendDTMF.rawValue: ToolPlan(.digits),
        ]
        if random.once(in: 2) { configuration.silence.lastResort = .transfer("desk") }
    }

    /// What did not hold.
    var faults: [String] { call.rules.faults }

    /// A call of some hundred events, its end at a random one, and more events after it.
    mutating func run() {
        let count = Int.random(in: 50...300, using: &random)
        let endsAt = Int.random(in: 0..<count, using: &random)
        call.perform { $0.begin(nowMs: $1) }
        look()
        for index in 0..<count {
            if index == endsAt { end() }
            step()
            look()
            if isBrisk, random.once(in: 2) { finishWork() }
            // One fault leads to others.
            guard faults.isEmpty else { return }
        }
        if !call.rules.isFinished { pass(ms: 20_000) }
        look()
        if !call.rules.isFinished { call.rules.fault("the call never finished") }
    }

    private mutating func end() {
        call.rules.isEnding = true
        call.end()
    }

    private mutating func obey() {
        let commands: [CallCommand] = [
            .hold, .hold, .resume, .resume, .resume, .mute(.caller), .unmute(.caller), .mute(.agent), .unmute(.agent), .unmute(.agent),
            .say("The operator says this."), .digits("12"), .transfer(destination: "desk"),
        ]
        guard let command = commands.randomElement(using: &random) else { return }
        commandCount += 1
        let id = "command\(commandCount)"
        call.perform { $0.obey(command, id: id, nowMs: $1) }
        look()
    }

    private mutating func step() {
        if givesCommands, random.once(in: 25) { obey() }
        switch Int.random(in: 0..<26, using: &random) {
        case 24: want()
        case 25: finishTool()
        case 0..<8: if !isQuiet || random.once(in: 20) { hear() }
        case 8..<11: recognise()
        case 11, 12: think()
        case 13, 14: speak()
        case 15, 16: finishSpeaking()
        case 17: mark()
        case 18:
            if random.once(in: 8) { call.perform { $0.digit("7", nowMs: $1) } }
            if givesCommands, random.once(in: 4) { call.perform { $0.digit("5", nowMs: $1) } }
            if givesCommands, random.once(in: 8) { call.perform { $0.digit("6", nowMs: $1) } }
        case 19: if random.once(in: 8) { call.perform { $0.digit("#", nowMs: $1) } }
        case 20: call.perform { $0.timer(nowMs: $1) }
        case 21: if random.once(in: 20) { call.perform { machine, _ in machine.voiceFailed("broken") } }
        default: pass(ms: Int.random(in: 0...(random.once(in: 10) ? 20_000 : 2000), using: &random))
        }
    }

    /// Assistant and voice have done all that they were asked for.
    private mutating func finishWork() {
        let ask = asks.last ?? 0
        call.perform { $0.token(ask: ask, "Good. Is it so? It is well as it is and will be.", nowMs: $1) }
        look()
        if givesCommands, random.once(in: 3) { want() }
        call.perform { $0.answered(ask: ask, nowMs: $1) }
        look()
        while !tools.isEmpty { finishTool() }
        while voice != nil { finishSpeaking() }
    }

    private mutating func pass(ms: Int) {
        if losesMarks, random.once(in: 3), call.farEnd.nextEchoAtMs != nil {
            _ = call.farEnd.echoesDue(nowMs: .max)
            call.rules.isEarUnknown = true
        }
        call.pass(ms: ms)
    }

    private mutating func hear() {
        for _ in 0..<Int.random(in: 1...16, using: &random) {
            if windowsLeft == 0 {
                speech = speech == 0 ? 1 : 0
                windowsLeft = Int.random(in: speech == 1 && random.once(in: 2) ? 3...8 : 1...40, using: &random)
            }
            windowsLeft -= 1
            call.caller(speaks: speech == 1, ms: VoiceActivityWindow.milliseconds)
            if call.machine.detector.voicing != nil { call.rules.lastVoiceMs = call.nowMs }
        }
    }

    private mutating func recognise() {
        guard let id = recognising.randomElement(using: &random) else { return }
        // Some come twice.
        if !random.once(in: 5) { recognising.removeAll { $0 == id } }
        let texts = ["", "", "w\(id)", "I would like w\(id)", "we go to w\(id) and", "okay", "mm-hm", "stop w\(id)", "w\(id) four five"]
        let text = texts.randomElement(using: &random) ?? ""
        let failure = random.once(in: 8) ? "failed" : nil
        call.rules.transcribed(id)
        let transcription = failure == nil ? Transcription(text: text, processing: .milliseconds(Int.random(in: 0...300, using: &random))) : nil
        result(isWanted: settledTasks.insert(id).inserted) { $0.transcribed(task: id, transcription, failure: failure, nowMs: $1) }
    }

    /// The newest request of a list, or, now and then, one that is long over; 0 while there is none.
    private mutating func some(_ requests: [Int]) -> Int {
        (random.once(in: 4) ? requests.randomElement(using: &random) : requests.last) ?? 0
    }

    /// The result of a request has come; where nobody waits for it, nothing may follow from it.
    private mutating func result(isWanted: Bool, _ event: (inout CallMachine, Int) -> [CallAction]) {
        let actions = call.perform(event)
        if !isWanted, !actions.isEmpty { call.rules.fault("a result nobody waited for led to \(actions)") }
        look()
    }

    private mutating func think() {
        let ask = some(asks)
        let isWanted = call.machine.wants(ask: ask)
        if random.once(in: 3) {
            let failure = random.once(in: 4) ? "failed" : nil
            result(isWanted: isWanted) { $0.answered(ask: ask, failure: failure, nowMs: $1) }
        } else {
            let text = ["Yes ", "no. ", "Really? ", "", " and so on ", "it is. ", "... "].randomElement(using: &random) ?? ""
            result(isWanted: isWanted) { $0.token(ask: ask, text, nowMs: $1) }
        }
    }

    private mutating func want() {
        guard !call.machine.configuration.tools.isEmpty else { return }
        toolCount += random.once(in: 10) ? 0 : 1
        let names =
            [
                "find", "find", "find", "nonsense", BuiltInTool.endCall.rawValue, BuiltInTool.transferCall.rawValue, BuiltInTool.sendDTMF.rawValue,
            ] + (givesCommands ? [BuiltInTool.holdCall.rawValue, BuiltInTool.muteCaller.rawValue] : [])
        let wanted = ToolCall(id: "c\(toolCount)", name: names.randomElement(using: &random) ?? "find", arguments: "{\"destination\":\"desk\"}")
        let ask = some(asks)
        result(isWanted: call.machine.wants(ask: ask)) { $0.toolRequested(ask: ask, wanted, nowMs: $1) }
    }

    private mutating func finishTool() {
        guard let id = tools.randomElement(using: &random) else { return }
        if !random.once(in: 5) { tools.removeAll { $0 == id } }
        let status = random.once(in: 2) ? .done : ToolOutcome.Status.allCases.randomElement(using: &random) ?? .done
        result(isWanted: settledTools.insert(id).inserted) { $0.toolFinished(id, ToolOutcome(status, "outcome"), nowMs: $1) }
    }

    private mutating func speak() {
        guard let voice, voice.left > 0, !random.once(in: 4) else { return speakInVain() }
        say(words: Int.random(in: 1...voice.left, using: &random))
    }

    /// Audio that nobody wants: of a piece that was given up, or is complete.
    private mutating func speakInVain() {
        guard let piece = pieces.filter({ $0 != voice?.id }).randomElement(using: &random) else { return }
        let chunk = SpeechChunk(samples: [Int16](repeating: 77, count: 800))
        let isLast = random.once(in: 3)
        result(isWanted: false) { isLast ? $0.spoken(piece: piece, nowMs: $1) : $0.speech(piece: piece, chunk, nowMs: $1) }
    }

    private mutating func say(words: Int) {
        guard let voice else { return }
        let place = Int.random(in: 0..<Self.samples.count - words * Self.wordMs * 8, using: &random)
        let range = place..<place + words * Self.wordMs * 8
        let timings = (0..<words).map { WordTiming(index: voice.made + $0, endMs: (voice.made + $0 + 1) * Self.wordMs) }
        self.voice = (voice.id, voice.left - words, voice.made + words)
        call.rules.made(Self.encoded[range], wordsMs: [Int](repeating: Self.wordMs, count: words))
        let chunk = SpeechChunk(samples: Array(Self.samples[range]), words: timings)
        call.perform { $0.speech(piece: voice.id, chunk, nowMs: $1) }
        look()
    }

    /// A second of a hold's sound.
    private mutating func say(sound id: Int) {
        guard call.machine.wants(piece: id), !random.once(in: 10) else { return }
        call.rules.made(Self.encoded[..<8000], wordsMs: [])
        call.perform { $0.speech(piece: id, SpeechChunk(samples: Array(Self.samples[..<8000])), nowMs: $1) }
    }

    private mutating func finishSpeaking() {
        guard let voice else { return speakInVain() }
        let failure = random.once(in: 6) ? "failed" : nil
        if failure == nil, voice.left > 0 { say(words: voice.left) }
        guard self.voice != nil else { return }
        self.voice = nil
        call.perform { $0.spoken(piece: voice.id, failure: failure, nowMs: $1) }
        look()
    }

    private mutating func mark() {
        guard let name = (random.once(in: 2) ? marks.suffix(8) : marks[...]).randomElement(using: &random) else { return }
        // One that is not due is a lie; one that was cleared may come at any time.
        let isOfNow = name.hasPrefix("t\(call.rules.openTurn ?? -1).") && !staleMarks.contains(name)
        guard hasFalseMarks || !isOfNow else { return }
        if isOfNow { call.rules.isEarUnknown = true }
        call.perform { $0.mark(name, nowMs: $1) }
    }

    /// Takes note of what the machine wants done.
    private mutating func look() {
        while seen < call.actions.count {
            switch call.actions[seen] {
            case .transcribe(let task, _), .preview(let task, _): recognising.append(task)
            case .cancelTranscription(let task):
                settledTasks.insert(task)
                if !random.once(in: 3) { recognising.removeAll { $0 == task } }
            case .ask(let id, _, _): asks.append(id)
            case .synthesize(let id, _, let text):
                pieces.append(id)
                voice = (id, text.split(separator: " ").count, 0)
            case .playSound(let id, _, _):
                pieces.append(id)
                voice = (id, 0, 0)
                say(sound: id)
            case .answerCommand: break
            case .cancelSpeech(let id): if voice?.id == id { voice = nil }
            case .runTool(let tool):
                settledTools.remove(tool.id)
                tools.append(tool.id)
            case .cancelTool(let id):
                settledTools.insert(id)
                if !random.once(in: 3) { tools.removeAll { $0 == id } }
            case .line(.mark(let name)): marks.append(name)
            case .line(.clear): staleMarks.formUnion(marks.dropFirst(2))
            case .line, .emit, .finish, .summarize, .cancelThought: break
            }
            seen += 1
        }
        call.rules.look(nowMs: call.nowMs, machine: call.machine)
    }
}
