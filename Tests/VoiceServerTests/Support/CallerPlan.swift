import NIOHTTP1
import TestSupport
import TwilioTwin

/// What the caller of a test does, and what the server has to have done before the caller goes on.
///
/// A caller who waits for an event rather than for a while does the same on a busy machine.
struct CallerPlan {
    enum Step {
        case does(CallerStep)
        /// Waits until the session has told of one more event of this type, or has stopped.
        case waits(for: String)
    }

    let script: [CallerStep]
    fileprivate let signals: [(signal: CallerSignal, type: String)]

    init(_ steps: [Step]) {
        var script: [CallerStep] = []
        var signals: [(signal: CallerSignal, type: String)] = []
        for step in steps {
            switch step {
            case .does(let step): script.append(step)
            case .waits(let type):
                signals.append((CallerSignal(), type))
                script.append(.waitUntil(signals[signals.count - 1].signal))
            }
        }
        self.script = script
        self.signals = signals
    }

    /// Says each recording that comes with the product, hears the answer out, and hangs up; hears the greeting out before, where there is one.
    static func saying(_ names: String..., isGreeted: Bool = false) throws -> CallerPlan {
        let turns: [[Step]] = try names.map { [.does(.say(clip: try sample($0), label: $0)), .waits(for: "voice.assistant.heard")] }
        let greeting: [Step] = isGreeted ? [.waits(for: "voice.assistant.heard")] : []
        return CallerPlan(greeting + turns.flatMap(\.self) + [.does(.hangUp)])
    }
}

extension TestServer {
    /// Places a call.
    ///
    /// - Returns: what the caller saw, and the session's events to its end.
    func place(
        _ plan: CallerPlan,
        as given: TwinCallConfiguration? = nil,
        observer: @escaping @Sendable (TwinEvent) -> Void = { _ in }
    ) async throws -> (report: TwinCallReport, events: [[String: Any]]) {
        var configuration = given ?? TwinCallConfiguration(webhookURL: webhook)
        configuration.script = plan.script
        let call = TwinCall(configuration, observer: observer)
        let callSid = configuration.callSid
        async let report = call.run()
        try await eventually("a session of the call") { try await request(.GET, "/api/voice/sessions/twilio-\(callSid)").status == 200 }
        var last = 0
        for (signal, type) in plan.signals {
            last = try await events(callSid: callSid, after: last, until: type).last?["seq"] as? Int ?? last
            signal.give()
        }
        return (try await report, try await events(callSid: callSid))
    }
}
