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
}
