package import NIOCore

extension NIOAsyncChannel where Outbound == Never, Inbound: Sendable {
    /// Serves connections while `body` runs, then accepts no more and ends those that are open.
    ///
    /// The listener closes before any task is cancelled. A connection that is accepted at that moment may be dropped, and NIO traps if an async
    /// channel is dropped without being read: what listeners give is therefore a plain channel, which is ``NIOCore/Channel/taken(as:)``.
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

extension Channel {
    /// Begins to read an accepted connection, of which nothing has been read: its listener sets `autoRead` to false.
    ///
    /// - Returns: the connection's messages.
    /// - Throws: `ChannelError` if it has closed.
    package func taken<In: Sendable, Out: Sendable>(as _: NIOAsyncChannel<In, Out>.Type) async throws -> NIOAsyncChannel<In, Out> {
        let channel = try await eventLoop.submit {
            guard self.isActive else { throw ChannelError.ioOnClosedChannel }
            return try NIOAsyncChannel<In, Out>(wrappingChannelSynchronously: self)
        }.get()
        // A connection that closes meanwhile says so when it is read.
        try? await setOption(.autoRead, value: true).get()
        return channel
    }
}
