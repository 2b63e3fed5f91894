import Twilio

/// The verbs of a document that a callee's call runs.
extension LegProgress {
    private static let gatherSeconds = 5
    /// Forever, as far as a simulated call goes.
    private static let mostMs = 24 * 3600 * 1000

    /// Runs a document's verbs, until one says where the call goes on, or something else does.
    func run(_ document: CallDocument, isScreening: Bool) async -> Step {
        var wasAsked = false
        for verb in document.twiml.verbs {
            guard !leg.isInterrupted else { return .endOfDocument }
            if case .gather = verb { wasAsked = true }
            if let next = await run(verb, in: document, isScreening: isScreening) { return next }
        }
        // Who is asked for nothing can only hang up.
        let isDeclined = isScreening && !wasAsked && leg.callee.manner == .declines
        if isDeclined, !document.twiml.verbs.isEmpty { leg.end(.calleeHungUp) }
        return .endOfDocument
    }

    /// Runs a verb; nil when the next one follows it.
    private func run(_ verb: TwiML.Verb, in document: CallDocument, isScreening: Bool) async -> Step? {
        switch verb {
        case .say, .play, .pause:
            await hear(verb)
            return nil
        case .playDigits:
            return nil
        case .gather(let gather):
            return await self.gather(gather, in: document)
        case .redirect(let url, let method):
            return step(to: url, method: method, in: document)
        case .hangup, .reject:
            leg.end(.serverHungUp)
        case .dial(let dial):
            return await self.dial(dial, in: document, isScreening: isScreening)
        case .connect, .start:
            lose(TwinError(.unsupportedVerb, "a callee's call runs no media stream in the simulator: leave <Connect> and <Start> out"))
        }
        return nil
    }

    private func hear(_ verb: TwiML.Verb) async {
        switch verb {
        case .say(let text, _, _): leg.record(.heard(text))
        case .play(let url, let loop):
            leg.record(.heardFile(url: url))
            // A sound that does not end keeps the callee until something else happens.
            if loop == 0 { await wait(Self.mostMs) }
        case .pause(let seconds): await wait(seconds * 1000)
        default: break
        }
    }

    private func dial(_ dial: TwiML.Dial, in document: CallDocument, isScreening: Bool) async -> Step? {
        guard !isScreening else {
            server.log.fault(TwilioFault.dialInWhisper, "<Dial> in the document for a party of <Dial>")
            leg.end(.lost)
            return nil
        }
        guard case .conference(let conference)? = dial.parties.first else {
            lose(TwinError(.unsupportedVerb, "a callee's call dials conferences alone in the simulator"))
            return nil
        }
        return await meet(in: conference, dial, in: document)
    }

    private func gather(_ gather: TwiML.Gather, in document: CallDocument) async -> Step? {
        for verb in gather.verbs where !leg.isInterrupted { await hear(verb) }
        let timeoutMs = (gather.timeoutSeconds ?? Self.gatherSeconds) * 1000
        var digits = ""
        if let key = leg.callee.key, Callee.keyAfterMs <= timeoutMs {
            await wait(Callee.keyAfterMs)
            guard !leg.isInterrupted else { return nil }
            leg.record(.pressed(key))
            let finishOnKey = gather.finishOnKey ?? "#"
            if finishOnKey != String(key) {
                digits.append(key)
                // One key is all that is pressed.
                if gather.numDigits != 1 { await wait(timeoutMs) }
            }
        } else {
            await wait(timeoutMs)
        }
        guard !leg.isInterrupted, !digits.isEmpty || gather.actionOnEmptyResult else { return nil }
        return step(to: gather.action ?? "", method: gather.method, in: document, extra: [.init("Digits", digits)])
    }

    /// Where the call goes on when a document sends it to a URL.
    func step(to url: String, method: String?, in document: CallDocument, extra: [WebhookParameters.Pair] = []) -> Step? {
        do {
            return .fetch(try server.source(url, method: method, in: document, extra: extra))
        } catch {
            lose(error)
            return nil
        }
    }
}
