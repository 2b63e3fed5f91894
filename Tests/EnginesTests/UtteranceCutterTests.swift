import Audio
import Foundation
import Testing

@testable import Engines

@Suite struct UtteranceCutterTests {
    private static let longest = 48_000

    @Test(arguments: [0, 1, 8_000, 48_000])
    func whatFitsIsNotCut(_ count: Int) {
        let utterance = [Int16](repeating: 5, count: count)
        #expect(UtteranceCutter.pieces(of: utterance, longest: Self.longest) == [utterance[...]])
    }

    @Test func theCutIsInTheGapBetweenWords() throws {
        let sound = ToneSource(frequency: 400).samples(milliseconds: 5_000)
        let gap = [Int16](repeating: 0, count: 2_400)
        let pieces = UtteranceCutter.pieces(of: sound + gap + sound, longest: Self.longest)
        #expect(pieces.count == 2)
        let cut = try #require(pieces.first).endIndex
        #expect((sound.count + 480..<sound.count + gap.count - 480).contains(cut))
    }

    @Test func theTailBeginsInAGapBetweenWords() {
        let sound = ToneSource(frequency: 400).samples(milliseconds: 5_000)
        let gap = [Int16](repeating: 0, count: 2_400)
        let long = sound + gap + sound
        #expect(UtteranceCutter.tail(of: sound, longest: Self.longest) == sound[...])
        let tail = UtteranceCutter.tail(of: long, longest: Self.longest)
        #expect((sound.count + 480..<sound.count + gap.count - 480).contains(tail.startIndex))
        #expect(tail.endIndex == long.endIndex)
    }

    @Test(arguments: [48_001, 100_000, 333_333])
    func theTailIsTheEndAndNotTooLong(_ count: Int) {
        let utterance = NonSpeech.noise(amplitude: 8_000, count: count)
        let tail = UtteranceCutter.tail(of: utterance, longest: Self.longest)
        #expect((Self.longest * 3 / 4...Self.longest).contains(tail.count))
        #expect(Array(utterance.suffix(tail.count)) == Array(tail))
    }

    @Test(arguments: [48_001, 100_000, 333_333])
    func nothingIsLostAndNoPieceIsTooLong(_ count: Int) {
        let utterance = NonSpeech.noise(amplitude: 8_000, count: count)
        let pieces = UtteranceCutter.pieces(of: utterance, longest: Self.longest)
        #expect(pieces.flatMap(\.self) == utterance)
        #expect(pieces.allSatisfy { $0.count <= Self.longest })
        #expect(pieces.dropLast().allSatisfy { $0.count >= Self.longest / 3 })
    }

    @Test func anUtteranceThatEndsInLineNoiseGetsMoreOfIt() {
        let speech = (0..<8_000).map { Int16(10_000 * sin(Double($0) / 5)) }
        let noise = (0..<512).map { Int16(($0 * 7_919) % 41 - 20) }
        let longer = UtteranceCutter.withQuietEnd((speech + noise)[...])
        #expect(longer.count == 8_000 + 512 + 1_600)
        #expect(Array(longer.prefix(8_512)) == speech + noise)
        #expect(longer.suffix(1_600).allSatisfy { abs($0) <= 20 } && Set(longer.suffix(1_600)).count > 10)
    }

    @Test func anUtteranceThatIsCutInAWordStaysAsItIs() {
        let speech = (0..<8_000).map { Int16(10_000 * sin(Double($0) / 5)) }
        #expect(UtteranceCutter.withQuietEnd(speech[...]) == speech)
        #expect(UtteranceCutter.withQuietEnd([]).isEmpty)
    }
}
