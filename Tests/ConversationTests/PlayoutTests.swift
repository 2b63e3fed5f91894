import TestSupport
import Testing

@testable import Conversation

struct PlayoutTests {
    private func open(turn: Int = 1) -> Playout {
        var playout = Playout(configuration: PlayoutConfiguration())
        playout.begin(turn: turn)
        return playout
    }

    private func audio(in commands: [LineCommand]) -> [UInt8] {
        Array(commands.compactMap { if case .audio(let audio) = $0 { audio } else { nil } }.joined())
    }

    private func marks(in commands: [LineCommand]) -> [String] {
        commands.compactMap { if case .mark(let name) = $0 { name } else { nil } }
    }

    @Test func firstAudioGoesOutAtOnceUpToTheLead() {
        var playout = open()
        playout.enqueue([UInt8](repeating: 1, count: 8000))
        let commands1 = playout.advance(nowMs: 5000)
        #expect(audio(in: commands1).count == 400 * 8)
        let commands2 = playout.advance(nowMs: 5000)
        #expect(commands2.isEmpty)
        #expect(playout.nextDeadlineMs == 5100)
        let commands3 = playout.advance(nowMs: 5100)
        #expect(audio(in: commands3).count == 100 * 8)
    }

    @Test func lastFrameIsPaddedWithSilence() {
        var playout = open()
        playout.enqueue([UInt8](repeating: 1, count: 200))
        let commands4 = playout.advance(nowMs: 0)
        #expect(audio(in: commands4).count == 160)
        playout.close()
        let commands = playout.advance(nowMs: 0)
        #expect(audio(in: commands) == [UInt8](repeating: 1, count: 40) + [UInt8](repeating: 0xFF, count: 120))
        #expect(marks(in: commands).count == 1)
        #expect(commands.last == .mark(marks(in: commands)[0]))
    }

    @Test func nothingComesAfterTheCut() {
        var playout = open()
        playout.enqueue([UInt8](repeating: 1, count: 80_000))
        _ = playout.advance(nowMs: 0)
        playout.cut()
        let commands5 = playout.advance(nowMs: 10_000)
        #expect(commands5.isEmpty)
        #expect(playout.nextDeadlineMs == nil)
        #expect(!playout.hasSentAudio)
        #expect(playout.playedMs(nowMs: 10_000) == 0)
    }

    @Test func marksOfACutAnswerMeanNothingToTheNext() {
        var playout = open(turn: 1)
        playout.enqueue([UInt8](repeating: 1, count: 3200))
        let stale = marks(in: playout.advance(nowMs: 0))
        playout.cut()
        // The same turn again: only the generation tells the two apart.
        playout.begin(turn: 1)
        playout.enqueue([UInt8](repeating: 1, count: 3200))
        playout.close()
        let fresh = marks(in: playout.advance(nowMs: 500))
        #expect(Set(stale).isDisjoint(with: fresh))
        for name in stale {
            let echo = playout.echo(name, nowMs: 501)
            #expect(echo == nil)
        }
        #expect(playout.playedMs(nowMs: 501) == 1)
        let echoes = fresh.enumerated().map { playout.echo($1, nowMs: 520 + 200 * $0) }
        #expect(echoes == [Playout.Echo(isFirst: true), Playout.Echo(), Playout.Echo(isEnd: true)])
    }

    @Test func nextAnswerAfterACutStartsAtOnce() {
        var playout = open()
        playout.enqueue([UInt8](repeating: 1, count: 8000))
        _ = playout.advance(nowMs: 0)
        playout.cut()
        playout.begin(turn: 2)
        playout.enqueue([UInt8](repeating: 2, count: 8000))
        let commands9 = playout.advance(nowMs: 10)
        #expect(audio(in: commands9).count == 400 * 8)
    }

