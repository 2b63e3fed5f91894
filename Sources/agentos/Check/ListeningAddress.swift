import Foundation

/// An address a server is to listen on: whether this process could.
struct ListeningAddress: Sendable {
    let host: String
    let port: Int

    /// Why the address cannot be listened on now.
    enum Obstacle: Equatable, Sendable {
        /// Something listens there.
        case inUse
        /// The system says this.
        case other(String)
    }

    /// Tries to listen, as the server would, and stops at once.
    ///
    /// - Returns: what is in the way; nil where nothing is.
    func obstacle() -> Obstacle? {
        var hints = addrinfo()
        hints.ai_flags = AI_PASSIVE
        #if os(Linux)
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        #else
        hints.ai_socktype = SOCK_STREAM
        #endif
        var found: UnsafeMutablePointer<addrinfo>?
        let status = getaddrinfo(host, String(port), &hints, &found)
        guard status == 0, let found else { return .other(String(cString: gai_strerror(status))) }
        defer { freeaddrinfo(found) }
        return Self.listen(on: found.pointee)
    }

    private static func listen(on address: addrinfo) -> Obstacle? {
        let descriptor = socket(address.ai_family, address.ai_socktype, address.ai_protocol)
        guard descriptor >= 0 else { return .other(lastError) }
        defer { close(descriptor) }
        // As the server does: connections that are still closing do not count as somebody listening.
        var yes: Int32 = 1
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
        guard bind(descriptor, address.ai_addr, address.ai_addrlen) == 0, Foundation.listen(descriptor, 1) == 0 else {
            return errno == EADDRINUSE ? .inUse : .other(lastError)
        }
        return nil
    }

    private static var lastError: String { String(cString: strerror(errno)) }
}
