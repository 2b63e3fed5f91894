import FuzzTargets
import TestSupport
import Testing

/// Thousands of damaged inputs for everything that reads what strangers send.
///
/// They are the same in every run, so that it costs the same and a failure can be repeated; `make fuzz` looks for new ones.
@Suite struct FuzzTargetTests {
    /// Damaged inputs of each target in each of the runs below.
    private static let budget = 1_000

    @Test(arguments: FuzzTarget.all.indices) func inputsThatAreAsTheyShouldBeAreRead(index: Int) throws {
        for seed in FuzzTarget.all[index].seeds { try FuzzTarget.all[index].feed(seed) }
        try FuzzTarget.all[index].feed([])
    }

    @Test(arguments: FuzzTarget.all.indices, 0..<5) func damagedInputsBreakNoPromise(index: Int, seed: UInt64) throws {
        let target = FuzzTarget.all[index]
        var random = SeededRandom(seed: seed)
        for round in 0..<Self.budget {
            let input = random.mutate(target.seeds[round % target.seeds.count], alphabet: target.alphabet)
            #expect(throws: Never.self, "\(target.name): \(String(decoding: input, as: UTF8.self))") { try target.feed(input) }
        }
    }

    @Test(arguments: FuzzTarget.all.indices) func noiseBreaksNoPromise(index: Int) throws {
        let target = FuzzTarget.all[index]
        var random = SeededRandom(seed: 99)
        for _ in 0..<Self.budget {
            let noise = (0..<Int.random(in: 0..<64, using: &random)).map { _ in UInt8.random(in: 0...255, using: &random) }
            #expect(throws: Never.self, "\(target.name): \(noise)") { try target.feed(noise) }
        }
    }
}