    @Test func answerWhoseLastMarkIsLostEndsAllTheSame() {
        var playout = open()
        playout.enqueue([UInt8](repeating: 1, count: 1600))
        playout.close()
        _ = playout.advance(nowMs: 0)
        #expect(playout.nextDeadlineMs == 1700)
        let hasExpired10 = playout.expire(nowMs: 1699)
        #expect(!hasExpired10)
        let hasExpired11 = playout.expire(nowMs: 1700)
        #expect(hasExpired11)
        #expect(!playout.isActive)
        let hasExpired12 = playout.expire(nowMs: 1800)
        #expect(!hasExpired12)
    }

    @Test func lateMarkImpliesAllLostBeforeIt() {
        var playout = open()
        playout.enqueue([UInt8](repeating: 1, count: 400 * 8))
        playout.close()
        let names = marks(in: playout.advance(nowMs: 0))
        #expect(names.count == 3)
        let echo = playout.echo(names[2], nowMs: 450)
        #expect(echo == Playout.Echo(isEnd: true))
    }

    @Test func audioAfterTheCloseIsRefused() {
        var playout = open()
        playout.enqueue([UInt8](repeating: 1, count: 160))
        playout.close()
        playout.enqueue([UInt8](repeating: 2, count: 160))
        let commands14 = playout.advance(nowMs: 0)
        #expect(audio(in: commands14) == [UInt8](repeating: 1, count: 160))
    }

    @Test(arguments: [(0, 20), (10, 20), (20, 20), (400, 0), (60, 500)])
    func odderSettingsNeverAskToBeWokenInVain(leadMs: Int, batchMs: Int) {
        var configuration = PlayoutConfiguration()
        configuration.leadMs = leadMs
        configuration.batchMs = batchMs
        var playout = Playout(configuration: configuration)
        playout.begin(turn: 1)
        playout.enqueue([UInt8](repeating: 1, count: 8000))
        var nowMs = 1000
        _ = playout.advance(nowMs: nowMs)
        for _ in 0..<20 {
            guard let deadlineMs = playout.nextDeadlineMs else { break }
            nowMs = max(nowMs, deadlineMs)
            let commands15 = playout.advance(nowMs: nowMs)
            #expect(!audio(in: commands15).isEmpty)
        }
    }

    @Test(arguments: 0..<200)
    func audioIsPacedMarkedAndWhole(seed: Int) {
        var random = SeededRandom(seed: seed)
        var playout = open()
        var farEnd = FarEnd()
        var made: [UInt8] = []
        var unmarkedMs = 0
        var nowMs = Int.random(in: 0...1000, using: &random)
        var isClosed = false
        while playout.isActive {
            if !isClosed {
                let chunk = [UInt8](repeating: .random(in: 0...255, using: &random), count: .random(in: 0...4000, using: &random))
                playout.enqueue(chunk)
                made += chunk
                if random.once(in: 10) {
                    isClosed = true
                    playout.close()
                }
            }
            let commands = playout.advance(nowMs: nowMs)
            for command in commands {
                farEnd.take(command, nowMs: nowMs)
                if case .audio(let audio) = command { unmarkedMs += audio.count / 8 } else { unmarkedMs = 0 }
                #expect(unmarkedMs <= 200)
            }
            #expect(farEnd.bufferEndsAtMs - nowMs <= 400)
            nowMs += Int.random(in: 0...250, using: &random)
            if isClosed, let deadlineMs = playout.nextDeadlineMs { nowMs = max(nowMs, deadlineMs) }
            for name in farEnd.echoesDue(nowMs: nowMs) { _ = playout.echo(name, nowMs: nowMs) }
            if isClosed, let echoMs = farEnd.nextEchoAtMs { nowMs = max(nowMs, min(echoMs, playout.nextDeadlineMs ?? .max)) }
        }
        #expect(farEnd.played.count.isMultiple(of: 160))
        #expect(farEnd.played.starts(with: made))
        #expect(farEnd.played.dropFirst(made.count).allSatisfy { $0 == 0xFF })
        #expect(farEnd.played.count - made.count < 160)
        #expect(unmarkedMs == 0)
    }
}
