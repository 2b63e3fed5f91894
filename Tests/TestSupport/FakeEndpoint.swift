import NIOCore
import NIOPosix
import Synchronization
import TwilioTwin

/// An HTTP endpoint whose answers a test writes byte by byte: it can stall, lie, break off and talk garbage, as real ones do.
package struct FakeEndpoint: Sendable {
    /// A request as it came in.
    package struct Request: Sendable {
        package var method: String
        /// Path and query.
        package var target: String
        /// Names in lower case.
        package var headers: [String: String]
        package var body: String
        package var bodyBytes: [UInt8]
        /// Which connection it came on, counted from 0: equal numbers mean that a connection was used again.
        package var connection: Int
    }

    /// The way back to a client.
    package struct Answer: Sendable {
        fileprivate let channel: any NIOCore.Channel

        /// Writes bytes as they are, and returns once the system has them: an endpoint that then closes loses none.
        package func raw(_ text: String) async throws { try await write(ByteBuffer(string: text)) }

        private func write(_ bytes: ByteBuffer) async throws {
            // A client that does not read must not keep a test that is over.
            try await withTaskCancellationHandler {
                try await channel.writeAndFlush(bytes).get()
            } onCancel: {
                channel.close(promise: nil)
            }
        }

        /// Writes a whole answer.
        package func whole(_ body: String, status: String = "200 OK", type: String = "application/json", headers: String = "") async throws {
            try await raw("HTTP/1.1 \(status)\r\nContent-Type: \(type)\r\n\(headers)Content-Length: \(body.utf8.count)\r\n\r\n\(body)")
        }

        /// Writes the head of an answer in chunks.
        package func begin(type: String, status: String = "200 OK") async throws {
            try await raw("HTTP/1.1 \(status)\r\nContent-Type: \(type)\r\nTransfer-Encoding: chunked\r\n\r\n")
        }

        /// Writes a chunk.
        package func chunk(_ bytes: [UInt8]) async throws {
            var buffer = ByteBuffer(string: String(bytes.count, radix: 16) + "\r\n")
            buffer.writeBytes(bytes)
            buffer.writeString("\r\n")
            try await write(buffer)
        }

        /// Writes a chunk.
        package func chunk(_ text: String) async throws { try await chunk(Array(text.utf8)) }

        /// Writes the end of an answer in chunks.
        package func end() async throws { try await raw("0\r\n\r\n") }

        /// Waits until the client has gone or the test is over: a stall.
        package func stall() async throws {
            let never = AsyncStream<Void> { _ in }
            for await _ in never {}
            throw CancellationError()
        }
    }

    /// Answers a request; throwing closes the connection.
    package typealias Handler = @Sendable (Request, Answer) async throws -> Void

    private typealias Channel = NIOAsyncChannel<ByteBuffer, ByteBuffer>

    private final class Log: Sendable {
        let requests = Mutex<[Request]>([])
        let connections = Mutex(0)
    }

    /// The port it listens on.
    package let port: Int
    private let log: Log

    /// Its address, without a slash at the end.
    package var url: String { "http://127.0.0.1:\(port)" }

    /// What came in so far.
    package var requests: [Request] { log.requests.withLock(\.self) }

    /// Runs an endpoint while `body` runs.
    package static func withEndpoint<Value: Sendable>(_ handler: @escaping Handler, _ body: (FakeEndpoint) async throws -> Value) async throws
        -> Value
    {
        let log = Log()
        let listener = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .bind(host: "127.0.0.1", port: 0) { channel in
                channel.eventLoop.makeCompletedFuture { try Channel(wrappingChannelSynchronously: channel) }
            }
        let port = listener.channel.localAddress?.port ?? 0
        return try await listener.serving { connection in
            let number = log.connections.withLock { count in
                defer { count += 1 }
                return count
            }
            try? await talk(on: connection, number: number, handler, log)
        } while: {
            try await body(FakeEndpoint(port: port, log: log))
        }
    }

    /// Answers requests, one after the other, until either side has enough; a client that goes ends an answer in progress.
    private static func talk(on channel: Channel, number: Int, _ handler: @escaping Handler, _ log: Log) async throws {
        try await channel.executeThenClose { inbound, _ in
            try await withThrowingTaskGroup(of: Void.self) { group in
                let (requests, queue) = AsyncStream.makeStream(of: Request.self)
                group.addTask {
                    for await request in requests {
                        // What is in the log has reached the handler, also if the client leaves right away.
                        log.requests.withLock { $0.append(request) }
                        try await handler(request, Answer(channel: channel.channel))
                    }
                }
                group.addTask {
                    var bytes = ByteBuffer()
                    for try await piece in inbound {
                        bytes.writeImmutableBuffer(piece)
                        while let request = take(from: &bytes, connection: number) {
                            queue.yield(request)
                        }
                    }
                    queue.finish()
                    throw CancellationError()
                }
                defer { group.cancelAll() }
                try await group.next()
            }
        }
    }

    private static func take(from bytes: inout ByteBuffer, connection: Int) -> Request? {
        let view = bytes.readableBytesView
        guard let headEnd = view.firstRange(of: Array("\r\n\r\n".utf8)) else { return nil }
        let lines = String(decoding: view[..<headEnd.lowerBound], as: UTF8.self).split(separator: "\r\n")
        let first = lines.first?.split(separator: " ").map(String.init) ?? []
        var headers: [String: String] = [:]
        for line in lines.dropFirst() {
            let parts = line.split(separator: ":", maxSplits: 1)
            guard parts.count == 2 else { continue }
            headers[parts[0].lowercased()] = parts[1].trimmingPrefix { $0 == " " }.description
        }
        let headLength = headEnd.upperBound - view.startIndex
        guard let body = body(after: headLength, in: bytes, headers: headers) else { return nil }
        bytes.moveReaderIndex(forwardBy: headLength + body.length)
        return Request(
            method: first.first ?? "",
            target: first.count > 1 ? first[1] : "",
            headers: headers,
            body: String(decoding: body.bytes, as: UTF8.self),
            bodyBytes: body.bytes,
            connection: connection
        )
    }

    private static func body(after headLength: Int, in bytes: ByteBuffer, headers: [String: String]) -> (bytes: [UInt8], length: Int)? {
        let start = bytes.readerIndex + headLength
        guard headers["transfer-encoding"] == "chunked" else {
            let length = headers["content-length"].flatMap { Int($0) } ?? 0
            return bytes.getBytes(at: start, length: length).map { ($0, length) }
        }
        var body: [UInt8] = []
        var place = start
        while let line = bytes.getSlice(at: place, length: bytes.writerIndex - place)?.readableBytesView.firstRange(of: Array("\r\n".utf8)) {
            let sizeLength = line.lowerBound
            guard let sizeText = bytes.getString(at: place, length: sizeLength - 0), let size = Int(sizeText, radix: 16),
                let chunk = bytes.getBytes(at: place + sizeLength + 2, length: size),
                bytes.writerIndex >= place + sizeLength + 2 + size + 2
            else { return nil }
            body += chunk
            place += sizeLength + 2 + size + 2
            if size == 0 { return (body, place - start) }
        }
        return nil
    }
}

/// Returns a free port below the range from which the system assigns ports, so that no other test gets it.
package func freePort() async throws -> Int {
    for port in (20000..<30000).shuffled().prefix(50) {
        guard let listener = try? await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup).bind(host: "127.0.0.1", port: port).get()
        else { continue }
        try await listener.close()
        return port
    }
    throw WaitedInVain(description: "none of fifty ports from 20000 to 29999 is free")
}
