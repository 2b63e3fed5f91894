import NIOCore
import NIOHTTP1

/// Bounds on what the peers of connections may take of the server.
struct ConnectionLimits: Sendable {
    /// Bytes of one WebSocket message; a larger one ends the connection with code 1009.
    var messageBytes = 256 * 1024
    /// Bytes of one header of a request.
    var headerBytes = 16 * 1024
    /// Bytes of all headers of a request together.
    var headBytes = 64 * 1024
    /// Headers of a request.
    var headerCount = 100
    /// How long a connection may take over its first request head, a TLS handshake included.
    var firstRequest = TimeAmount.seconds(15)
    /// How long a request may take from its head to its end, however steadily it trickles.
    var request = TimeAmount.seconds(15)
    /// How long a connection may take from one answer to the whole head of the next request, or an answer without anything moving.
    var idle = TimeAmount.seconds(75)
    /// Connections that wait for a request or are in the middle of one; one more, and the one that has waited longest is closed.
    var waiting = 1000
    /// Connections of all kinds; the rest wait in the system's queue.
    var connections = Int.max

    /// Makes the limits of a process that may have so many files and sockets open.
    init(descriptors: Int) {
        waiting = min(waiting, max(8, descriptors / 4))
        // The store, the log, journals and what the process cannot name need some, too.
        connections = max(2 * waiting, descriptors - max(64, descriptors / 8))
    }

    /// The bounds on a request's head as the decoder wants them.
    var decoder: NIOHTTPDecoderLimitConfiguration {
        var decoder = NIOHTTPDecoderLimitConfiguration()
        decoder.maxHeaderFieldSize = headerBytes
        decoder.maxHeaderListSize = headBytes
        decoder.maxHeaderFieldCount = headerCount
        return decoder
    }
}
