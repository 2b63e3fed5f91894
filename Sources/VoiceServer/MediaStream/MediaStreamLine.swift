import Conversation
import Synchronization
import Twilio

/// The way out of one media socket: a bounded queue between the call, which never waits, and the socket, which may.
///
/// A peer that does not read for about ten seconds of audio has its socket closed.
final class MediaStreamLine: CallLine {
    /// Messages that wait for the peer.
    static let mostWaiting = 500

    /// Something for the socket.
    enum Outgoing: Sendable {
        case message(ServerMessage)
        /// A JSON event, for clients that are not Twilio.
        case event(String)
        case ping
        case pong([UInt8])
        case close(UInt16, String)
    }

    private struct State {
        var waiting: [Outgoing] = []
        var streamSid: String?
        var finishedAt: ContinuousClock.Instant?
        /// Resumes the writer.
        var writer: CheckedContinuation<Void, Never>?
    }

    private let state = Mutex(State())

    /// Lets audio through, to this stream; before, and on one-way streams, the call's commands go nowhere.
    func open(streamSid: String) {
        state.withLock { $0.streamSid = streamSid }
    }

    /// Everything that waits for the socket, in order, as soon as there is something; nil after the end. For one writer.
    func next() async -> [Outgoing]? {
        await withTaskCancellationHandler {
            while !Task.isCancelled {
                let (waiting, isFinished) = state.withLock { state in
                    defer { state.waiting = [] }
                    return (state.waiting, state.finishedAt != nil)
                }
                if !waiting.isEmpty { return waiting }
                if isFinished { return nil }
                await withCheckedContinuation { continuation in
                    let isDue = state.withLock { state in
                        let isDue = !state.waiting.isEmpty || state.finishedAt != nil || Task.isCancelled
                        if !isDue { state.writer = continuation }
                        return isDue
                    }
                    if isDue { continuation.resume() }
                }
            }
            return nil
        } onCancel: {
            change { _ in }
        }
    }

    func send(_ command: LineCommand) {
        if case .hangUp = command { return close(.normal, "") }
        guard let streamSid = state.withLock(\.streamSid) else { return }
        switch command {
        case .audio(let payload): send(.message(.media(payload: payload, streamSid: streamSid)))
        case .mark(let name): send(.message(.mark(name: name, streamSid: streamSid)))
        case .clear: send(.message(.clear(streamSid: streamSid)))
        case .hangUp: break
        }
    }

    /// Queues something; a full queue ends the line.
    func send(_ outgoing: Outgoing) {
        change { state in
            guard state.finishedAt == nil else { return }
            if state.waiting.count < Self.mostWaiting { state.waiting.append(outgoing) } else { state.finishedAt = .now }
        }
    }

    /// Closes the socket after all that is queued.
    func close(_ code: CloseCode, _ reason: String) {
        send(.close(code.rawValue, reason))
        finish()
    }

    /// Ends the queue: nothing more is sent.
    func finish() {
        change { $0.finishedAt = $0.finishedAt ?? .now }
    }

    /// Changes the state and has the writer look at it.
    private func change(_ body: (inout State) -> Void) {
        let writer = state.withLock { state in
            body(&state)
            defer { state.writer = nil }
            return state.writer
        }
        writer?.resume()
    }

    /// Whether the queue has ended: nothing more is sent.
    var isFinished: Bool { state.withLock { $0.finishedAt != nil } }

    /// Whether the queue ended so long ago that a peer that reads would have had it all.
    func isOverdue(after patience: Duration) -> Bool {
        state.withLock { $0.finishedAt.map { $0.duration(to: .now) >= patience } ?? false }
    }

    /// Why a socket is closed (RFC 6455, section 7.4.1).
    enum CloseCode: UInt16, Sendable {
        case normal = 1000
        case policy = 1008
    }
}
