import Audio
import Testing

@testable import Conversation

@Suite struct EchoReferenceTests {
    /// Audio that decodes to one value.
    private func audio(_ code: UInt8, ms: Int) -> [UInt8] { [UInt8](repeating: code, count: ms * 8) }

    private func value(_ code: UInt8) -> Float { Float(MuLaw.decode([code])[0]) }

    @Test func audioIsDueAfterWhatWasSentBefore() {
        var reference = EchoReference()
        reference.append(audio(0x10, ms: 100), mediaMs: 1000)
        reference.append(audio(0x20, ms: 100), mediaMs: 1000)
        #expect(reference.samples(from: 1099 * 8, count: 16) == Array(repeating: value(0x10), count: 8) + Array(repeating: value(0x20), count: 8))
        #expect(reference.samples(from: 999 * 8, count: 16) == Array(repeating: 0, count: 8) + Array(repeating: value(0x10), count: 8))
    }

    @Test func nothingIsDueWhereTheLineRanDry() {
        var reference = EchoReference()
        reference.append(audio(0x10, ms: 20), mediaMs: 0)
        reference.append(audio(0x20, ms: 20), mediaMs: 50)
        #expect(reference.samples(from: 20 * 8, count: 240).allSatisfy { $0 == 0 })
        #expect(reference.samples(from: 50 * 8, count: 1) == [value(0x20)])
    }

    @Test func clearDropsAllButWhatMayBeOnItsWay() {
        var reference = EchoReference()
        reference.append(audio(0x10, ms: 400), mediaMs: 0)
        reference.clear(mediaMs: 100)
        #expect(reference.samples(from: 0, count: 260 * 8).allSatisfy { $0 == value(0x10) })
        #expect(reference.samples(from: 260 * 8, count: 140 * 8).allSatisfy { $0 == 0 })
        #expect(reference.audibleTo == 260 * 8)
        reference.append(audio(0x20, ms: 20), mediaMs: 120)
        #expect(reference.samples(from: 120 * 8, count: 1) == [value(0x20)])
    }

    @Test func onlyTheNewestTwoSecondsAreKept() {
        var reference = EchoReference()
        for index in 0..<500 { reference.append(audio(0x10, ms: 20), mediaMs: index * 20) }
        #expect(reference.samples(from: 8000 * 8, count: 16_000).allSatisfy { $0 == value(0x10) })
        #expect(reference.samples(from: 7000 * 8, count: 1000).allSatisfy { $0 == 0 })
    }

    @Test func silenceIsNotAudible() {
        var reference = EchoReference()
        reference.append(audio(MuLaw.silence, ms: 100), mediaMs: 0)
        #expect(reference.audibleTo == nil)
    }
}
