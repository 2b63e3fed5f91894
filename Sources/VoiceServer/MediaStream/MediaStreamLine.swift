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

    private let queue = Mailbox<Outgoing>(limit: mostWaiting)
    private let streamSid = Mutex<String?>(nil)
    private let finishedAt = Mutex<ContinuousClock.Instant?>(nil)

    /// Lets audio through, to this stream; before, and on one-way streams, the call's commands go nowhere.
    func open(streamSid: String) {
        self.streamSid.withLock { $0 = streamSid }
    }

    /// What ``Mailbox/next()`` gives, for the one writer.
    func next() async -> [Outgoing]? { await queue.next() }

    func send(_ command: LineCommand) {
        if case .hangUp = command { return close(.normal, "") }
        guard let streamSid = streamSid.withLock(\.self) else { return }
        switch command {
        case .audio(let payload): send(.message(.media(payload: payload, streamSid: streamSid)))
        case .mark(let name): send(.message(.mark(name: name, streamSid: streamSid)))
        case .clear: send(.message(.clear(streamSid: streamSid)))
        case .hangUp: break
        }
    }

    /// Queues something; a full queue ends the line.
    func send(_ outgoing: Outgoing) {
        if !queue.put(outgoing) { finish() }
    }

    /// Closes the socket after all that is queued.
    func close(_ code: CloseCode, _ reason: String) {
        send(.close(code.rawValue, reason))
        finish()
    }

    /// Ends the queue: nothing more is sent.
    func finish() {
        finishedAt.withLock { $0 = $0 ?? .now }
        queue.end()
    }

    /// Whether the queue has ended: nothing more is sent.
    var isFinished: Bool { finishedAt.withLock { $0 != nil } }

    /// Whether the queue ended so long ago that a peer that reads would have had it all.
    func isOverdue(after patience: Duration) -> Bool {
        finishedAt.withLock { $0.map { $0.duration(to: .now) >= patience } ?? false }
    }

    /// Why a socket is closed (RFC 6455, section 7.4.1).
    enum CloseCode: UInt16, Sendable {
        case normal = 1000
        case policy = 1008
    }
}
