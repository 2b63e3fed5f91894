import Foundation

/// How many files and sockets this process may have open.
enum DescriptorLimit {
    /// Raises it as far as the system lets us, and says where it then is.
    ///
    /// A call is a socket; the 1,024 that many systems start with are for programs that do not know better.
    static func raise() -> Int {
        guard var limit = read() else { return fallback }
        let before = limit
        limit.rlim_cur = limit.rlim_max
        return number(setrlimit(resource, &limit) == 0 ? limit : before)
    }

    /// Where it is now.
    static var current: Int { read().map(number) ?? fallback }

    private static func read() -> rlimit? {
        var limit = rlimit()
        return getrlimit(resource, &limit) == 0 ? limit : nil
    }

    private static func number(_ limit: rlimit) -> Int {
        limit.rlim_cur > most ? Int(most) : Int(limit.rlim_cur)
    }

    #if os(Linux)
    private static let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
    #else
    private static let resource = RLIMIT_NOFILE
    #endif
    private static let fallback = 1024
    /// "No limit" is a very large number; this one is large enough for sums.
    private static let most: rlim_t = 1 << 30
}
