/// One live call: performs what its ``CallMachine`` decides and feeds the outcomes back.
///
/// The call itself lives on its ``CallHome``, whose thread hands it each frame directly with `assumeIsolated`. Everything slow is work with an id:
/// it is done elsewhere, and an outcome that is not wanted any more changes nothing.
package actor CallSession {
    /// The longest that an alarm is set for, in ms; an alarm keeps the memory of a call that has ended.
    static let longestAlarmMs = 5000

    package nonisolated var unownedExecutor: UnownedSerialExecutor { home.asUnownedSerialExecutor() }

    private nonisolated let home: any CallHome
    /// When the call was made, on the clock of its home; its own begins at 0.
    private let madeAtMs: Int
    private let engines: CallEngines
    private let line: any CallLine
    private let observer: any CallObserver
    private let journal: (any CallJournal)?
    private var machine: CallMachine
    private var ears: CallerEars
    /// For when alarms are set, each earlier than the one before.
    private var alarms: [Int] = []
    /// Whether nothing that still comes is of interest.
    private var isOver = false
    /// What the machine said to commands, by their ids.
    private var commandAnswers: [String: Result<Void, CommandRefusal>] = [:]
    /// What ends work that is under way, by what it is for.
    private var switches: [Job.Purpose: AsyncStream<Never>.Continuation] = [:]
    private let jobs: AsyncStream<Job>
    private let jobQueue: AsyncStream<Job>.Continuation

    /// Work done beside the call's own events.
    private struct Job: Sendable {
        enum Work: Sendable {
            case transcribe(task: Int, [Int16])
            case preview(task: Int, [Int16])
            case ask(id: Int, [ConversationTurn])
            case synthesize(id: Int, String)
            case runTool(ToolCall)
            case playSound(id: Int, HoldConfiguration.Sound, fromMs: Int)
            case summarize(count: Int, [ConversationTurn])
        }

        /// What work is for; cancelling names this.
        enum Purpose: Sendable, Hashable {
            case transcription(Int)
            case thought(Int)
            case speech(Int)
            case tool(String)
            case summary
        }

        var work: Work
        /// Ends when the work is not wanted any more.
        var cancellation: AsyncStream<Never>
    }

    /// Makes the session of a call whose stream has just begun; `journal`, if there is one, keeps what happens in it.
    package init(
        configuration: CallMachine.Configuration,
        engines: CallEngines,
        line: any CallLine,
        observer: any CallObserver,
        home: any CallHome,
        journal: (any CallJournal)? = nil
    ) {
        self.home = home
        madeAtMs = home.nowMs
        self.engines = engines
        self.line = line
        self.observer = observer
        self.journal = journal
        var configuration = configuration
        configuration.turns.joinMs = engines.transcriber.joinMs
        machine = CallMachine(configuration: configuration)
        ears = CallerEars(detector: engines.voiceActivity, capacityMs: max(40_000, configuration.turns.longestUtteranceMs + 5000))
        // Bounded by the machine: one answer at a time, and utterances no faster than speech.
        (jobs, jobQueue) = AsyncStream.makeStream()
    }

    /// Begins the call; once, before anything is taken.
    package func begin() {
        journal?.note(.config(machine.configuration))
        feed(.begin)
        arm()
    }

    /// Does the call's work until the call has ended; cancelling it abandons the call without a word.
    package func run() async {
        await withDiscardingTaskGroup { group in
            for await job in jobs {
                group.addTask { await self.run(job) }
            }
            isOver = true
            group.cancelAll()
        }
    }

    /// Takes what comes from the line, in the order in which it comes; after the end of the call nothing happens.
    package func take(_ input: CallInput) {
        guard !isOver else { return }
        switch input {
        case .audio(let payload, let timestampMs): hear(payload, timestampMs: timestampMs)
        case .mark(let name): feed(.mark(name))
        case .digit(let digit): feed(.digit(String(digit)))
        case .stopped(let reason), .lost(let reason): feed(.end(reason: reason))
        }
        arm()
    }

    /// Gives the call a command.
    ///
    /// - Throws: ``CommandRefusal`` if the call cannot do it as it is now.
    package func obey(_ command: CallCommand, id: String) throws(CommandRefusal) {
        guard !isOver else { throw CommandRefusal("the call is ending") }
        feed(.command(id: id, command))
        arm()
        try commandAnswers.removeValue(forKey: id)?.get()
    }

    /// An alarm that was set for this moment rings.
    package func wake(setForMs momentMs: Int) {
        alarms.removeAll { $0 == momentMs }
        guard !isOver else { return }
        // An alarm may have been set for something that is settled by now.
        if let deadlineMs = Self.deadline(of: &machine), deadlineMs <= nowMs { feed(.timer) }
        arm()
    }

    private var nowMs: Int { home.nowMs - madeAtMs }

    private func hear(_ payload: [UInt8], timestampMs: Int?) {
        guard machine.isListening, let new = ears.take(payload, timestampMs: timestampMs) else { return }
        feed(.audio(fromMs: new.lowerBound, toMs: new.upperBound))
        if machine.configuration.turns.segmentation == .turns {
            do {
                for window in try ears.judge() { feed(.voice(probability: window.probability, audioMs: window.endMs)) }
            } catch {
                feed(.voiceFailed("\(error)"))
            }
        }
        ears.forget(beforeMs: machine.audioNeededFromMs)
    }

    /// Tells the machine what happened and does what it decides.
    private func feed(_ input: CallMachine.Input) {
        let nowMs = nowMs
        let actions = machine.handle(input, nowMs: nowMs)
        journal?.note(.step(atMs: nowMs, input, actions))
        for action in actions { perform(action) }
    }

    private func perform(_ action: CallAction) {
        switch action {
        case .transcribe(let task, let clip): start(.transcribe(task: task, ears.clip(clip)), for: .transcription(task))
        case .preview(let task, let clip): start(.preview(task: task, ears.clip(clip)), for: .transcription(task))
        case .cancelTranscription(let task): cancel(.transcription(task))
        case .ask(let id, _, let conversation): start(.ask(id: id, conversation), for: .thought(id))
        case .synthesize(let id, _, let text): start(.synthesize(id: id, text), for: .speech(id))
        case .cancelThought(let id): cancel(.thought(id))
        case .cancelSpeech(let id): cancel(.speech(id))
        case .runTool(let call): start(.runTool(call), for: .tool(call.id))
        case .playSound(let id, let sound, let fromMs): start(.playSound(id: id, sound, fromMs: fromMs), for: .speech(id))
        case .answerCommand(let id, let refusal): commandAnswers[id] = refusal.map(Result.failure) ?? .success(())
        case .cancelTool(let id): cancel(.tool(id))
        case .summarize(let count, let entries): start(.summarize(count: count, entries), for: .summary)
        case .line(let command):
            ears.noteSpoken(command)
            line.send(command)
        case .emit(let event): observer.observe(event)
        case .finish: jobQueue.finish()
        }
    }

    private func start(_ work: Job.Work, for purpose: Job.Purpose) {
        let (cancellation, end) = AsyncStream.makeStream(of: Never.self)
        switches[purpose] = end
        jobQueue.yield(Job(work: work, cancellation: cancellation))
    }

    private func cancel(_ purpose: Job.Purpose) {
        switches.removeValue(forKey: purpose)?.finish()
    }

    /// When the machine wants to be woken; borrowed like this it is not copied, which would cost as much as feeding it.
    private static func deadline(of machine: inout CallMachine) -> Int? { machine.nextDeadlineMs }

    /// Sees to it that the machine is woken at its next deadline; alarms for later ones ring in vain.
    private func arm() {
        guard let deadlineMs = Self.deadline(of: &machine) else { return }
        let momentMs = madeAtMs + min(deadlineMs, nowMs + Self.longestAlarmMs)
        guard momentMs < alarms.last ?? .max else { return }
        alarms.append(momentMs)
        home.wake(self, atMs: momentMs)
    }
}

