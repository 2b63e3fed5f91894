import NIOCore
import NIOWebSocket

/// The frames of a media socket, also those that come after it was closed on our side.
///
/// A socket that is closed with unread bytes in it resets the connection, and a reset takes the close frame from a peer that has not read it yet.
/// So after our close the socket is read on, until the peer closes or ``MediaStreamSocket/Patience/close`` has passed, when the channel closes.
struct SocketFrames {
    /// The most bytes that are read after our close; a peer that sends more is left waiting for the rest of the patience.
    static let mostDiscarded = 16 << 20

    private let inbox: SocketInbox
    /// Frames that were taken from the inbox, the next one last.
    private var taken: [WebSocketFrame] = []
    private let line: MediaStreamLine
    private let patience: Duration
    private var discarded = 0
    private var hasEnded = false

    /// Reads a socket whose way out is `line`.
    init(_ inbox: SocketInbox, line: MediaStreamLine, patience: Duration) {
        self.inbox = inbox
        self.line = line
        self.patience = patience
    }

    /// The next frame; nil after the peer's close, or once the socket has ended, also by an error, such as a message over the limit.
    mutating func next() async -> WebSocketFrame? {
        guard !hasEnded else { return nil }
        guard discarded < Self.mostDiscarded else {
            // A cancelled wait means that the socket is being closed.
            try? await Task.sleep(for: patience)
            hasEnded = true
            return nil
        }
        if taken.isEmpty, let waiting = await inbox.next() { taken = waiting.reversed() }
        let frame = taken.popLast()
        hasEnded = frame == nil || frame?.opcode == .connectionClose
        // An empty frame takes room, too.
        if let frame, line.isFinished { discarded += frame.length + 2 }
        return frame
    }

    /// Reads on until the peer has closed.
    mutating func drain() async {
        while await next() != nil {}
    }
}
