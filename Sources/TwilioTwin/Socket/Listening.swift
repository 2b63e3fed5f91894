package import NIOCore

extension NIOAsyncChannel where Outbound == Never, Inbound: Sendable {
    /// Serves connections while `body` runs, then accepts no more and ends those that are open.
    ///
    /// Nothing is cancelled before the listener is closed: NIO ends the process when a connection was accepted and nobody takes it.
    package func serving<Value: Sendable>(
        _ connection: @escaping @Sendable (Inbound) async -> Void,
        while body: () async throws -> Value
    ) async throws -> Value {
        let serving = Task {
            await withDiscardingTaskGroup { group in
                try? await executeThenClose { connections in
                    for try await next in connections { group.addTask { await connection(next) } }
                }
                group.cancelAll()
            }
        }
        let result: Result<Value, any Error>
        do { result = .success(try await body()) } catch { result = .failure(error) }
        try? await channel.close()
        await serving.value
        return try result.get()
    }
}
