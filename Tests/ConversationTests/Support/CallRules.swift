import Audio

@testable import Conversation

/// What must hold in every call, whatever happens in it; looks at each action as it is performed.
struct CallRules {
    /// Audio of the answer in progress that is being played, or will be.
    private struct Frame {
        var fromMs: Int
        /// Its place in the answer.
        var placeMs: Int
    }

    private(set) var faults: [String] = []
    private let configuration: CallMachine.Configuration

    // The caller.
    private var openUtterances = 0
    private var keys = 0
    private var lastWord = 0
    /// When the caller was last heard, on our clock.
    var lastVoiceMs = 0

    // Transcriptions.
    private var askedTasks: Set<Int> = []
    /// Transcriptions that are neither done nor cancelled.
    private(set) var openTasks: Set<Int> = []

    // Requests to the assistant and the voice.
    private var requests: Set<Int> = []
    private var cancelledRequests: Set<Int> = []

    // The answer in progress.
    private(set) var turn: Int
    private(set) var openTurn: Int?
    private var toldTurn: Int?
    private var askedTurns: Set<Int> = []
    private var measuredTurns: Set<Int> = []
    private var frames: [Frame] = []
    private var sentBytes = 0
    private var heardMs = 0
    private var isSilenced = false
    private var pausedAtMs: Int?
    private var pausedPlaceMs = 0
    /// The answer's audio as the voice made it, where a test says.
    private var made: [UInt8] = []
    private var words: [(endMs: Int, isAnswer: Bool)] = []
    /// Whether the piece being made only fills the time.
    private var isFiller = false
    private var isFillerNext = false
    /// Whether the answer in progress was opened before it could be asked for.
    private var isAhead = false

    // Tools.
    private(set) var openTools: Set<String> = []
    private var calledTools: Set<String> = []
    private var ranTools: Set<String> = []
    /// Whether the far end's marks have told lies, so that nobody can know what was heard.
    var isEarUnknown = false

    // The end.
    var isEnding = false
    private(set) var isStopped = false
    private var isDialing = false
    private(set) var isFinished = false

    init(configuration: CallMachine.Configuration) {
        self.configuration = configuration
        turn = configuration.resumption?.lastTurn ?? 0
        mutes = configuration.resumption?.standing.mutes ?? []
    }

    /// Whether the caller is on hold, and who is muted.
    private(set) var isOnHold = false
    private var mutes: Set<MuteSide> = []
    private var isTimeUp = false
    /// Turns that may be answered after the agent had to be silent.
    private var keptTurns: Set<Int> = []
    /// Commands that were taken and have no end.
    private var openCommands: Set<String> = []

    /// The voice has made this audio of the answer in progress; `wordsMs` are its words' lengths.
    mutating func made(_ audio: some Sequence<UInt8>, wordsMs: [Int]) {
        for ms in wordsMs { words.append(((words.last?.endMs ?? 0) + ms, !isFiller)) }
        made += audio
    }

    /// Something did not hold.
    mutating func fault(_ text: String) { faults.append(text) }

    /// A transcription is done.
    mutating func transcribed(_ task: Int) { openTasks.remove(task) }

    /// Time has passed.
    mutating func look(nowMs: Int, machine: CallMachine) {
        // An answer that only filled the time so far ends without a word about it.
        if toldTurn == nil, machine.exchange?.turn != openTurn {
            pausedAtMs = nil
            if isAhead { openTurn = nil }
            isAhead = false
        }
        let longestMs = max(configuration.recognitionLimitMs, configuration.turns.resumeAfterMs) + configuration.turns.pauseMs
        if let pausedAtMs, nowMs - max(pausedAtMs, lastVoiceMs) > longestMs {
            faults.append("the answer has waited since \(pausedAtMs), now \(nowMs)")
            self.pausedAtMs = nil
        }
        if isStopped, let deadlineMs = machine.nextDeadlineMs { faults.append("a timer at \(deadlineMs) outlives the call") }
    }

