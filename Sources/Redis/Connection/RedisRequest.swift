import NIOCore
import Synchronization

/// Commands that go out together, and whether anybody still wants them.
final class RedisRequest: Sendable {
    let id: Int
    /// How many replies there will be.
    let commands: Int
    let bytes: ByteBuffer
    /// Whether the server may take its time by design.
    let isBlocking: Bool
    private let cancelled = Mutex(false)

    /// Makes a request.
    init(id: Int, _ commands: [RedisCommand], isBlocking: Bool) {
        self.id = id
        self.commands = commands.count
        self.isBlocking = isBlocking
        var bytes = ByteBuffer()
        for command in commands { command.encode(into: &bytes) }
        self.bytes = bytes
    }

    /// Whether nobody wants it any more.
    var isCancelled: Bool { cancelled.withLock { $0 } }

    /// Notes that nobody wants it any more, also when it has not been sent yet.
    func cancel() {
        cancelled.withLock { $0 = true }
    }
}
