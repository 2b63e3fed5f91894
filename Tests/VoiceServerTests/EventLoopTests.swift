import Conversation
import NIOCore
import NIOPosix
import Synchronization
import TestSupport
import Testing

@testable import VoiceServer

/// What may take long leaves the event loop that carries a call.
@Suite struct EventLoopTests {
    /// Engines that note whether they were asked on the call's event loop.
    private final class Engines: ToolRunner, Assistant, Transcriber, Synthesizer {
        let providerName = "watchful"
        let loop: any EventLoop
        let places = Mutex<[String: Bool]>([:])

        init(_ loop: any EventLoop) { self.loop = loop }

        private func note(_ what: String) { places.withLock { $0[what] = $0[what] == true || loop.inEventLoop } }

        func run(_ call: ToolCall) async -> ToolOutcome {
            note("tool")
            return ToolOutcome(.done, "done")
        }

        func reply(to conversation: [ConversationTurn]) -> AsyncThrowingStream<AssistantOutput, any Error> {
            note("request")
            let outputs = Mutex<[AssistantOutput]>(
                conversation.contains { $0.tool != nil } ? [.text("Done.")] : [.toolCall(ToolCall(id: "1", name: "book", arguments: "{}"))]
            )
            return AsyncThrowingStream {
                self.note("answer")
                return outputs.withLock { $0.isEmpty ? nil : $0.removeFirst() }
            }
        }

        func transcribe(_ utterance: [Int16]) async throws -> Transcription {
            note("recognition")
            return Transcription(text: "book a table")
        }

        func speak(_ text: String) -> AsyncThrowingStream<SpeechChunk, any Error> {
            note("voice")
            return AsyncThrowingStream { nil }
        }
    }

    private struct Silence: VoiceActivityDetector, VoiceActivityStream {
        func makeStream() -> any VoiceActivityStream { self }
        mutating func process(_ samples: [Int16]) throws -> [Float] { [] }
    }

    private final class Sink: CallLine, CallObserver {
        let loop: any EventLoop
        /// Whether each event was told on the call's event loop.
        let places = Mutex<[Bool]>([])

        init(_ loop: any EventLoop) { self.loop = loop }

        func send(_ command: LineCommand) {}
        func observe(_ event: CallEvent) { places.withLock { $0.append(loop.inEventLoop) } }
    }

    @Test func workThatMayTakeLongRunsElsewhere() async {
        let loop = MultiThreadedEventLoopGroup.singleton.any()
        let isElsewhere = await Inhabitant(CallLoop(loop) { _ in }).worksElsewhere()
        #expect(isElsewhere)
    }

    /// Something that lives on a call loop.
    private actor Inhabitant {
        private nonisolated let home: CallLoop
        nonisolated var unownedExecutor: UnownedSerialExecutor { home.asUnownedSerialExecutor() }

        init(_ home: CallLoop) { self.home = home }

        func worksElsewhere() async -> Bool {
            #expect(home.eventLoop.inEventLoop)
            let isElsewhere = await offEventLoop { [home] in !home.eventLoop.inEventLoop }
            #expect(home.eventLoop.inEventLoop, "and the caller comes back")
            return isElsewhere
        }
    }

    @Test(.timeLimit(.minutes(10))) func theEnginesOfACallWorkElsewhere() async throws {
        let loop = MultiThreadedEventLoopGroup.singleton.any()
        let engines = Engines(loop)
        let sink = Sink(loop)
        var configuration = CallMachine.Configuration()
        configuration.tools = ["book": ToolPlan(.service)]
        configuration.greeting = "Hello."
        let session = CallSession(
            configuration: configuration,
            engines: CallEngines(
                voiceActivity: Silence(),
                transcriber: engines,
                assistant: engines,
                synthesizer: engines,
                tools: engines
            ),
            line: sink,
            observer: sink,
            home: CallLoop(loop) { _ in }
        )
        await withTaskGroup { group in
            group.addTask { await session.run() }
            group.addTask {
                await session.begin()
                await session.take(.digit("1"))
                await session.take(.digit("#"))
                try? await eventually("the tool has run") { engines.places.withLock { $0["tool"] != nil && $0["voice"] != nil } }
                await session.take(.stopped("over"))
            }
        }
        let places = engines.places.withLock(\.self)
        #expect(Set(places.keys).isSuperset(of: ["tool", "request", "answer", "voice"]))
        let misplaced = places.filter(\.value).keys.sorted()
        #expect(misplaced == [], "these ran on the event loop")
        let events = sink.places.withLock(\.self)
        #expect(!events.isEmpty && !events.contains(false), "the call itself stays there")
    }
}
