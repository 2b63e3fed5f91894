import Twilio

/// The call of a callee in progress: it waits, rings, runs its document, and tells the server.
struct LegProgress: Sendable {
    /// What it does next.
    enum Step: Sendable {
        case fetch(CallStep.Source)
        case run(CallDocument)
        /// The document has no further verb.
        case endOfDocument
    }

    let leg: Leg
    let plan: LegPlan
    let desk: LegDesk
    let callbacks: CallbackPump

    var server: CallServer { desk.server }
    private var configuration: TwinCallConfiguration { desk.configuration }

    /// Runs the call to its end.
    func run() async {
        await wait(plan.queueMs)
        if leg.isOver {
            // Twilio tells of no call that was cancelled in the queue.
            return leg.record(.ended(status: leg.status))
        }
        leg.record(.called(parentCallSid: leg.parentCallSid))
        var told = Telling(progress: plan.progress)
        tell("initiated", status: "initiated", &told)
        await ring(&told)
        if leg.wasAnswered {
            leg.record(.answered)
            tell("answered", status: "in-progress", &told)
            await converse()
        }
        leg.end(.serverHungUp)
        leg.record(.ended(status: leg.status))
        tell("completed", status: leg.status, more: endPairs, &told)
    }

    private func ring(_ told: inout Telling) async {
        let callee = leg.callee
        if callee.line == .answers || callee.line == .rings || Undocumented.ringsBeforeBusy {
            leg.ring()
            leg.record(.ringing)
            tell("ringing", status: "ringing", &told)
        }
        switch callee.line {
        case .busy: leg.end(.busy)
        case .failed: leg.end(.failed)
        case .rings:
            await wait(plan.ringMs)
            leg.end(.noAnswer)
        case .answers:
            await wait(min(callee.answersAfterMs, plan.ringMs))
            guard callee.answersAfterMs <= plan.ringMs else { return leg.end(.noAnswer) }
            if Undocumented.raceEnd == .answer, plan.race?.claim(leg) == false { return leg.end(.canceled) }
            _ = leg.answer()
        }
    }

    /// Waits, unless the call ends or gets another document meanwhile.
    func wait(_ milliseconds: Int) async {
        let untilMs = server.log.nowMs + milliseconds
        while server.log.nowMs < untilMs, !leg.isInterrupted {
            guard desk.mayGoOn, await server.tick() else { return leg.end(.callerLeft) }
        }
    }
}

/// What the callee hears.
extension LegProgress {
    private func converse() async {
        let found = await detect()
        var source = plan.source
        source?.extra += found
        var step = source.map(Step.fetch) ?? plan.document.map(Step.run) ?? .endOfDocument
        var redirects = 0
        // A party of a <Dial> is connected when its document is over, and at once where it has none.
        var isScreened = leg.parentCallSid != nil
        while !leg.isOver {
            if let update = leg.takeUpdate() {
                server.log.record(.updated(update))
                (step, isScreened, redirects) = (self.step(for: update), false, 0)
            }
            switch step {
            case .fetch(let source):
                redirects += 1
                guard redirects <= configuration.maximumRedirects + 1 else {
                    lose(TwinError(.tooManyRedirects, "more than \(configuration.maximumRedirects) redirects: end the loop in the TwiML"))
                    return
                }
                step = await fetch(source) ?? .endOfDocument
            case .run(let document):
                step = await run(document, isScreening: isScreened)
            case .endOfDocument:
                guard !leg.isInterrupted else { continue }
                if isScreened { await meetCaller() } else { leg.end(.serverHungUp) }
            }
        }
    }

    private func step(for update: CallUpdate) -> Step {
        switch update {
        case .document(let twiml): .run(CallDocument(url: nil, twiml: twiml))
        case .fetch(let url, let method): .fetch(.init(url: url, method: method == "GET" ? .get : .post))
        case .complete, .cancel: .endOfDocument
        }
    }

    private func fetch(_ source: CallStep.Source) async -> Step? {
        do {
            return .run(try await server.fetch(source, pairs: pairs(status: "in-progress")))
        } catch {
            lose(error)
            return nil
        }
    }

    /// The call ends because something of it cannot be had, or be run.
    func lose(_ error: any Error) {
        server.log.record(.failure(server.failure(error)))
        leg.end(.lost)
    }

