import Audio
import TestSupport
import Testing

@Suite struct NonSpeechClipsTests {
    @Test func thereAreAHundredWithNamesOfTheirOwn() {
        #expect(NonSpeechClips.all.count == 100)
        #expect(Set(NonSpeechClips.all.map(\.name)).count == 100)
    }

    @Test(arguments: NonSpeechClips.all) func clipLastsTwoToFourSeconds(clip: NonSpeechClips.Clip) {
        #expect((2 * 8000...4 * 8000).contains(clip.samples.count))
    }

    @Test(arguments: NonSpeechClips.all.filter { $0.name.hasPrefix("white") || $0.name.hasPrefix("pink") })
    func hissIsAsLoudAsItsNameSays(clip: NonSpeechClips.Clip) throws {
        let level = try #require(Double(clip.name.split(separator: " ")[2]))
        #expect(abs(Loudness(of: clip.samples).rms - level) < 0.2)
    }

    @Test func noTwoClipsAreAlike() {
        #expect(Set(NonSpeechClips.all.map(\.samples)).count == 100)
    }
}
