import Diagnostics
import Logging
import Redis

// One caller's data, wherever it is.
extension Fleet {
    /// How long a server may take to rewrite its database without what was erased.
    private static let erasurePatience = Duration.seconds(15)

    /// Has all other servers delete what they keep of a caller, and deletes what is shared.
    ///
    /// - Returns: the servers that could not, or did not answer; `redis` where it is away.
    func erase(caller: String) async -> [String] {
        do {
            let nodes = try await client.send(RedisCommand("SMEMBERS", FleetKeys.nodes)).items?.compactMap(\.text).filter { $0 != node } ?? []
            let left = await withTaskGroup { group in
                for other in nodes {
                    group.addTask {
                        let answer = try? await self.mailbox.ask(other, .erase, session: "", reason: caller, within: Self.erasurePatience)
                        return answer == true ? nil : other
                    }
                }
                return await group.reduce(into: [String]()) { if let other = $1 { $0.append(other) } }
            }
            try await store.shared.forget(caller: caller)
            return left.sorted()
        } catch {
            logger.warning("A caller's data could not be erased everywhere", metadata: ["error": "\(ErrorText.of(error))"])
            return ["redis"]
        }
    }
}
