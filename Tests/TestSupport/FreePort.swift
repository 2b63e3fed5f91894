import NIOCore
import NIOPosix

/// A port that is free and that the system gives to nobody who asks for any port, as other tests do at the same time.
package func freePort() async throws -> Int {
    for port in (20000..<30000).shuffled().prefix(50) {
        guard let listener = try? await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup).bind(host: "127.0.0.1", port: port).get()
        else { continue }
        try await listener.close()
        return port
    }
    throw WaitedInVain(description: "none of fifty ports from 20000 to 29999 is free")
}