    mutating func note(_ action: CallAction, nowMs: Int, farEnd: FarEnd) {
        if case .answerCommand(_, .some) = action { return }
        if isFinished || (isStopped && action != .finish) { faults.append("after the stop: \(action)") }
        switch action {
        case .transcribe(let task, let clip), .preview(let task, let clip):
            if clip.isEmpty { faults.append("an empty clip: \(clip)") }
            if !askedTasks.insert(task).inserted { faults.append("task \(task) was asked for twice") }
            openTasks.insert(task)
        case .cancelTranscription(let task):
            if openTasks.remove(task) == nil { faults.append("task \(task) was cancelled and was not open") }
        case .ask(let id, let turn, let conversation):
            open(request: id)
            noteAsk(turn, conversation)
        case .synthesize(let id, let turn, let text):
            open(request: id)
            if farEnd.bufferEndsAtMs - nowMs + (made.count - sentBytes) / 8 > configuration.playout.lookAheadMs, !made.isEmpty {
                faults.append("a piece was made while \((made.count - sentBytes) / 8) ms wait to be sent")
            }
            if pausedAtMs != nil { faults.append("a piece was made while the answer is paused") }
            if turn != openTurn || text.isEmpty { faults.append("synthesis for turn \(turn)") }
            isFiller = isFillerNext
            isFillerNext = false
        case .runTool(let call):
            if !ranTools.insert(call.id).inserted { faults.append("tool \(call.id) ran twice") }
            if !calledTools.contains(call.id) { faults.append("tool \(call.id) ran before that was told") }
            let isCommanded = openCommands.contains(call.id)
            if openUtterances > 0, configuration.turns.segmentation == .turns, !isCommanded {
                faults.append("tool \(call.id) ran while the caller speaks")
            }
            openTools.insert(call.id)
        case .cancelThought(let id), .cancelSpeech(let id):
            if !requests.contains(id) { faults.append("request \(id) was cancelled and never made") }
            if !cancelledRequests.insert(id).inserted { faults.append("request \(id) was cancelled twice") }
        case .playSound(let id, _, _):
            open(request: id)
            if !isOnHold { faults.append("a sound although no one is on hold") }
            isFiller = true
        case .answerCommand(let id, nil):
            openCommands.insert(id)
            keep()
        case .answerCommand: break
        case .cancelTool, .summarize: break
        case .line(let command): note(command, nowMs: nowMs, farEnd: farEnd)
        case .emit(let event): note(event, nowMs: nowMs, farEnd: farEnd)
        case .finish:
            if !isStopped { faults.append("finished before the stop") }
            if !openCommands.isEmpty, !isDialing { faults.append("commands \(openCommands.sorted()) have no end") }
            if !openTasks.isEmpty { faults.append("tasks \(openTasks.sorted()) outlive the call") }
            if !calledTools.isEmpty, !isDialing { faults.append("tools \(calledTools.sorted()) were never told to have ended") }
            isFinished = true
        }
    }

    private mutating func noteAsk(_ turn: Int, _ conversation: [ConversationTurn]) {
        if isOnHold || mutes.contains(.agent) { faults.append("the assistant was asked while it must be silent") }
        let last = conversation.last
        // What a tool did is answered in a turn of its own where the answer that called it is over.
        if turn == self.turn + 1, last?.role == .tool { nextTurn(turn) }
        if turn != self.turn, turn != configuration.resumption?.owedTurn, !keptTurns.contains(turn) {
            faults.append("an answer to turn \(turn) after turn \(self.turn)")
        }
        if last?.role != .caller, last?.role != .tool { faults.append("the last word was not the caller's") }
        if !openTools.isEmpty { faults.append("asked while tools \(openTools.sorted()) run") }
        if conversation.contains(where: { $0.tool != nil && $0.tool?.outcome == nil }) { faults.append("asked without the outcome of a tool") }
        if openUtterances > 0, configuration.turns.segmentation == .turns, turn != openTurn { faults.append("an answer while the caller speaks") }
        let goesOn = turn == openTurn && (isAhead || last?.role == .tool)
        if goesOn, isAhead { askedTurns.insert(turn) }
        isAhead = false
        if !goesOn { begin(turn) }
    }

    private mutating func open(request id: Int) {
        if !requests.insert(id).inserted { faults.append("request \(id) was made twice") }
    }

    private mutating func begin(_ turn: Int) {
        if let toldTurn { faults.append("turn \(turn) is answered before what was heard of \(toldTurn) was told") }
        if !askedTurns.insert(turn).inserted { faults.append("turn \(turn) was answered twice") }
        open(turn)
    }

    private mutating func open(_ turn: Int) {
        openTurn = turn
        isFillerNext = false
        frames = []
        sentBytes = 0
        heardMs = 0
        isSilenced = false
        pausedAtMs = nil
        made = []
        words = []
        isFiller = false
        isEarUnknown = false
    }
}

