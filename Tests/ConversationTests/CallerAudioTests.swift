import Audio
import TestSupport
import Testing

@testable import Conversation

struct CallerAudioTests {
    /// 20 ms whose every sample decodes to the same value, unlike silence.
    private func frame(_ code: UInt8 = 0x10, ms: Int = 20) -> [UInt8] { [UInt8](repeating: code, count: ms * 8) }

    private func value(_ code: UInt8) -> Int16 { MuLaw.decode([code])[0] }

    @Test func firstStampAnchorsTheClock() {
        var audio = CallerAudio()
        let new1 = audio.append(frame(), timestampMs: 57)
        #expect(new1.count == 160)
        #expect(audio.endMs == 77)
        #expect(audio.slice(fromMs: 57, toMs: 77) == [Int16](repeating: value(0x10), count: 160))
        #expect(audio.slice(fromMs: 0, toMs: 57).isEmpty)
    }

    @Test func jitterOfStampsIsIgnored() {
        var audio = CallerAudio()
        for (index, jitter) in [0, 15, -1, 40, 30, 12, 60, 45].enumerated() {
            let new2 = audio.append(frame(), timestampMs: 100 + index * 20 + jitter)
            #expect(new2.count == 160)
        }
        #expect(audio.endMs == 260)
    }

    @Test func holeIsFilledWithSilenceSoThatMediaTimeStaysTrue() {
        var audio = CallerAudio()
        _ = audio.append(frame(0x10), timestampMs: 0)
        let new = audio.append(frame(0x20), timestampMs: 500)
        #expect(new.count == 500 * 8)
        #expect(audio.endMs == 520)
        #expect(audio.slice(fromMs: 20, toMs: 500).allSatisfy { $0 == 0 })
        #expect(audio.slice(fromMs: 500, toMs: 520) == [Int16](repeating: value(0x20), count: 160))
    }

    @Test func longHoleMovesTheClockWithoutBeingFilledWhole() {
        var audio = CallerAudio()
        _ = audio.append(frame(0x10), timestampMs: 0)
        let new3 = audio.append(frame(0x20), timestampMs: 60_000)
        #expect(new3.count == 2020 * 8)
        #expect(audio.endMs == 60_020)
        #expect(audio.slice(fromMs: 60_000, toMs: 60_020) == [Int16](repeating: value(0x20), count: 160))
    }

    @Test func wordsBeforeALongHoleCanStillBeSliced() {
        var audio = CallerAudio()
        for index in 0..<50 { _ = audio.append(frame(0x10), timestampMs: index * 20) }
        _ = audio.append(frame(0x20), timestampMs: 30_000)
        #expect(audio.slice(fromMs: 200, toMs: 1300) == [Int16](repeating: value(0x10), count: 800 * 8))
    }

    @Test func repeatsAndFramesFromThePastAreDropped() {
        var audio = CallerAudio()
        for stamp in stride(from: 0, to: 400, by: 20) { _ = audio.append(frame(), timestampMs: stamp) }
        let new4 = audio.append(frame(), timestampMs: 380)
        #expect(new4.isEmpty)
        let new5 = audio.append(frame(), timestampMs: 200)
        #expect(new5.isEmpty)
        let new6 = audio.append(frame(), timestampMs: 0)
        #expect(new6.isEmpty)
        let new7 = audio.append(frame(), timestampMs: 400)
        #expect(new7.count == 160)
        #expect(audio.endMs == 420)
    }

    @Test func framesWithoutStampsFollowEachOther() {
        var audio = CallerAudio()
        _ = audio.append(frame(), timestampMs: nil)
        _ = audio.append(frame(), timestampMs: -5)
        _ = audio.append(frame(), timestampMs: .max)
        _ = audio.append(frame(), timestampMs: .min)
        #expect(audio.endMs == 80)
    }

    @Test(arguments: [
        ("all the same", [Int](repeating: 5, count: 400)),
        ("ever lower", (0..<400).map { 1_000_000 - $0 * 20 }),
        ("set back to zero", (0..<100).map { 500_000 + $0 * 20 } + (0..<300).map { $0 * 20 }),
        ("one leap of an hour", (0..<400).map { $0 == 50 ? 3_600_000 : $0 * 20 }),
        ("one leap of 10^12", (0..<400).map { $0 == 50 ? 1_000_000_000_000 : $0 * 20 }),
        ("leap to 10^12 and on from there", (0..<400).map { $0 < 50 ? $0 * 20 : 1_000_000_000_000 + $0 * 20 }),
        ("milliseconds since 1970", (0..<400).map { 1_790_000_000_000 + $0 * 20 }),
    ])
    func strangeClockDoesNotMakeTheCallDeaf(kind: (name: String, stamps: [Int])) {
        var audio = CallerAudio()
        var heard = 0
        for stamp in kind.stamps where !audio.append(frame(), timestampMs: stamp).isEmpty { heard += 1 }
        #expect(heard >= 385, "\(kind.name)")
    }

    @Test(arguments: 0..<50)
    func wildStampsNeverTakeMoreThanBoundedMemory(seed: Int) {
        var random = SeededRandom(seed: seed)
        var audio = CallerAudio(capacityMs: 5000)
        var lastEndMs = 0
        for _ in 0..<400 {
            let stamps: [Int?] = [nil, -1, 0, .max, .min, 1_000_000_000_000, 4000, Int.random(in: 0...20_000_000_000, using: &random), audio.endMs]
            let new = audio.append(frame(), timestampMs: stamps.randomElement(using: &random) ?? nil)
            #expect(new.count <= 2020 * 8)
            #expect(audio.keptMs <= 3 * 5000 + 2020)
            #expect(audio.endMs >= lastEndMs)
            #expect(audio.slice(fromMs: audio.endMs - new.count / 8, toMs: audio.endMs) == new)
            lastEndMs = audio.endMs
        }
    }

    @Test func trimmingKeepsTheLastCapacity() {
        var audio = CallerAudio(capacityMs: 1000)
        for index in 0..<500 { _ = audio.append(frame(UInt8(index % 100)), timestampMs: index * 20) }
        #expect(audio.keptMs <= 2000)
        let last = audio.slice(fromMs: 9000, toMs: 10_000)
        #expect(last == (450..<500).flatMap { [Int16](repeating: value(UInt8($0 % 100)), count: 160) })
    }

    @Test func trimmingOddFramesKeepsPlacesExact() {
        var audio = CallerAudio(capacityMs: 500)
        for _ in 0..<1000 { _ = audio.append([UInt8](repeating: 1, count: 161), timestampMs: nil) }
        #expect(audio.endMs == 161_000 / 8)
    }

    @Test func forgettingLeavesWhatIsStillNeeded() {
        var audio = CallerAudio()
        for index in 0..<500 { _ = audio.append(frame(UInt8(index % 100)), timestampMs: index * 20) }
        audio.forget(beforeMs: 9700)
        #expect(audio.keptMs == 300)
        #expect(audio.slice(fromMs: 9700, toMs: 10_000).count == 300 * 8)
        #expect(audio.slice(fromMs: 0, toMs: 9720) == [Int16](repeating: value(85), count: 160))
    }
}
