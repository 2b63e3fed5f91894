import TestSupport
import Testing

@testable import TwilioTwin

/// Twilio's playout buffer, rule by rule and then all at once.
@Suite struct PlayoutBufferTests {
    @Test func markWithNothingBeforeItComesBackAtOnce() {
        var buffer = PlayoutBuffer()
        let isDue = buffer.enqueue(mark: "now")
        #expect(isDue)
        #expect(buffer.pendingMarks.isEmpty)
        let played = buffer.advance(samples: 160)
        #expect(played.marks.isEmpty)
    }

    @Test func markComesBackInTheIntervalThatPlaysTheAudioBeforeIt() {
        var buffer = PlayoutBuffer()
        _ = buffer.enqueue([UInt8](repeating: 1, count: 200))
        let isDue = buffer.enqueue(mark: "end")
        #expect(!isDue)
        let returned = (0..<3).map { _ in buffer.advance(samples: 160).marks }
        #expect(returned == [[], ["end"], []])
    }

    @Test func silenceFollowsTheAudioThatRunsOut() {
        var buffer = PlayoutBuffer()
        _ = buffer.enqueue([1, 2, 3])
        let played = buffer.advance(samples: 5)
        #expect(played.audio == [1, 2, 3, 0xFF, 0xFF])
        #expect(played.fromServer == 3)
    }

    @Test func clearReturnsAllMarksInOrderAndDropsTheAudio() {
        var buffer = PlayoutBuffer()
        for name in ["a", "b", "a"] {
            _ = buffer.enqueue([1, 1])
            _ = buffer.enqueue(mark: name)
        }
        let returned = buffer.clear()
        #expect(returned == ["a", "b", "a"])
        #expect(buffer.clearedBytes == 6)
        let played = buffer.advance(samples: 2)
        #expect(played.fromServer == 0)
        let nothing = buffer.clear()
        #expect(nothing.isEmpty)
    }

    @Test func audioAfterAClearPlaysAsUsual() {
        var buffer = PlayoutBuffer()
        _ = buffer.enqueue([1, 1, 1])
        _ = buffer.clear()
        _ = buffer.enqueue([7])
        let isDue = buffer.enqueue(mark: "new")
        #expect(!isDue)
        let played = buffer.advance(samples: 1)
        #expect(played.audio == [7])
        #expect(played.marks == ["new"])
    }

    @Test func moreThanTenMinutesAreThrownAway() {
        var buffer = PlayoutBuffer()
        let minute = [UInt8](repeating: 1, count: 60 * 8000)
        let ten = (0..<10).map { _ in buffer.enqueue(minute) }
        #expect(ten.allSatisfy { $0 == .queued })
        let more = buffer.enqueue([1])
        #expect(more == .discarded)
        #expect(buffer.discardedBytes == 1)
        _ = buffer.advance(samples: 160)
        let later = buffer.enqueue([1])
        #expect(later == .queued)
    }

    @Test func breakInSpeechIsAnUnderrunAndAPauseIsNot() {
        var buffer = PlayoutBuffer()
        _ = buffer.enqueue([UInt8](repeating: 1, count: 80))
        for _ in 0..<3 { _ = buffer.advance(samples: 160) }
        _ = buffer.enqueue([UInt8](repeating: 1, count: 160))
        _ = buffer.advance(samples: 160)
        #expect(buffer.underruns == 1)
        for _ in 0..<50 { _ = buffer.advance(samples: 160) }
        _ = buffer.enqueue([UInt8](repeating: 1, count: 160))
        _ = buffer.advance(samples: 160)
        #expect(buffer.underruns == 1)
    }

    @Test(arguments: UInt64(1)...40)
    func everyMarkReturnsOnceInOrderAndNoAudioIsLost(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        var run = BufferRun()
        for _ in 0..<600 { run.step(Int.random(in: 0..<10, using: &random), size: Int.random(in: 0..<700, using: &random)) }
        run.drain()
        #expect(run.returned == run.sent)
        #expect(run.faultyReturns == 0)
        #expect(run.played == run.expectedPlayed)
        #expect(run.buffer.playedBytes + run.buffer.clearedBytes == run.enqueuedBytes)
    }
}

/// A buffer beside the plainest model of it: a list of bytes and marks.
private struct BufferRun {
    private enum Item { case byte(UInt8), mark(Int) }

    var buffer = PlayoutBuffer()
    var sent: [String] = []
    var returned: [String] = []
    var played: [UInt8] = []
    var expectedPlayed: [UInt8] = []
    var enqueuedBytes = 0
    /// Marks that came back earlier or later than the model says.
    var faultyReturns = 0
    private var model: [Item] = []
    /// Items of the model that are done with.
    private var done = 0

    mutating func step(_ choice: Int, size: Int) {
        switch choice {
        case 0...3: enqueue(size)
        case 4...5: mark()
        case 6: clear()
        default: advance(size)
        }
    }

    mutating func drain() {
        while buffer.queuedBytes > 0 { advance(1000) }
    }

    private mutating func enqueue(_ size: Int) {
        let bytes = (0..<size).map { UInt8(truncatingIfNeeded: enqueuedBytes + $0) }
        _ = buffer.enqueue(bytes)
        model += bytes.map { .byte($0) }
        enqueuedBytes += size
    }

    private mutating func mark() {
        let name = "mark \(sent.count)"
        sent.append(name)
        let isDue = buffer.enqueue(mark: name)
        if isDue != (done == model.count) { faultyReturns += 1 }
        if isDue { returned.append(name) } else { model.append(.mark(sent.count - 1)) }
    }

    private mutating func clear() {
        returned += buffer.clear()
        done = model.count
    }

    private mutating func advance(_ samples: Int) {
        let result = buffer.advance(samples: samples)
        returned += result.marks
        played += result.audio.prefix(result.fromServer)
        var due: [String] = []
        var left = samples
        scan: while done < model.count {
            switch model[done] {
            case .byte(let byte) where left > 0:
                expectedPlayed.append(byte)
                left -= 1
            case .mark(let index): due.append(sent[index])
            case .byte: break scan
            }
            done += 1
        }
        if due != result.marks { faultyReturns += 1 }
    }
}
