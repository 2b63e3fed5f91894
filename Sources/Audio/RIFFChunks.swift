/// The chunks of a RIFF file, one after the other.
///
/// A chunk that was cut off is given as far as it goes; padding after an odd size is skipped.
struct RIFFChunks: IteratorProtocol {
    /// One named stretch of bytes.
    struct Chunk {
        /// The four characters that say what is in it.
        var name: String
        /// The size it announces, in bytes.
        var size: UInt32
        /// The bytes it has, fewer than `size` where the file was cut off.
        var content: ArraySlice<UInt8>
    }

    private var rest: ArraySlice<UInt8>

    /// Reads chunks from bytes that begin with one.
    init(_ bytes: ArraySlice<UInt8>) { rest = bytes }

    /// The next chunk; none where fewer bytes than a chunk's header remain.
    mutating func next() -> Chunk? {
        guard rest.count >= 8 else { return nil }
        let size = rest.littleEndian32(at: 4)
        let body = rest.dropFirst(8)
        let chunk = Chunk(name: String(decoding: rest.prefix(4), as: UTF8.self), size: size, content: body.prefix(Int(size)))
        rest = body.dropFirst(Int(size) + Int(size & 1))
        return chunk
    }

    /// The content of the chunk just read, or all that follows it where a writer to a pipe left its size at 0.
    ///
    /// A chunk that is truly empty ends the file or is followed by other chunks; those are told from samples by fitting the file exactly.
    func streamed(_ chunk: Chunk) -> ArraySlice<UInt8> {
        chunk.size == 0 && !restIsChunks ? rest : chunk.content
    }

    /// The size of the samples that a `ds64` chunk announces for a file beyond 4 GiB; nil if it leaves it open.
    static func longSize(in content: ArraySlice<UInt8>) -> Int? {
        guard content.count >= 16 else { return nil }
        let size = content.littleEndian64(at: 8)
        return size == 0 ? nil : Int(exactly: size)
    }

    /// Whether everything that is left reads as whole chunks with printable names.
    private var restIsChunks: Bool {
        var chunks = self
        while let chunk = chunks.next() {
            guard chunk.content.count == Int(chunk.size), chunk.name.utf8.allSatisfy({ (0x20...0x7E).contains($0) }) else { return false }
        }
        return chunks.rest.isEmpty
    }
}

extension ArraySlice<UInt8> {
    /// Two bytes, lowest first, `offset` bytes into the slice.
    func littleEndian16(at offset: Int) -> UInt16 {
        UInt16(self[startIndex + offset]) | UInt16(self[startIndex + offset + 1]) << 8
    }

    /// Four bytes, lowest first, `offset` bytes into the slice.
    func littleEndian32(at offset: Int) -> UInt32 {
        UInt32(littleEndian16(at: offset)) | UInt32(littleEndian16(at: offset + 2)) << 16
    }

    /// Eight bytes, lowest first, `offset` bytes into the slice.
    func littleEndian64(at offset: Int) -> UInt64 {
        UInt64(littleEndian32(at: offset)) | UInt64(littleEndian32(at: offset + 4)) << 32
    }
}
