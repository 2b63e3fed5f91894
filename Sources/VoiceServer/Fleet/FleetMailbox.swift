import Foundation
import Logging
import Redis
import Synchronization

/// Asks other servers and answers them: an inbox of each in Redis, where answers come, too.
final class FleetMailbox: Sendable {
    /// How long what is asked waits to be read; a server that comes back later must not act on old words.
    private static let lifetimeMs = 5000
    /// How long one look into the inbox may wait.
    private static let look = Duration.seconds(2)
    /// The pause after Redis could not be asked.
    private static let pause = Duration.milliseconds(250)

    private let node: String
    private let client: RedisClient
    private let logger: Logger
    private let waiting = Mutex<[String: AsyncStream<Bool>.Continuation]>([:])

    /// Makes the mailbox of a server.
    init(node: String, client: RedisClient, logger: Logger) {
        self.node = node
        self.client = client
        self.logger = logger
    }

    /// Asks a server for something; nil when it does not answer in time.
    func ask(_ other: String, _ kind: FleetMessage.Kind, session: String, reason: String? = nil, within patience: Duration) async throws -> Bool? {
        let message = FleetMessage(id: UUID().uuidString, from: node, kind: kind, session: session, reason: reason)
        let (answers, continuation) = AsyncStream<Bool>.makeStream()
        waiting.withLock { $0[message.id] = continuation }
        defer { waiting.withLock { $0[message.id] = nil } }
        try await send(message, to: other)
        return await withTaskGroup { group in
            group.addTask { await answers.first { _ in true } }
            group.addTask {
                try? await Task.sleep(for: patience)
                return nil
            }
            let answer = await group.next() ?? nil
            group.cancelAll()
            return answer
        }
    }

    /// Reads the inbox until cancelled; `answer` does what is asked and says whether it was done, or nil to send no answer.
    func run(answer: @escaping @Sendable (FleetMessage) async -> Bool?) async {
        await withDiscardingTaskGroup { group in
            while !Task.isCancelled {
                guard client.isConnected else {
                    try? await Task.sleep(for: Self.pause)
                    continue
                }
                do {
                    try await client.withConnection { connection in
                        while !Task.isCancelled {
                            let command = RedisCommand("BLPOP", FleetKeys.inbox(node), String(Self.look.components.seconds))
                            let reply = try await connection.wait(for: command, patience: Self.look)
                            guard let text = reply.items?.last?.text else { continue }
                            guard let message = FleetMessage(text: text) else {
                                logger.warning("A message from another server cannot be read")
                                continue
                            }
                            take(message, in: &group, answer: answer)
                        }
                    }
                } catch {
                    // The client says in the log that Redis is away.
                    try? await Task.sleep(for: Self.pause)
                }
            }
        }
    }

    private func take(
        _ message: FleetMessage,
        in group: inout DiscardingTaskGroup,
        answer: @escaping @Sendable (FleetMessage) async -> Bool?
    ) {
        guard message.kind != .answer else {
            return waiting.withLock { _ = $0[message.id]?.yield(message.isDone ?? false) }
        }
        group.addTask {
            guard let isDone = await answer(message) else { return }
            let reply = FleetMessage(id: message.id, from: self.node, kind: .answer, session: message.session, isDone: isDone)
            // Whoever asked takes no answer for a no.
            try? await self.send(reply, to: message.from)
        }
    }

    private func send(_ message: FleetMessage, to other: String) async throws {
        let inbox = FleetKeys.inbox(other)
        let replies = try await client.send([
            RedisCommand("RPUSH", inbox, try message.text()), RedisCommand("PEXPIRE", inbox, String(Self.lifetimeMs)),
        ])
        if case .error(let error) = replies.first { throw error }
    }
}
