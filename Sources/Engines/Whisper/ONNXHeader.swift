import Conversation
import Diagnostics
import Foundation

/// What an ONNX file says of itself, read without loading its weights.
///
/// An ONNX file is a protobuf message (`ModelProto`): a version, the graph with its weights, and a list of named texts. Walking its outermost fields
/// finds files that were cut off or are something else, on which the engine would end the process.
struct ONNXHeader: Equatable {
    /// The named texts, such as `n_text_ctx`.
    var metadata: [String: String] = [:]

    /// Reads the outermost fields.
    ///
    /// - Throws: ``EngineError`` with `invalid` where the file is not ONNX or is cut off.
    init(reading path: String) throws(EngineError) {
        do {
            let file = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
            defer { try? file.close() }
            var reader = Reader(file: file, size: try file.seekToEnd())
            guard try walk(&reader) else { throw Malformed() }
        } catch is Malformed {
            throw EngineError(.invalid, "\(path) is not a whole ONNX file: it was cut off, damaged, or is something else; install the model again")
        } catch {
            throw EngineError(.invalid, "\(path) could not be read: \(ErrorText.of(error))")
        }
    }

    /// Reads the two fields of a named text (`StringStringEntryProto`) from its bytes.
    private static func entry(_ bytes: [UInt8]) throws -> (key: String, value: String) {
        var texts: [Int: String] = [:]
        var rest = bytes[...]
        while let field = rest.popFirst() {
            var length = 0
            var shift = 0
            while true {
                guard let byte = rest.popFirst(), shift < 28 else { throw Malformed() }
                length |= Int(byte & 0x7F) << shift
                shift += 7
                if byte < 0x80 { break }
            }
            guard field & 7 == 2, rest.count >= length else { throw Malformed() }
            texts[Int(field >> 3)] = String(decoding: rest.prefix(length), as: UTF8.self)
            rest = rest.dropFirst(length)
        }
        return (texts[1] ?? "", texts[2] ?? "")
    }

    /// Goes through all outermost fields; false when those that every model has are not among them.
    private mutating func walk(_ reader: inout Reader) throws -> Bool {
        var hasVersion = false
        var hasGraph = false
        while !reader.isAtEnd {
            let tag = try reader.number()
            switch (tag >> 3, tag & 7) {
            case (1, 0):
                hasVersion = try reader.number() > 0
            case (14, 2):
                let (key, value) = try Self.entry(try reader.bytes())
                metadata[key] = value
            case (let field, 2):
                let length = try reader.skipBytes()
                if field == 7 { hasGraph = length > 0 }
            case (_, 0):
                _ = try reader.number()
            default:
                return false
            }
        }
        return hasVersion && hasGraph
    }

    /// The file is not what it should be.
    private struct Malformed: Error {}

    /// Reads a protobuf message from a file that may be far larger than memory should hold.
    private struct Reader {
        /// Larger texts are not read: none of a model's comes near it.
        private static let largestText: UInt64 = 4 << 20

        let file: FileHandle
        let size: UInt64
        var position: UInt64 = 0

        init(file: FileHandle, size: UInt64) {
            self.file = file
            self.size = size
        }

        var isAtEnd: Bool { position >= size }

        /// A number of seven bits a byte (varint).
        mutating func number() throws -> UInt64 {
            var value: UInt64 = 0
            for shift in stride(from: UInt64(0), to: 64, by: 7) {
                let byte = try take(1)[0]
                value |= UInt64(byte & 0x7F) << shift
                if byte < 0x80 { return value }
            }
            throw Malformed()
        }

        mutating func bytes() throws -> [UInt8] {
            let length = try number()
            guard length <= Self.largestText else { throw Malformed() }
            return try take(length)
        }

        mutating func skipBytes() throws -> UInt64 {
            let length = try number()
            guard length <= size - position else { throw Malformed() }
            position += length
            return length
        }

        private mutating func take(_ count: UInt64) throws -> [UInt8] {
            guard count <= size - position else { throw Malformed() }
            try file.seek(toOffset: position)
            let data = try file.read(upToCount: Int(count)) ?? Data()
            guard data.count == Int(count) else { throw Malformed() }
            position += count
            return [UInt8](data)
        }
    }
}