extension CallRules {
    private mutating func note(_ command: LineCommand, nowMs: Int, farEnd: FarEnd) {
        switch command {
        case .audio(let audio):
            if openTurn == nil { faults.append("audio without an answer") }
            if mutes.contains(.agent), !isOnHold, !isTimeUp { faults.append("audio although the agent is muted") }
            if isSilenced { faults.append("audio after a clear") }
            if audio.count != 160 { faults.append("a frame of \(audio.count) bytes") }
            let rest = made.dropFirst(sentBytes).prefix(160)
            if !made.isEmpty, !audio.starts(with: rest) || rest.isEmpty || audio.dropFirst(rest.count).contains(where: { $0 != MuLaw.silence }) {
                faults.append("another frame than the one at \(sentBytes / 8) of \(made.count / 8) ms of turn \(openTurn ?? 0)")
            }
            frames.append(Frame(fromMs: farEnd.bufferEndsAtMs - 20, placeMs: sentBytes / 8))
            sentBytes += 160
        case .clear:
            noteHeard(nowMs: nowMs)
            frames = []
            isSilenced = true
        case .mark: break
        case .hangUp:
            // Only an answer of no words at all ends without a word about it.
            if openTurn != nil, toldTurn != nil || (sentBytes > 0 && !isAhead), !isSilenced { faults.append("the line was closed over an answer") }
        }
    }

    /// How far the answer has left the far end's buffer.
    private mutating func noteHeard(nowMs: Int) {
        for frame in frames where frame.fromMs < nowMs { heardMs = max(heardMs, frame.placeMs + min(20, nowMs - frame.fromMs)) }
    }

    private mutating func note(_ event: CallEvent, nowMs: Int, farEnd: FarEnd) {
        switch event {
        case .speechStarted: openUtterances += 1
        case .final where isOnHold && !isEnding: faults.append("a turn of a caller on hold")
        case .keyed where isOnHold && !isEnding: faults.append("keys of a caller on hold")
        case .final(let text, let turn, _, _):
            nextTurn(turn)
            closeUtterance(text)
        case .dismissed(let text, _, _): closeUtterance(text)
        case .digit(let key):
            let isTurn = configuration.interruptsOnDigits && !isOnHold && !mutes.contains(.caller) && configuration.hold.keys[String(key)] == nil
            keys += isTurn ? 1 : 0
        case .keyed(let digits, let turn):
            nextTurn(turn)
            if keys < digits.count { faults.append("more keys than were pressed: \(digits)") }
            keys = 0
        case .assistantFiller(_, let turn):
            if turn != openTurn {
                // One that was opened ahead of an answer may have ended without a word about it.
                isAhead = true
                open(turn)
            }
            isFillerNext = true
        case .toolCalled(let call, _):
            // A command cuts what is said, also what has no words yet.
            if openCommands.contains(call.id), toldTurn == nil, !isOnHold {
                isAhead = false
                openTurn = nil
                pausedAtMs = nil
            }
            if !calledTools.insert(call.id).inserted { faults.append("tool \(call.id) was called twice") }
        case .toolFinished(let use, _, _):
            if calledTools.remove(use.call.id) == nil { faults.append("tool \(use.call.id) ended and was not called") }
            if use.outcome == nil { faults.append("tool \(use.call.id) ended without an outcome") }
            openTools.remove(use.call.id)
        case .assistantText(let text, let turn), .assistantCut(let text, let turn): noteText(text, turn)
        case .assistantPaused(let turn, let playedMs):
            if turn != openTurn || pausedAtMs != nil || !isSilenced { faults.append("turn \(turn) was paused") }
            pausedAtMs = nowMs
            pausedPlaceMs = playedMs
        case .assistantResumed(let turn, let fromMs):
            if turn != openTurn || pausedAtMs == nil { faults.append("turn \(turn) goes on and was not paused") }
            if !(max(0, pausedPlaceMs - 600)...pausedPlaceMs).contains(fromMs) { faults.append("paused at \(pausedPlaceMs), goes on at \(fromMs)") }
            pausedAtMs = nil
            isSilenced = false
            sentBytes = fromMs / 20 * 160
        case .assistantHeard(let text, let turn, let isComplete): noteHeard(text, turn, isComplete, nowMs: nowMs, farEnd: farEnd)
        case .turnMetrics(let metrics):
            let parts = [metrics.endpointMs, metrics.sttMs, metrics.chatFirstTokenMs, metrics.ttsFirstAudioMs, metrics.wireMs ?? 0]
            if parts.contains(where: { $0 < 0 }) { faults.append("times of turn \(metrics.turn): \(parts)") }
            if metrics.turn != openTurn || !measuredTurns.insert(metrics.turn).inserted { faults.append("times of turn \(metrics.turn) again") }
        case .stopped(let reason):
            // What came of the one tool that dials is known later.
            isDialing = reason == CallMachine.transferring && calledTools.count == 1
            if let toldTurn { faults.append("stopped before what was heard of \(toldTurn)") }
            if openUtterances > 0, configuration.turns.segmentation == .turns { faults.append("\(openUtterances) utterances were never told") }
            isStopped = true
        case .bargeIn:
            if toldTurn == nil { pausedAtMs = nil }
            if isAhead {
                isAhead = false
                openTurn = nil
            }
        case .holdStarted:
            if isOnHold { faults.append("on hold twice") }
            isOnHold = true
            isAhead = false
            keep()
            turn += 1
            open(turn)
        case .holdEnded:
            if !isOnHold || toldTurn != nil { faults.append("a hold ended that was none") }
            isOnHold = false
            openTurn = nil
        case .muteChanged(let side, let isMuted, _):
            if isMuted { mutes.insert(side) } else { mutes.remove(side) }
            if side == .agent { keep() }
        case .commandAccepted(let id, _, _): openCommands.insert(id)
        case .commandFinished(let id, _, _):
            if openCommands.remove(id) == nil { faults.append("command \(id) ended twice, or was not taken") }
        case .active, .speechStopped, .partial, .error, .transfer: break
        }
    }