extension CallSession {
    /// Does a job to its end, or until it is not wanted any more.
    private func run(_ job: Job) async {
        await withTaskGroup { group in
            group.addTask { await self.perform(job.work) }
            group.addTask { for await _ in job.cancellation {} }
            await group.next()
            group.cancelAll()
        }
    }

    private func perform(_ work: Job.Work) async {
        switch work {
        case .transcribe(let task, let samples): await transcribe(task, samples)
        case .preview(let task, let samples): await preview(task, samples)
        case .ask(let id, let conversation): await ask(id, conversation)
        case .synthesize(let id, let text): await synthesize(id, text)
        case .runTool(let call): await run(call)
        case .playSound(let id, let sound, let fromMs):
            defer { switches[.speech(id)] = nil }
            let chunks = await offEventLoop { [sounds = engines.sounds] in sounds.chunk(of: sound, fromMs: fromMs) }
            for chunk in chunks { report(.speech(piece: id, chunk)) }
            report(.spoken(piece: id, failure: nil))
        case .summarize(let count, let entries): await summarize(count, entries)
        }
    }

    private func transcribe(_ task: Int, _ samples: [Int16]) async {
        defer { switches[.transcription(task)] = nil }
        do {
            let transcription = try await offEventLoop { [transcriber = engines.transcriber] in try await transcriber.transcribe(samples) }
            report(.transcribed(task: task, transcription, failure: nil))
        } catch {
            report(.transcribed(task: task, nil, failure: "\(error)"))
        }
    }

