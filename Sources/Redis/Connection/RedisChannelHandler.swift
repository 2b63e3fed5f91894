import Diagnostics
import NIOCore

/// Glue between a channel and the machine of its connection; on the channel's event loop alone.
final class RedisChannelHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    /// Somebody who waits.
    private struct Waiter {
        var continuation: CheckedContinuation<[RedisValue], any Error>
        var timer: Scheduled<Void>?
    }

    private var machine: RedisConnectionMachine
    private var parser = RESPParser()
    private var waiters: [Int: Waiter] = [:]
    private var context: ChannelHandlerContext?
    private let ended: EventLoopPromise<RedisError>

    /// Makes the handler of a new channel; `ended` is told why the connection ended.
    init(mostInFlight: Int, ended: EventLoopPromise<RedisError>) {
        machine = RedisConnectionMachine(mostInFlight: mostInFlight)
        self.ended = ended
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
        end(RedisError(.closed, "the connection to Redis is closed"))
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        parser.append(unwrapInboundIn(data))
        do {
            while let message = try parser.next() {
                // Pushes are what was subscribed to, and nothing is.
                guard case .reply(let value) = message else { continue }
                take(value)
            }
        } catch {
            end(RedisError(.protocolFault, "Redis sent what cannot be read: \(ErrorText.of(error))"))
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        end(RedisError(.closed, "Redis closed the connection"))
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        end(RedisError(.closed, "the connection to Redis broke: \(ErrorText.of(error))"))
    }

    /// Sends a request; its waiter is resumed with as many replies as it has commands.
    func send(_ request: RedisRequest, timeout: Duration, continuation: CheckedContinuation<[RedisValue], any Error>) {
        guard !request.isCancelled else { return continuation.resume(throwing: CancellationError()) }
        switch machine.send(request.id, commands: request.commands) {
        case .refuse(let error):
            continuation.resume(throwing: error)
        case .write:
            guard let context else {
                // Without a pipeline the machine is closed, so this does not happen; nobody must wait if it does.
                return continuation.resume(throwing: RedisError(.closed, "the connection to Redis is closed"))
            }
            let id = request.id
            let bound = NIOLoopBound(self, eventLoop: context.eventLoop)
            let timer = context.eventLoop.scheduleTask(in: TimeAmount(timeout)) { bound.value.timeOut(id, after: timeout) }
            waiters[id] = Waiter(continuation: continuation, timer: timer)
            context.writeAndFlush(wrapOutboundOut(request.bytes), promise: nil)
        }
    }

    /// Nobody waits for a request any more; what it asked for may happen all the same.
    func cancel(_ request: RedisRequest) {
        guard machine.abandon(request.id) else { return }
        resume(request.id, with: .failure(CancellationError()))
        // The place of an answer to a blocking command would hold up all that follow.
        if request.isBlocking { end(RedisError(.closed, "the connection is closed because its command was cancelled")) }
    }

    private func take(_ value: RedisValue) {
        switch machine.receive(value) {
        case .wait: break
        case .complete(let id, let replies): resume(id, with: .success(replies))
        case .close(let error): end(error)
        }
    }

    /// A server that does not answer in time is not there: everything that waits would wait for the same answer.
    private func timeOut(_ id: Int, after timeout: Duration) {
        guard waiters[id] != nil else { return }
        end(RedisError(.timedOut, "Redis did not answer within \(timeout)"))
    }

    private func resume(_ id: Int, with result: Result<[RedisValue], any Error>) {
        guard let waiter = waiters.removeValue(forKey: id) else { return }
        waiter.timer?.cancel()
        waiter.continuation.resume(with: result)
    }

    private func end(_ error: RedisError) {
        for id in machine.close(error) { resume(id, with: .failure(error)) }
        ended.succeed(error)
        context?.close(promise: nil)
    }
}
