import Foundation

/// How many files and sockets this process may have open.
enum DescriptorLimit {
    /// Raises it as far as the system lets us, and says where it then is.
    ///
    /// A call is a socket; the 1,024 that many systems start with are for programs that do not know better.
    static func raise() -> Int {
        var limit = rlimit()
        #if os(Linux)
        let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        #else
        let resource = RLIMIT_NOFILE
        #endif
        guard getrlimit(resource, &limit) == 0 else { return fallback }
        var raised = limit
        raised.rlim_cur = raised.rlim_max
        if setrlimit(resource, &raised) == 0 { limit = raised }
        return limit.rlim_cur > most ? Int(most) : Int(limit.rlim_cur)
    }

    private static let fallback = 1024
    /// "No limit" is a very large number; this one is large enough for sums.
    private static let most: rlim_t = 1 << 30
}