    /// A preview that fails is no news: the words themselves are still asked for.
    private func preview(_ task: Int, _ samples: [Int16]) async {
        defer { switches[.transcription(task)] = nil }
        let transcription = try? await offEventLoop { [transcriber = engines.transcriber] in try await transcriber.preview(samples) }
        report(.transcribed(task: task, transcription, failure: nil))
    }

    private func ask(_ id: Int, _ conversation: [ConversationTurn]) async {
        defer { switches[.thought(id)] = nil }
        do {
            for try await output in streamOffEventLoop({ [assistant = engines.assistant] in assistant.reply(to: conversation) }) {
                guard machine.wants(ask: id) else { return }
                switch output {
                case .text(let token): report(.token(ask: id, token))
                case .toolCall(let call): report(.toolRequested(ask: id, call))
                case .fault(let message): report(.fault(ask: id, message))
                }
            }
            report(.answered(ask: id, failure: nil))
        } catch {
            report(.answered(ask: id, failure: "\(error)"))
        }
    }

    private func run(_ call: ToolCall) async {
        defer { switches[.tool(call.id)] = nil }
        report(.toolFinished(id: call.id, await offEventLoop { [tools = engines.tools] in await tools.run(call) }))
    }

    /// A summary that fails is no news: what does not fit is left out then.
    private func summarize(_ count: Int, _ entries: [ConversationTurn]) async {
        defer { switches[.summary] = nil }
        let summary = try? await offEventLoop { [assistant = engines.assistant] in try await assistant.summary(of: entries) }
        report(.summarized(count: count, summary))
    }

    private func synthesize(_ id: Int, _ text: String) async {
        defer { switches[.speech(id)] = nil }
        // Leading silence is passed on once a sound follows it.
        var lead: [SpeechChunk] = []
        var isAudible = false
        do {
            for try await chunk in streamOffEventLoop({ [synthesizer = engines.synthesizer] in synthesizer.speak(text) }) {
                guard machine.wants(piece: id) else { return }
                isAudible = isAudible || chunk.isAudible
                lead.append(chunk)
                guard isAudible else { continue }
                for chunk in lead { report(.speech(piece: id, chunk)) }
                lead.removeAll(keepingCapacity: true)
            }
            report(.spoken(piece: id, failure: nil))
        } catch {
            report(.spoken(piece: id, failure: "\(error)"))
        }
    }

    /// Feeds an outcome back, unless nobody wants it any more: engines fail when they are cancelled, which is no news.
    private func report(_ outcome: CallMachine.Input) {
        guard !Task.isCancelled, !isOver else { return }
        feed(outcome)
        arm()
    }
}
