/// Why the store cannot be written to although SQLite has not refused yet.
enum StoreError: Error, CustomStringConvertible {
    case diskFull(freeBytes: Int)

    var description: String {
        switch self {
        case .diskFull(let freeBytes): "only \(freeBytes) bytes are free on the disk of the data directory; make room there"
        }
    }
}
