import Diagnostics
import Synchronization
import Twilio

/// Runs one ``TwinStream`` on a real socket and a real clock.
///
/// Three tasks share the stream under a lock: one reads the socket, one ticks every 20 ms on an absolute schedule, one writes. What the stream decides
/// goes to the writer's queue in the order decided, so sequence numbers leave in order. When the server reads slowly the queue grows; beyond
/// two seconds of frames the caller's audio is thrown away, as Twilio does, so the queue is bounded by what the server itself makes it hold.
/// A queue that grows because this machine is busy is not the server's fault, and nothing is thrown away.
final class StreamConductor: Sendable {
    /// What the three tasks share.
    private struct State {
        var stream: TwinStream
        /// Messages queued and not written yet.
        var unwritten = 0
        var ending: StreamEnding?
    }

    /// What a task reports when it is done.
    private enum Part: Sendable {
        /// The server closed, or the connection broke.
        case read(StreamEnding)
        /// Everything queued is written, or the connection broke.
        case wrote(StreamEnding?)
        case ticked
        case outOfPatience
    }

    /// What the server gets to close its end, once ours has nothing more to say.
    private static let patience = Duration.seconds(1)
    /// Two seconds of frames.
    private static let congestion = 100
    /// More messages than any live stream has waiting: the server asks for marks and reads none.
    private static let queueLimit = 20_000

    /// `<Connect>` rather than `<Start>`.
    let isTwoWay: Bool
    private let state: Mutex<State>
    private let log: CallLog
    private let outbox: AsyncStream<TwilioMessage>
    private let queue: AsyncStream<TwilioMessage>.Continuation

    init(_ stream: TwinStream, log: CallLog) {
        isTwoWay = stream.configuration.isTwoWay
        state = Mutex(State(stream: stream))
        self.log = log
        (outbox, queue) = AsyncStream.makeStream(of: TwilioMessage.self, bufferingPolicy: .bufferingOldest(Self.queueLimit))
    }

    /// The stream as it stands.
    var stream: TwinStream { state.withLock { $0.stream } }

    /// How the stream ended; nil while it runs.
    var ending: StreamEnding? { state.withLock { $0.ending } }

    /// Ends the stream because the call is over.
    func callEnded() { apply { $0.finish(.callEnded) } }

    /// Ends the stream because the call does something else from now on.
    func callUpdated() { apply { $0.finish(.callUpdated) } }

    /// Runs the stream until either side ends it.
    func run(inbound: MediaSocketInbound, outbound: MediaSocketOutbound, clock: any Clock<Duration>) async -> StreamEnding {
        apply { $0.begin() }
        await withTaskGroup(of: Part.self) { group in
            // A failed write is a symptom: what the reader still finds, a close frame above all, is the reason.
            var fallback = StreamEnding.socketLost("the server did not close the socket")
            group.addTask { .read(await self.read(inbound)) }
            group.addTask { .wrote(await self.write(outbound)) }
            group.addTask {
                await self.tick(clock, outbound)
                return .ticked
            }
            while let part = await group.next() {
                switch part {
                case .read(let ending):
                    self.apply { $0.finish(ending) }
                    group.cancelAll()
                case .wrote(let failure):
                    fallback = failure ?? fallback
                    if self.ending == .callerCutSocket { group.cancelAll() }
                    group.addTask {
                        try? await clock.sleep(for: Self.patience)
                        return .outOfPatience
                    }
                case .outOfPatience:
                    self.apply { $0.finish(fallback) }
                    group.cancelAll()
                case .ticked:
                    break
                }
            }
        }
        return ending ?? .socketLost("cancelled")
    }

    private func read(_ inbound: MediaSocketInbound) async -> StreamEnding {
        do {
            for try await message in inbound {
                switch message {
                case .text(let text): apply { $0.receive(text: text) }
                case .binary(let binary): apply { $0.receive(binary: binary) }
                case .closed(let code): return .serverClosed(code: code)
                }
            }
            return .socketLost("the connection ended without a close frame")
        } catch {
            return .socketLost(ConnectionTrouble(error).reason)
        }
    }

    /// Writes what is queued; nil when the stream is over and everything is written.
    private func write(_ outbound: MediaSocketOutbound) async -> StreamEnding? {
        var json: [UInt8] = []
        do {
            for await message in outbox {
                json.removeAll(keepingCapacity: true)
                MediaStreamCoding.encode(message, into: &json)
                try await outbound.text(json)
                state.withLock { $0.unwritten -= 1 }
            }
            if let ending, ending.saysStop { try await outbound.close(code: 1000) }
            return nil
        } catch {
            return .socketLost(ConnectionTrouble(error).reason)
        }
    }

    private func tick(_ clock: some Clock<Duration>, _ outbound: MediaSocketOutbound) async {
        let start = clock.now
        var frame = 1
        while ending == nil {
            do {
                try await clock.sleep(until: start.advanced(by: .milliseconds(frame * CallerScript.frameMs)), tolerance: nil)
            } catch {
                return
            }
            let isCongested = outbound.isBlocked && state.withLock { $0.unwritten > Self.congestion }
            apply { $0.tick(isCongested: isCongested) }
            frame += 1
        }
    }

    /// Lets the stream decide and carries it out, in the same order.
    private func apply(_ decide: (inout TwinStream) -> [TwinStream.Output]) {
        let events = state.withLock { state in
            var events: [TwinEvent.Kind] = []
            for output in decide(&state.stream) { carryOut(output, in: &state, events: &events) }
            return events
        }
        for event in events { log.record(event) }
    }

    private func carryOut(_ output: TwinStream.Output, in state: inout State, events: inout [TwinEvent.Kind]) {
        switch output {
        case .send(let message):
            state.unwritten += 1
            if case .dropped = queue.yield(message) { end(.socketLost("the server does not read"), in: &state) }
        case .event(let kind):
            events.append(kind)
        case .end(let ending):
            end(ending, in: &state)
        }
    }

    private func end(_ ending: StreamEnding, in state: inout State) {
        state.ending = state.ending ?? ending
        queue.finish()
    }
}
