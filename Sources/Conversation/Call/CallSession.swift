/// One live call: performs what its ``CallMachine`` decides and feeds the outcomes back.
package actor CallSession {
    private let engines: CallEngines
    private let line: any CallLine
    private let observer: any CallObserver
    private let clock: any CallClock
    private var machine: CallMachine
    private var audio = CallerAudio()
    private var voiceActivity: any VoiceActivityStream
    /// Where the next window of voice activity ends on the media clock, in ms.
    private var voiceEndMs: Int?
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
            take(input)
        }
        // After a cancellation nobody listens any more.
        if !Task.isCancelled { take(.lost("the socket ended without a stop")) }
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
        let samples = audio.append(payload, timestampMs: timestampMs)
        guard !samples.isEmpty else { return }
        let fromMs = audio.endMs - samples.count / CallerAudio.samplesPerMs
        perform(machine.audio(fromMs: fromMs, toMs: audio.endMs, nowMs: nowMs))
        guard machine.configuration.turns.segmentation == .turns else { return }
        do {
            let probabilities = try voiceActivity.process(samples)
            var endMs = voiceEndMs ?? fromMs
            for probability in probabilities {
                endMs += VoiceActivityWindow.milliseconds
                perform(machine.voice(probability: probability, audioMs: endMs, nowMs: nowMs))
            }
            // A jump of the media clock moves the windows with it.
            voiceEndMs = max(endMs, audio.endMs - VoiceActivityWindow.milliseconds)
        } catch {
            observer.observe(.error(message: "\(error)", stage: "vad"))
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
            perform(machine.transcribed(utterance: id, transcription, failure: nil, nowMs: clock.nowMs))
        } catch {
            perform(machine.transcribed(utterance: id, nil, failure: "\(error)", nowMs: clock.nowMs))
        }
    }

    private func ask(_ turn: Int, _ conversation: [ConversationTurn]) async {
        do {
            for try await token in engines.assistant.reply(to: conversation) {
                guard machine.wants(turn: turn) else { return }
                perform(machine.token(turn: turn, token, nowMs: clock.nowMs))
            }
            perform(machine.answered(turn: turn, failure: nil, nowMs: clock.nowMs))
        } catch {
            perform(machine.answered(turn: turn, failure: "\(error)", nowMs: clock.nowMs))
        }
    }

    private func synthesize(_ turn: Int, _ text: String) async {
        do {
            for try await chunk in engines.synthesizer.speak(text) {
                guard machine.wants(turn: turn) else { return }
                perform(machine.speech(turn: turn, chunk, nowMs: clock.nowMs))
            }
            perform(machine.spoken(turn: turn, failure: nil, nowMs: clock.nowMs))
        } catch {
            perform(machine.spoken(turn: turn, failure: "\(error)", nowMs: clock.nowMs))
        }
    }
}