    /// The agent falls silent: what it was asked for may be asked for again.
    private mutating func keep() {
        keptTurns.formUnion(askedTurns)
        keptTurns.insert(turn)
        askedTurns = []
        measuredTurns = []
    }

    private mutating func nextTurn(_ turn: Int) {
        if turn != self.turn + 1 { faults.append("turn \(turn) after \(self.turn)") }
        self.turn = turn
        if mutes.contains(.agent) { keptTurns.insert(turn) }
    }

    /// An utterance has been told; words of the form `w7` come in the order of their numbers, each once.
    private mutating func closeUtterance(_ text: String) {
        if configuration.turns.segmentation == .turns {
            openUtterances -= 1
            if openUtterances < 0 { faults.append("an utterance was told twice: \(text)") }
        }
        for number in text.split(separator: " ").compactMap({ $0.hasPrefix("w") ? Int($0.dropFirst()) : nil }) {
            if number <= lastWord { faults.append("the words of task \(number) after those of \(lastWord)") }
            lastWord = number
        }
    }

    private func isOpening(_ text: String) -> Bool {
        text == configuration.greeting || text == configuration.resumption?.opening(apology: configuration.resumeApology)
    }

    private mutating func noteText(_ text: String, _ turn: Int) {
        if turn == self.turn + 1 {
            // What was said before the hold is answered behind the sentence that ends it.
            if text.hasPrefix(configuration.hold.welcomeBack) { keptTurns.insert(self.turn) }
            let goesOn = isAhead && openTurn == turn && !isSilenced
            isAhead = false
            if text == configuration.timeLimitGoodbye {
                isTimeUp = true
                mutes = []
            }
            let isRude =
                !isOpening(text) && text != configuration.timeLimitGoodbye && text != configuration.connecting
                && !text.hasPrefix(configuration.hold.welcomeBack)
            if openUtterances > 0, isRude { faults.append("a prompt while the caller speaks") }
            if keys > 0, isRude { faults.append("a prompt while keys are pressed") }
            if openTurn != nil, toldTurn != nil { faults.append("a prompt over an answer") }
            nextTurn(turn)
            if goesOn { askedTurns.insert(turn) } else { begin(turn) }
        }
        if turn != openTurn || toldTurn != nil { faults.append("text of \(turn) in \(openTurn ?? 0) after \(toldTurn ?? 0)") }
        toldTurn = turn
    }

    private mutating func noteHeard(_ text: String, _ turn: Int, _ isComplete: Bool, nowMs: Int, farEnd: FarEnd) {
        if toldTurn != turn { faults.append("heard of \(turn) after text of \(toldTurn ?? 0)") }
        noteHeard(nowMs: nowMs)
        if !isEarUnknown {
            if !isEnding, !isComplete, farEnd.bufferEndsAtMs > nowMs { faults.append("turn \(turn) is still played after it was cut") }
            if isComplete, heardMs < made.count / 8 { faults.append("only \(heardMs) of \(made.count / 8) ms of turn \(turn) were played") }
            // A word counts once half of it has been played.
            let starts = [0] + words.map(\.endMs)
            let heard = zip(starts, words).count { $1.isAnswer && ($0 + $1.endMs) / 2 <= heardMs }
            if !made.isEmpty, abs(heard - text.split(separator: " ").count) > 1 {
                faults.append("\(heard) words of turn \(turn) were heard, not: \(text)")
            }
        }
        toldTurn = nil
        openTurn = nil
        pausedAtMs = nil
    }
}
