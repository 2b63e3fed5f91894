import Testing

@testable import Conversation

/// Whatever the order of events, some things always hold.
struct CallMachineOrderTests {
    @Test(arguments: 0..<20)
    func invariantsHoldForAnyOrderOfEvents(block: Int) {
        for seed in block * 100..<(block + 1) * 100 {
            var disorder = Disorder(seed: seed)
            disorder.run()
            let faults = disorder.faults
            #expect(faults.isEmpty, "seed \(seed): \(faults)")
        }
    }

    @Test func wordsThatNeverComeAreGivenUpAndTheCallerIsAnsweredAgain() {
        var call = MachineDriver()
        call.callerSpeaksAndWaits()
        call.callerSpeaksAndWaits()
        call.transcribed(2, "Are you there?")
        #expect(call.finals.isEmpty, "the first words may still come")
        call.forgetActions()
        call.pass(ms: 15_000)
        let told = call.events.compactMap { event -> String? in
            switch event {
            case .error(_, let stage): stage
            case .final(let text, _, _, _): text
            default: nil
            }
        }
        #expect(told == ["stt", "Are you there?"])
        #expect(call.actions.contains { if case .ask = $0 { true } else { false } })
        call.forgetActions()
        call.transcribed(1, "Too late")
        #expect(call.events.isEmpty)
    }
}
