import Audio
import CAllocations
import Conversation
import Engines
import Synchronization
import Twilio

// What a caller's frame costs from its message to the call's decision, without the socket: reading, voice activity, the machine.
extension Suite {
    /// The cost of a frame and the memory asked for.
    static let frames = Suite(name: "frames", summary: "a caller's frames of 20 ms through a call, without the socket") { plan in
        let silence = [UInt8](repeating: MuLaw.silence, count: 160)
        let noise = Clip.noise.map { MuLaw.encode($0) }
        let speech = try Clip("two-turns").frames.map { MuLaw.encode($0) }
        return try [("silence", [silence]), ("a quiet line's noise", noise), ("speech", speech)].flatMap { name, payloads in
            let caller = try FrameCaller(payloads)
            // A call has heard something before.
            caller.speak(frames: 500)
            let before = agentos_allocations()
            caller.speak(frames: 1000)
            let perFrame = Double(agentos_allocations() - before) / 1000
            return [
                Batches.measure("a frame, \(name)", "us", nsPerUnit: 1e3, units: 50, plan) { caller.speak(frames: 50) },
                Row("  blocks of memory asked for, a frame", "blocks", [perFrame]),
            ]
        }
    }
}

/// A caller whose frames go to a call on this thread.
private final class FrameCaller {
    private let home = ThisThread()
    private let call: CallSession
    private let payloads: [[UInt8]]
    private var count = 0
    private var json: [UInt8] = []

    init(_ payloads: [[UInt8]]) throws {
        self.payloads = payloads
        let idle = IdleEngines()
        call = CallSession(
            configuration: CallMachine.Configuration(),
            engines: CallEngines(
                voiceActivity: try SileroVoiceActivityDetector(installation: .locate()),
                transcriber: idle,
                assistant: idle,
                synthesizer: idle
            ),
            line: idle,
            observer: idle,
            home: home
        )
        call.assumeIsolated { $0.begin() }
    }

    func speak(frames: Int) {
        for _ in 0..<frames {
            let media = StreamMedia(chunk: count + 1, timestamp: count * 20, payload: payloads[count % payloads.count], streamSid: "MZ1")
            json.removeAll(keepingCapacity: true)
            MediaStreamCoding.encode(.media(media, sequenceNumber: count + 2), into: &json)
            home.pass(ms: 20)
            count += 1
            guard case .media(let read, _)? = try? MediaStreamCoding.decodeTwilioMessage(json.span) else {
                preconditionFailure("a frame was not read")
            }
            call.assumeIsolated { $0.take(.audio(read.payload, timestampMs: read.timestamp)) }
        }
    }
}

/// A home whose clock is moved by hand, for a call that is used by one thread alone.
private final class ThisThread: CallHome {
    private let now = Atomic(0)

    var nowMs: Int { now.load(ordering: .relaxed) }

    func pass(ms: Int) { now.add(ms, ordering: .relaxed) }

    func wake(_ call: CallSession, atMs momentMs: Int) {}
    func enqueue(_ job: consuming ExecutorJob) {}
    func asUnownedSerialExecutor() -> UnownedSerialExecutor { UnownedSerialExecutor(ordinary: self) }
    func checkIsolated() {}
}

/// Engines that are asked for nothing: the work of this call is not run.
private struct IdleEngines: Transcriber, Assistant, Synthesizer, CallLine, CallObserver {
    let providerName = "idle"

    func transcribe(_ utterance: [Int16]) async throws -> Transcription { Transcription(text: "") }
    func reply(to conversation: [ConversationTurn]) -> AsyncThrowingStream<AssistantOutput, any Error> { AsyncThrowingStream { nil } }
    func speak(_ text: String) -> AsyncThrowingStream<SpeechChunk, any Error> { AsyncThrowingStream { nil } }
    func send(_ command: LineCommand) {}
    func observe(_ event: CallEvent) {}
}