    /// The callee is to be connected with the caller, and talks.
    private func meetCaller() async {
        let callee = leg.callee
        switch callee.manner {
        case .vanishes: return leg.end(.calleeHungUp)
        case .declines where plan.source == nil:
            await wait(callee.staysMs)
            return leg.end(.calleeHungUp)
        case .takes, .takesUntilCallerHangsUp, .declines, .records: break
        }
        if Undocumented.raceEnd == .bridge, plan.race?.claim(leg) == false { return leg.end(.canceled) }
        leg.offer()
        while !leg.isBridged, !leg.isInterrupted { await wait(CallerScript.frameMs) }
        guard leg.isBridged else { return }
        guard callee.manner == .takesUntilCallerHangsUp else {
            await wait(callee.staysMs)
            if !leg.isInterrupted { leg.end(.calleeHungUp) }
            return
        }
        while !leg.isInterrupted { await wait(CallerScript.frameMs) }
    }
}

/// What the server is told.
extension LegProgress {
    /// How far the telling is.
    private struct Telling {
        let url: String?
        let method: TwinCallConfiguration.Method
        let events: [String]
        var number = 0

        init(progress: LegPlan.Progress?) {
            let events = progress.map { $0.events.isEmpty ? ["completed"] : $0.events } ?? []
            url = progress?.url
            method = progress?.method ?? .post
            // One word that Twilio does not know, and it tells nothing.
            self.events = events.allSatisfy(TwiML.Dial.Leg.events.contains) ? events : []
        }
    }

    private func tell(_ event: String, status: String, more: [WebhookParameters.Pair] = [], _ told: inout Telling) {
        defer { told.number += 1 }
        guard let url = told.url, told.events.contains(event) else { return }
        let progress: [WebhookParameters.Pair] = [
            .init("Timestamp", Timestamps.rfc2822()), .init("CallbackSource", "call-progress-events"), .init("SequenceNumber", "\(told.number)"),
        ]
        callbacks.send(.init(event: event, url: url, method: told.method, pairs: pairs(status: status) + progress + more))
    }

    private var endPairs: [WebhookParameters.Pair] {
        let status = leg.status
        let seconds = leg.durationSeconds
        let code = ["busy": "486", "no-answer": "487", "canceled": "487", "failed": "404"][status] ?? "200"
        var pairs: [WebhookParameters.Pair] = [.init("CallDuration", "\(seconds)"), .init("SipResponseCode", code)]
        if status == "completed" { pairs.append(.init("Duration", "\((seconds + 59) / 60)")) }
        return pairs
    }

    /// What Twilio sends with each request of the call.
    func pairs(status: String) -> [WebhookParameters.Pair] {
        var pairs: [WebhookParameters.Pair] = [
            .init("AccountSid", configuration.accountSid), .init("ApiVersion", "2010-04-01"), .init("CallSid", leg.callSid),
            .init("CallStatus", status), .init("Called", leg.to), .init("Caller", leg.from), .init("Direction", leg.direction),
            .init("From", leg.from), .init("To", leg.to),
        ]
        if let parent = leg.parentCallSid { pairs.append(.init("ParentCallSid", parent)) }
        if let answeredBy = leg.answeredBy { pairs.append(.init("AnsweredBy", answeredBy)) }
        return pairs
    }

    /// Finds out who answered, at once or beside the call.
    ///
    /// - Returns: what the request for the document says of it.
    private func detect() async -> [WebhookParameters.Pair] {
        guard let detection = plan.detection else { return [] }
        let answeredBy = leg.callee.answeredBy(detection: detection.mode)
        let takesMs = configuration.machineDetectionMs + (answeredBy.hasPrefix("machine_end") ? Undocumented.greetingMs : 0)
        let duration = WebhookParameters.Pair("MachineDetectionDuration", "\(takesMs)")
        guard !detection.isAwaited else {
            await wait(takesMs)
            if !leg.isOver { leg.detect(answeredBy) }
            return [duration]
        }
        desk.start {
            guard (try? await server.clock.sleep(for: .milliseconds(takesMs))) != nil else { return }
            leg.detect(answeredBy)
            guard let url = detection.callback else { return }
            let pairs: [WebhookParameters.Pair] = [
                .init("AccountSid", configuration.accountSid), .init("CallSid", leg.callSid), .init("AnsweredBy", answeredBy), duration,
            ]
            let pump = CallbackPump(server)
            pump.send(.init(event: "amd", url: url, pairs: pairs))
            pump.finish()
            await pump.run()
        }
        return []
    }
}
