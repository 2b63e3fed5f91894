import Foundation

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

/// Tells one version of a file from another without reading it.
struct FileStamp: Equatable, Sendable {
    private let device: Int?
    private let inode: Int?
    private let size: Int?
    private let modified: Date?

    /// Looks at a file, or at what a link points at; nil if it is not there.
    init?(_ path: String) {
        let target = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
        guard let found = try? FileManager.default.attributesOfItem(atPath: target) else { return nil }
        device = (found[.systemNumber] as? NSNumber)?.intValue
        inode = (found[.systemFileNumber] as? NSNumber)?.intValue
        size = (found[.size] as? NSNumber)?.intValue
        modified = found[.modificationDate] as? Date
    }
}
