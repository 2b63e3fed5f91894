/// One live call: performs what its ``CallMachine`` decides and feeds the outcomes back.
package actor CallSession {
    private let engines: CallEngines
    private let line: any CallLine
    private let observer: any CallObserver
    private let clock: any CallClock
    private var machine: CallMachine
    private var audio: CallerAudio
    private var voiceActivity: any VoiceActivityStream
    /// Samples that the detector has taken and not judged yet: less than a window.
    private var unjudged = 0
    /// The earliest deadline somebody sleeps for.
    private var armedMs: Int?
    private let jobs: AsyncStream<Job>
    private let jobQueue: AsyncStream<Job>.Continuation

    /// Work done beside the call's own events.
    private enum Job: Sendable {
        case transcribe(utterance: Int, [Int16])
        case ask(turn: Int, [ConversationTurn])
        case synthesize(turn: Int, String)
        case sleep(untilMs: Int)
    }

    /// Makes the session of a call whose stream has begun.
    package init(
        configuration: CallMachine.Configuration,
        engines: CallEngines,
        line: any CallLine,
        observer: any CallObserver,
        clock: any CallClock
    ) {
        self.engines = engines
        self.line = line
        self.observer = observer
        self.clock = clock
        machine = CallMachine(configuration: configuration)
        audio = CallerAudio(capacityMs: max(40_000, configuration.turns.longestUtteranceMs + 5000))
        voiceActivity = engines.voiceActivity.makeStream()
        // Bounded by the machine: one answer, one sleeper a deadline, and utterances no faster than speech.
        (jobs, jobQueue) = AsyncStream.makeStream()
    }

    /// Runs the call to its end; cancelling it abandons the call without a word.
    ///
    /// - Parameter inputs: what comes from the line; its end without ``CallInput/stopped(_:)`` counts as loss.
    package func run(inputs: AsyncStream<CallInput>) async {
        await withDiscardingTaskGroup { group in
            perform(machine.begin())
            group.addTask { await self.receive(inputs) }
            for await job in jobs {
                group.addTask { await self.run(job) }
            }
            group.cancelAll()
        }
    }

    private func receive(_ inputs: AsyncStream<CallInput>) async {
        for await input in inputs {
            // What is left in the stream after a cancellation is nobody's any more.
            guard !Task.isCancelled else { return }
            take(input)
        }
        if !Task.isCancelled { take(.lost("stream_lost")) }
    }

    private func take(_ input: CallInput) {
        let nowMs = clock.nowMs
        switch input {
        case .audio(let payload, let timestampMs): hear(payload, timestampMs: timestampMs, nowMs: nowMs)
        case .mark(let name): perform(machine.mark(name, nowMs: nowMs))
        case .digit(let digit): perform(machine.digit(digit))
        case .stopped(let reason), .lost(let reason): perform(machine.end(reason: reason, nowMs: nowMs))
        }
    }

    private func hear(_ payload: [UInt8], timestampMs: Int?, nowMs: Int) {
        guard machine.isListening else { return }
        let samples = audio.append(payload, timestampMs: timestampMs)
        guard !samples.isEmpty else { return }
        let fromMs = audio.endMs - samples.count / CallerAudio.samplesPerMs
        perform(machine.audio(fromMs: fromMs, toMs: audio.endMs, nowMs: nowMs))
        if machine.configuration.turns.segmentation == .turns { judge(samples, nowMs: nowMs) }
        audio.forget(beforeMs: machine.audioNeededFromMs)
    }

    /// Has voice activity judged in the newest samples.
    private func judge(_ samples: [Int16], nowMs: Int) {
        do {
            let probabilities = try voiceActivity.process(samples)
            unjudged += samples.count - probabilities.count * VoiceActivityWindow.samples
            let judgedMs = audio.endMs - unjudged / CallerAudio.samplesPerMs
            for (index, probability) in probabilities.enumerated() {
                let endMs = judgedMs - (probabilities.count - 1 - index) * VoiceActivityWindow.milliseconds
                perform(machine.voice(probability: probability, audioMs: endMs, nowMs: nowMs))
            }
        } catch {
            // What a stream holds after a failure is anybody's guess.
            voiceActivity = engines.voiceActivity.makeStream()
            unjudged = 0
            perform(machine.voiceFailed("\(error)"))
        }
    }

    private func perform(_ actions: [CallAction]) {
        for action in actions {
            switch action {
            case .transcribe(let id, let fromMs, let toMs):
                jobQueue.yield(.transcribe(utterance: id, audio.slice(fromMs: fromMs, toMs: toMs)))
            case .ask(let turn, let conversation): jobQueue.yield(.ask(turn: turn, conversation))
            case .synthesize(let turn, let text): jobQueue.yield(.synthesize(turn: turn, text))
            case .line(let command): line.send(command)
            case .emit(let event): observer.observe(event)
            case .finish: jobQueue.finish()
            }
        }
        arm()
    }

    /// Sees to it that somebody wakes the machine at its next deadline; sleepers for later ones wake it in vain.
    private func arm() {
        guard let deadlineMs = machine.nextDeadlineMs, deadlineMs < armedMs ?? .max else { return }
        armedMs = deadlineMs
        jobQueue.yield(.sleep(untilMs: deadlineMs))
    }

    private func wake(_ deadlineMs: Int) {
        if armedMs == deadlineMs { armedMs = nil }
        perform(machine.timer(nowMs: clock.nowMs))
    }
}

extension CallSession {
    private func run(_ job: Job) async {
        switch job {
        case .transcribe(let id, let samples): await transcribe(id, samples)
        case .ask(let turn, let conversation): await ask(turn, conversation)
        case .synthesize(let turn, let text): await synthesize(turn, text)
        case .sleep(let deadlineMs):
            // Cancelled means the call is over.
            guard (try? await clock.sleep(untilMs: deadlineMs)) != nil else { return }
            wake(deadlineMs)
        }
    }

    private func transcribe(_ id: Int, _ samples: [Int16]) async {
        do {
            let transcription = try await engines.transcriber.transcribe(samples)
            report { $0.transcribed(utterance: id, transcription, failure: nil, nowMs: $1) }
        } catch {
            report { $0.transcribed(utterance: id, nil, failure: "\(error)", nowMs: $1) }
        }
    }

    private func ask(_ turn: Int, _ conversation: [ConversationTurn]) async {
        do {
            for try await token in engines.assistant.reply(to: conversation) {
                guard machine.wants(turn: turn) else { return }
                report { $0.token(turn: turn, token, nowMs: $1) }
            }
            report { $0.answered(turn: turn, failure: nil, nowMs: $1) }
        } catch {
            report { $0.answered(turn: turn, failure: "\(error)", nowMs: $1) }
        }
    }

    private func synthesize(_ turn: Int, _ text: String) async {
        do {
            for try await chunk in engines.synthesizer.speak(text) {
                guard machine.wants(turn: turn) else { return }
                report { $0.speech(turn: turn, chunk, nowMs: $1) }
            }
            report { $0.spoken(turn: turn, failure: nil, nowMs: $1) }
        } catch {
            report { $0.spoken(turn: turn, failure: "\(error)", nowMs: $1) }
        }
    }

    /// Feeds an outcome back, unless the call has been abandoned: engines fail when they are cancelled, which is no news.
    private func report(_ outcome: (inout CallMachine, Int) -> [CallAction]) {
        guard !Task.isCancelled else { return }
        perform(outcome(&machine, clock.nowMs))
    }
}
