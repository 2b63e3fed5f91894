import Foundation

/// The lines of a file one after the other, in bounded memory.
struct AuditLines {
    /// Bytes of a line; those of a record are fewer, and the rest of a longer one is passed over.
    static let longest = 1 << 20
    private static let chunk = 1 << 16

    /// A line without its end.
    struct Line: Equatable {
        var bytes: [UInt8]
        /// False for the last line of a file that ends within it.
        var hasEnd: Bool
        /// How much of the file it takes, its end included.
        var length: Int
    }

    private let handle: FileHandle
    private var buffer: [UInt8] = []
    private var next = 0

    /// Reads on from where the file is.
    init(_ handle: FileHandle) {
        self.handle = handle
    }

    /// The next line; nil at the file's end.
    mutating func read() throws -> Line? {
        var line = Line(bytes: [], hasEnd: false, length: 0)
        while true {
            if next == buffer.count {
                buffer = Array(try handle.read(upToCount: Self.chunk) ?? Data())
                next = 0
                if buffer.isEmpty { return line.length == 0 ? nil : line }
            }
            let end = endOfLine()
            let part = buffer[next..<(end ?? buffer.count)]
            line.length += part.count + (end == nil ? 0 : 1)
            next = end.map { $0 + 1 } ?? buffer.count
            if line.bytes.count <= Self.longest { line.bytes += part }
            if end != nil {
                line.hasEnd = true
                return line
            }
        }
    }

    /// Where the buffer's next line ends, if it does; a trail is read byte by byte for this alone, so the C library looks.
    private func endOfLine() -> Int? {
        buffer.withUnsafeBytes { bytes in
            guard let rest = UnsafeRawBufferPointer(rebasing: bytes[next...]).baseAddress,
                let end = memchr(rest, CInt(UInt8(ascii: "\n")), bytes.count - next)
            else { return nil }
            return next + (UnsafeRawPointer(end) - rest)
        }
    }
}
