import TestSupport
import Testing

@testable import Conversation

/// How well the heard position is known, against a far end that knows it.
struct PlayoutPositionTests {
    /// Plays an answer that is made at random speeds, some slower than real time, and compares at every millisecond.
    ///
    /// - Returns: the largest error found, in ms.
    private func largestError(seed: Int, delayMs: ClosedRange<Int>, echoes: Bool = true) -> Int {
        var random = SeededRandom(seed: seed)
        var playout = Playout(configuration: PlayoutConfiguration())
        var farEnd = FarEnd()
        var nowMs = 0
        var claims: [Int] = []
        var error = 0
        var sent = 0
        playout.begin(turn: 1)
        let endMs = Int.random(in: 500...4000, using: &random)
        let slowness = Int.random(in: 1...60, using: &random)
        while playout.isActive, nowMs < 20_000 {
            if nowMs < endMs, random.once(in: slowness) { playout.enqueue([UInt8](repeating: 1, count: Int.random(in: 1...800, using: &random))) }
            if nowMs == endMs { playout.close() }
            for command in playout.advance(nowMs: nowMs) {
                farEnd.take(command, nowMs: nowMs, echoDelayMs: Int.random(in: delayMs, using: &random))
                if case .audio = command { sent += 20 }
            }
            let claimed = playout.playedMs(nowMs: nowMs)
            if claimed > sent || claimed < claims.last ?? 0 { Issue.record("claimed \(claimed) of \(sent) after \(claims.last ?? 0)") }
            claims.append(claimed)
            error = max(error, abs(claimed - farEnd.heardMs(nowMs: nowMs)))
            nowMs += 1
            for name in farEnd.echoesDue(nowMs: nowMs) where echoes { _ = playout.echo(name, nowMs: nowMs) }
            _ = playout.expire(nowMs: nowMs)
        }
        return error
    }

    @Test(arguments: 0..<60)
    func heardPositionIsRightWithin200Milliseconds(seed: Int) {
        #expect(largestError(seed: seed, delayMs: 0...150) <= 200)
    }

    @Test(arguments: 0..<30)
    func lineThatNeverEchoesIsReckonedByTheClock(seed: Int) {
        #expect(largestError(seed: seed, delayMs: 0...0, echoes: false) <= 20)
    }

    /// Plays a long answer; what becomes of each mark is said by `echo`, which is told its place and gives its delay, nil for never.
    ///
    /// - Returns: how far the claims were from what was heard, at each millisecond.
    private func errors(ms: Int, echo: (Int) -> Int?) -> [Int] {
        var playout = Playout(configuration: PlayoutConfiguration())
        var farEnd = FarEnd()
        var echoes: [(atMs: Int, name: String)] = []
        var sent = 0
        var last = 0
        playout.begin(turn: 1)
        playout.enqueue([UInt8](repeating: 1, count: ms * 8))
        playout.close()
        return (0..<ms).map { nowMs in
            for command in playout.advance(nowMs: nowMs) {
                farEnd.take(command, nowMs: nowMs)
                switch command {
                case .audio: sent += 20
                case .mark(let name): if let delayMs = echo(sent) { echoes.append((max(farEnd.bufferEndsAtMs, nowMs) + delayMs, name)) }
                case .clear, .hangUp: break
                }
            }
            for (_, name) in echoes.filter({ $0.atMs <= nowMs }).sorted(by: { $0.atMs < $1.atMs }) { _ = playout.echo(name, nowMs: nowMs) }
            echoes.removeAll { $0.atMs <= nowMs }
            let claimed = playout.playedMs(nowMs: nowMs)
            if claimed > sent || claimed < last { Issue.record("claimed \(claimed) of \(sent) after \(last)") }
            last = claimed
            return claimed - farEnd.heardMs(nowMs: nowMs)
        }
    }

    @Test func marksThatStopComingBackStopNothingForLong() {
        let errors = errors(ms: 20_000) { $0 < 5000 ? 0 : nil }
        #expect(errors.prefix(5000).allSatisfy { abs($0) <= 20 })
        #expect(errors.allSatisfy { (-1700...20).contains($0) }, "at most a mark's distance and the wait for it")
        #expect(errors.dropFirst(7000).allSatisfy { abs($0) <= 20 }, "from then on the clock counts")
    }

    @Test func marksThatComeBackLateAndAllAtOnceChangeNothing() {
        // Those from 5 to 9 s come together, at about 9 s.
        let errors = errors(ms: 20_000) { (5000..<9000).contains($0) ? 9000 - $0 : 0 }
        #expect(errors.allSatisfy { (-1700...20).contains($0) })
        #expect(errors.dropFirst(9100).allSatisfy { abs($0) <= 20 })
    }

    @Test(arguments: 0..<20)
    func marksThatAreLostSinglyCostNoMoreThanTheirDistance(seed: Int) {
        var random = SeededRandom(seed: seed)
        let errors = errors(ms: 10_000) { _ in random.once(in: 4) ? nil : 0 }
        #expect(errors.allSatisfy { (-1700...20).contains($0) })
        #expect(errors.filter { $0 < -450 }.count < 500)
    }
}
