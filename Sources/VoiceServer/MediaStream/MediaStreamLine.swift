import Conversation
import NIOCore
import NIOWebSocket
import Twilio

/// The way out of one media socket: a bounded queue between the call, which never waits, and the socket, which may.
///
/// What is sent in one turn of the event loop leaves in one flush. A peer that does not read for about ten seconds of audio has its socket closed.
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
        var streamSid: String?
        /// What finds no room in the socket's own buffer.
        var waiting: [Outgoing] = []
        var isFlushing = false
        var isFinished = false
        /// Where messages are written as JSON.
        var json: [UInt8] = []
    }

    private let channel: any Channel
    private let patience: Duration
    private let state: NIOLoopBoundBox<State>

    /// Makes the way out of `channel`, on its event loop; `patience` is how long a peer has to answer our close.
    init(_ channel: any Channel, patience: Duration) {
        self.channel = channel
        self.patience = patience
        state = NIOLoopBoundBox(State(), eventLoop: channel.eventLoop)
    }

    /// Lets audio through, to this stream; before, and on one-way streams, the call's commands go nowhere.
    func open(streamSid: String) {
        onLoop { self.state.value.streamSid = streamSid }
    }

    func send(_ command: LineCommand) {
        // The call lives on the event loop and sends fifty frames a second: nothing is allocated to get there.
        if channel.eventLoop.inEventLoop { perform(command) } else { onLoop { self.perform(command) } }
    }

    /// Queues something; a full queue ends the line.
    func send(_ outgoing: Outgoing) {
        onLoop { self.put(outgoing) }
    }

    /// Closes the socket after all that is queued.
    func close(_ code: CloseCode, _ reason: String) {
        onLoop {
            self.put(.close(code.rawValue, reason))
            self.finish()
        }
    }

    /// Whether nothing more is sent; on the event loop.
    var isFinished: Bool { state.value.isFinished }

    /// Sends what waits, as far as the socket has room for it; on the event loop.
    func drain() {
        var sent = 0
        while channel.isWritable, sent < state.value.waiting.count {
            write(state.value.waiting[sent])
            sent += 1
        }
        state.value.waiting.removeFirst(sent)
    }

    /// Sends all that was written; on the event loop.
    func flush() {
        state.value.isFlushing = false
        channel.flush()
    }

    /// Why a socket is closed (RFC 6455, section 7.4.1).
    enum CloseCode: UInt16, Sendable {
        case normal = 1000
        case policy = 1008
    }
}

extension MediaStreamLine {
    private func onLoop(_ body: @escaping @Sendable () -> Void) {
        if channel.eventLoop.inEventLoop { body() } else { channel.eventLoop.execute(body) }
    }

    private func perform(_ command: LineCommand) {
        if case .hangUp = command { return close(.normal, "") }
        guard let streamSid = state.value.streamSid else { return }
        switch command {
        case .audio(let payload): put(.message(.media(payload: payload, streamSid: streamSid)))
        case .mark(let name): put(.message(.mark(name: name, streamSid: streamSid)))
        case .clear: put(.message(.clear(streamSid: streamSid)))
        case .hangUp: break
        }
    }

    private func put(_ outgoing: Outgoing) {
        guard !isFinished else { return }
        if state.value.waiting.isEmpty, channel.isWritable { return write(outgoing) }
        guard state.value.waiting.count < Self.mostWaiting else { return finish() }
        state.value.waiting.append(outgoing)
    }

    /// Lets nothing more in; a peer that does not close its side soon is cut off.
    private func finish() {
        guard !isFinished else { return }
        state.value.isFinished = true
        channel.eventLoop.scheduleTask(in: TimeAmount(patience)) { [channel] in channel.close(promise: nil) }
    }

    private func write(_ outgoing: Outgoing) {
        channel.write(frame(outgoing), promise: nil)
        guard !state.value.isFlushing else { return }
        state.value.isFlushing = true
        channel.eventLoop.execute { self.flush() }
    }

    private func frame(_ outgoing: Outgoing) -> WebSocketFrame {
        switch outgoing {
        case .message(let message): WebSocketFrame(fin: true, opcode: .text, data: payload(of: message))
        case .event(let text): WebSocketFrame(fin: true, opcode: .text, data: ByteBuffer(string: text))
        case .ping: WebSocketFrame(fin: true, opcode: .ping, data: ByteBuffer())
        case .pong(let data): WebSocketFrame(fin: true, opcode: .pong, data: ByteBuffer(bytes: data))
        case .close(let code, let reason): .close(code, reason)
        }
    }

    /// A message as JSON, with room before it for the frame's header, so that both leave in one piece.
    private func payload(of message: ServerMessage) -> ByteBuffer {
        let header = 14
        state.value.json.removeAll(keepingCapacity: true)
        MediaStreamCoding.encode(message, into: &state.value.json)
        var buffer = channel.allocator.buffer(capacity: header + state.value.json.count)
        buffer.moveWriterIndex(forwardBy: header)
        buffer.moveReaderIndex(forwardBy: header)
        buffer.writeBytes(state.value.json)
        return buffer
    }
}

extension WebSocketFrame {
    /// A close frame; the reason is cut to what a control frame holds.
    fileprivate static func close(_ code: UInt16, _ reason: String) -> WebSocketFrame {
        var data = ByteBuffer()
        data.writeInteger(code)
        data.writeBytes(Array(reason.utf8.prefix(120)))
        return WebSocketFrame(fin: true, opcode: .connectionClose, data: data)
    }
}
