import Conversation
import Engines
import Testing

/// What every ``VoiceActivityDetector`` promises.
@Suite struct VoiceActivityConformanceTests {
    @Test(arguments: [1, 160, 255, 256, 257, 5_000])
    func howSamplesArriveDoesNotMatter(_ size: Int) throws {
        let detector = try TestEngines.detector()
        let clip = Array(try TestEngines.sample("caller-yes").prefix(10_000))
        var whole = detector.makeStream()
        var inPieces = detector.makeStream()
        let probabilities = try stride(from: 0, to: clip.count, by: size).flatMap {
            try inPieces.process(Array(clip[$0..<min($0 + size, clip.count)]))
        }
        #expect(try whole.process(clip) == probabilities)
        #expect(probabilities.count == clip.count / VoiceActivityWindow.samples)
    }

    @Test func probabilitiesAreFromZeroToOne() throws {
        var stream = try TestEngines.detector().makeStream()
        let probabilities = try stream.process(
            TestEngines.sample("caller-digits") + [Int16](repeating: .max, count: 4_000) + NonSpeech.noise(amplitude: 30_000)
        )
        #expect(probabilities.allSatisfy { (0...1).contains($0) })
        #expect(probabilities.contains { $0 > 0.9 })
    }

    @Test func aCopyOfAStreamRemembersWhatItHeard() throws {
        let clip = try TestEngines.sample("caller-book-table")
        var stream = try TestEngines.detector().makeStream()
        _ = try stream.process(Array(clip.prefix(6_100)))
        var copy = stream
        let rest = Array(clip.dropFirst(6_100))
        #expect(try stream.process(rest) == copy.process(rest))
    }
}
