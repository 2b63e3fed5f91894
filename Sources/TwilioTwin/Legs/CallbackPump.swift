import Twilio

/// Sends callbacks in order, beside what they tell of: a slow server does not hold a call up.
final class CallbackPump: Sendable {
    /// A callback on its way.
    struct Callback: Sendable {
        /// Its name in ``CallbackFaults``.
        var event: String
        var url: String
        var method: TwinCallConfiguration.Method = .post
        var pairs: [WebhookParameters.Pair]
    }

    private let server: CallServer
    private let queue: AsyncStream<Callback>
    private let continuation: AsyncStream<Callback>.Continuation

    init(_ server: CallServer) {
        self.server = server
        (queue, continuation) = AsyncStream.makeStream(of: Callback.self)
    }

    func send(_ callback: Callback) { continuation.yield(callback) }

    /// No callback follows.
    func finish() { continuation.finish() }

    /// Sends what there is to send, until the end.
    func run() async {
        let faults = server.configuration.callbackFaults
        await withDiscardingTaskGroup { group in
            for await callback in queue where !faults.drops(callback.event) {
                let delayMs = faults.delayMs(of: callback.event)
                guard delayMs > 0 else {
                    await post(callback)
                    continue
                }
                group.addTask {
                    guard (try? await self.server.clock.sleep(for: .milliseconds(delayMs))) != nil else { return }
                    await self.post(callback)
                }
            }
        }
    }

    private func post(_ callback: Callback) async {
        for _ in 0..<(server.configuration.callbackFaults.sendsTwice ? 2 : 1) {
            await server.callBack(callback.url, callback.pairs, method: callback.method)
        }
    }
}
