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
}
