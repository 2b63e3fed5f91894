package import NIOCore

extension NIOAsyncChannel where Outbound == Never, Inbound: Sendable {
    /// Serves connections while `body` runs, then accepts no more and ends those that are open.
    ///
    /// The listener closes before any task is cancelled. NIO traps if an accepted connection is dropped without being read.
    package func serving<Value: Sendable>(
        _ connection: @escaping @Sendable (Inbound) async -> Void,
        while body: () async throws -> Value
    ) async throws -> Value {
        try await withTaskGroup(of: Void.self) { group in
            group.addTask { await self.serve(connection) }
            let result: Result<Value, any Error>
            do { result = .success(try await body()) } catch { result = .failure(error) }
            try? await channel.close()
            await group.waitForAll()
            return result
        }.get()
    }

    /// Serves connections until the listener is closed, then ends those that are open.
    private func serve(_ connection: @escaping @Sendable (Inbound) async -> Void) async {
        await withDiscardingTaskGroup { group in
            try? await executeThenClose { connections in
                for try await next in connections { group.addTask { await connection(next) } }
            }
            group.cancelAll()
        }
    }
}
