import NIOPosix
import TestSupport
import Testing

@testable import VoiceServer

/// What waits for a socket's reader and writer.
@Suite struct MailboxTests {
    @Test func whatWaitsIsTakenTogetherAndInOrder() async {
        let mailbox = Mailbox<Int>()
        for number in 1...3 { #expect(mailbox.put(number)) }
        #expect(await mailbox.next() == [1, 2, 3])
        #expect(mailbox.count == 0)
    }

    @Test func aFullOneTakesNothingMoreAndKeepsWhatItHas() async {
        let mailbox = Mailbox<Int>(limit: 2)
        #expect([1, 2, 3].map(mailbox.put) == [true, true, false])
        #expect(await mailbox.next() == [1, 2])
        #expect(mailbox.put(4))
    }

    @Test func whatWaitsAtTheEndIsStillTaken() async {
        let mailbox = Mailbox<Int>()
        #expect(mailbox.put(1))
        mailbox.end()
        _ = mailbox.put(2)
        #expect(await mailbox.next() == [1])
        #expect(await mailbox.next() == nil)
    }

    @Test(.timeLimit(.minutes(10))) func aCancelledReaderGetsNothing() async {
        let mailbox = Mailbox<Int>()
        let taken = await withTaskGroup(of: [Int]?.self) { group in
            group.addTask { await mailbox.next() }
            group.cancelAll()
            return await group.next() ?? [0]
        }
        #expect(taken == nil)
    }

    @Test(.timeLimit(.minutes(10))) func nothingIsLostBetweenManyWritersAndAReader() async {
        let mailbox = Mailbox<(writer: Int, number: Int)>()
        let taken = await withTaskGroup(of: [(writer: Int, number: Int)].self) { group in
            group.addTask {
                var taken: [(writer: Int, number: Int)] = []
                while let waiting = await mailbox.next() { taken += waiting }
                return taken
            }
            await withDiscardingTaskGroup { writers in
                for writer in 0..<4 {
                    writers.addTask {
                        for number in 0..<500 {
                            _ = mailbox.put((writer, number))
                            if number.isMultiple(of: 7) { await Task.yield() }
                        }
                    }
                }
            }
            mailbox.end()
            return await group.next() ?? []
        }
        for writer in 0..<4 { #expect(taken.filter { $0.writer == writer }.map(\.number) == Array(0..<500)) }
    }
}

/// The clock that calls run on.
@Suite struct EventLoopCallClockTests {
    @Test(.timeLimit(.minutes(10))) func itWakesACallNoEarlierThanItSays() async throws {
        let clock = EventLoopCallClock(MultiThreadedEventLoopGroup.singleton.any())
        try await clock.sleep(untilMs: 30)
        #expect(clock.nowMs >= 30)
        try await clock.sleep(untilMs: 0)
    }

    @Test(.timeLimit(.minutes(10))) func aCallThatIsOverIsNotWaitedFor() async {
        let clock = EventLoopCallClock(MultiThreadedEventLoopGroup.singleton.any())
        await withTaskGroup { group in
            group.addTask {
                await #expect(throws: CancellationError.self) { try await clock.sleep(untilMs: 3_600_000) }
            }
            group.cancelAll()
        }
        #expect(clock.nowMs < 3_600_000)
    }
}
