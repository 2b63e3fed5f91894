import Conversation
import NIOCore
import NIOPosix
import Synchronization
import TestSupport
import Testing

@testable import VoiceServer

/// The home of an event loop's calls.
@Suite(.timeLimit(.minutes(10))) struct CallLoopTests {
    /// Engines that have nothing to do, and what a call tells.
    private final class Record: Assistant, Transcriber, Synthesizer, CallLine, CallObserver {
        let providerName = "idle"
        let events = Mutex<[CallEvent]>([])

        func reply(to conversation: [ConversationTurn]) -> AsyncThrowingStream<AssistantOutput, any Error> { AsyncThrowingStream { nil } }
        func transcribe(_ utterance: [Int16]) async throws -> Transcription { Transcription(text: "") }
        func speak(_ text: String) -> AsyncThrowingStream<SpeechChunk, any Error> { AsyncThrowingStream { nil } }
        func send(_ command: LineCommand) {}
        func observe(_ event: CallEvent) { events.withLock { $0.append(event) } }
    }

    private struct Silence: VoiceActivityDetector, VoiceActivityStream {
        func makeStream() -> any VoiceActivityStream { self }
        mutating func process(_ samples: [Int16]) throws -> [Float] { [] }
    }

    private func call(on home: CallLoop, _ record: Record, limitMs: Int) -> CallSession {
        var configuration = CallMachine.Configuration()
        configuration.longestCallMs = limitMs
        return CallSession(
            configuration: configuration,
            engines: CallEngines(voiceActivity: Silence(), transcriber: record, assistant: record, synthesizer: record),
            line: record,
            observer: record,
            home: home
        )
    }

    @Test func callsAreWokenAtTheirDeadlinesAndNoEarlier() async {
        let ticks = Mutex<[Int]>([])
        let home = CallLoop(MultiThreadedEventLoopGroup.singleton.any()) { lateMs in ticks.withLock { $0.append(lateMs) } }
        await withTaskGroup { group in
            for limitMs in [15, 40, 42] {
                let record = Record()
                let call = call(on: home, record, limitMs: limitMs)
                group.addTask {
                    let begunMs = home.nowMs
                    await call.begin()
                    await call.run()
                    #expect(home.nowMs >= begunMs + limitMs)
                    #expect(record.events.withLock { $0.last } == .stopped(reason: "time_limit"))
                }
            }
        }
        #expect(ticks.withLock { !$0.isEmpty && $0.allSatisfy { $0 >= 0 } })
    }

    @Test func aThreadThatIsHeldUpIsToldAsLate() async throws {
        let worstMs = Mutex(0)
        let loop = MultiThreadedEventLoopGroup.singleton.any()
        let home = CallLoop(loop) { lateMs in worstMs.withLock { $0 = max($0, lateMs) } }
        let call = call(on: home, Record(), limitMs: 20)
        try await loop.submit {
            call.assumeIsolated { $0.begin() }
            let endMs = home.nowMs + 150
            while home.nowMs < endMs {}
        }.get()
        await call.run()
        #expect(worstMs.withLock { $0 } >= 100)
    }

    @Test func callsAreSharedEvenlyThoughEachMakesTwoConnections() async throws {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 2)
        let loops = CallLoops(group) { _ in }
        let server = try await ServerBootstrap(group: group).bind(host: "127.0.0.1", port: 0).get()
        let port = try #require(server.localAddress?.port)
        var counts: [ObjectIdentifier: Int] = [:]
        for _ in 0..<20 {
            // The webhook's connection, and then that of the media.
            _ = group.next()
            loops.steer()
            let eventLoop = group.next()
            let media = try await ClientBootstrap(group: eventLoop).connect(host: "127.0.0.1", port: port).get()
            #expect(loops.enter(media).eventLoop === eventLoop)
            counts[ObjectIdentifier(eventLoop), default: 0] += 1
        }
        #expect(counts.values.sorted() == [10, 10])
        try await group.shutdownGracefully()
    }
}
