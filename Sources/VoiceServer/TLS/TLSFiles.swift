import Foundation

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// Where a server's certificate and key are, as PEM files.
struct TLSFiles: Sendable, Equatable {
    /// The certificate, and after it those that lead to a known authority.
    var certificate: String
    /// The certificate's private key.
    var key: String

    /// What tells one version of both files from another; nil while one of them is not there.
    var stamp: [FileStamp]? {
        guard let certificate = FileStamp(certificate), let key = FileStamp(key) else { return nil }
        return [certificate, key]
    }
}

/// What tells one version of a file from another without reading it.
struct FileStamp: Equatable, Sendable {
    private let device: UInt64
    private let inode: UInt64
    private let size: Int64
    private let seconds: Int
    private let nanoseconds: Int

    /// Looks at a file, or what a link points at; nil when it is not there.
    init?(_ path: String) {
        var found = stat()
        guard stat(path, &found) == 0 else { return nil }
        device = UInt64(found.st_dev)
        inode = UInt64(found.st_ino)
        size = Int64(found.st_size)
        #if os(Linux)
        let changed = found.st_mtim
        #else
        let changed = found.st_mtimespec
        #endif
        seconds = changed.tv_sec
        nanoseconds = changed.tv_nsec
    }
}
