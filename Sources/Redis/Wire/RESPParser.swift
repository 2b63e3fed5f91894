package import NIOCore

/// Reads replies (RESP3, and what servers still send of RESP2) from bytes, however they are cut.
///
/// Bytes in, values out; no I/O. What it keeps is bounded by ``Limits``. After an error nothing more can be read.
package struct RESPParser: Sendable {
    /// The most that one reply may hold; more is an error.
    package struct Limits: Sendable {
        /// Arrays in arrays.
        package var depth = 16
        /// Values, the parts of arrays and maps counted.
        package var values = 1 << 20
        /// Bytes of all texts together.
        package var bytes = 64 << 20
        /// Bytes of one line: a number, a short text, an error.
        package var line = 64 << 10

        /// Makes the limits that servers are read with.
        package init() {}
    }

    /// Something whole.
    package enum Message: Sendable, Equatable {
        /// The answer to a command.
        case reply(RedisValue)
        /// Sent without having been asked for.
        case push([RedisValue])
    }

    /// An array, map or the like, some of whose parts have come.
    private struct Aggregate: Sendable {
        enum Kind: Sendable { case array, map, push, attributes }

        var kind: Kind
        var missing: Int
        var parts: [RedisValue] = []
    }

    /// A text whose length is known and whose bytes may not all have come.
    private struct Text: Sendable {
        enum Kind: Sendable { case plain, error, verbatim }

        var kind: Kind
        var length: Int
    }

    /// What one step came to.
    private enum Step {
        case value(RedisValue)
        case opened
        case needsMore
    }

    private let limits: Limits
    private var buffer = ByteBuffer()
    private var open: [Aggregate] = []
    private var text: Text?
    /// Bytes of an unfinished line that hold no line end.
    private var searched = 0
    private var values = 0
    private var bytes = 0
    private var fault: RESPError?

    /// Makes a parser that has read nothing.
    package init(limits: Limits = Limits()) {
        self.limits = limits
    }

    /// Takes bytes that have come.
    package mutating func append(_ bytes: ByteBuffer) {
        guard fault == nil else { return }
        buffer.writeImmutableBuffer(bytes)
    }

    /// The next whole message; nil when more bytes are needed.
    package mutating func next() throws(RESPError) -> Message? {
        if let fault { throw fault }
        do {
            return try read()
        } catch {
            fault = error
            buffer = ByteBuffer()
            open = []
            throw error
        }
    }

    private mutating func read() throws(RESPError) -> Message? {
        while true {
            switch try step() {
            case .needsMore:
                // Nothing is kept of what has been read.
                if buffer.readableBytes == 0 { buffer.clear(minimumCapacity: 0) } else { buffer.discardReadBytes() }
                return nil
            case .opened:
                continue
            case .value(let value):
                if let message = close(with: value) {
                    (values, bytes) = (0, 0)
                    return message
                }
            }
        }
    }

    /// Puts a value where it belongs; a message when everything that was open is whole.
    private mutating func close(with value: RedisValue) -> Message? {
        var value = value
        while var aggregate = open.popLast() {
            aggregate.parts.append(value)
            aggregate.missing -= 1
            guard aggregate.missing == 0 else {
                open.append(aggregate)
                return nil
            }
            switch aggregate.kind {
            case .array: value = .array(aggregate.parts)
            case .map: value = Self.map(aggregate.parts)
            // Attributes say something of the value that follows; nothing here wants to know.
            case .attributes: return nil
            case .push where open.isEmpty: return .push(aggregate.parts)
            case .push: value = .array(aggregate.parts)
            }
        }
        return .reply(value)
    }

    private static func map(_ parts: [RedisValue]) -> RedisValue {
        .map(stride(from: 0, to: parts.count - 1, by: 2).map { RedisPair(parts[$0], parts[$0 + 1]) })
    }

    private mutating func step() throws(RESPError) -> Step {
        if let text { return try finish(text) }
        guard let line = try readLine() else { return .needsMore }
        guard let mark = line.utf8.first else { throw .malformed("an empty line") }
        values += 1
        guard values <= limits.values else { throw .tooLarge("more than \(limits.values) values") }
        let rest = String(line.utf8.dropFirst()) ?? ""
        switch mark {
        case UInt8(ascii: "+"), UInt8(ascii: "("): return .value(.bytes(ByteBuffer(string: rest)))
        case UInt8(ascii: "-"): return .value(.error(RedisError(reply: rest)))
        case UInt8(ascii: ":"): return .value(.integer(try Self.number(rest)))
        case UInt8(ascii: "_"): return .value(.null)
        case UInt8(ascii: "#"): return .value(.bool(try Self.truth(rest)))
        case UInt8(ascii: ","): return .value(.real(try Self.real(rest)))
        case UInt8(ascii: "$"): return try begin(.plain, rest)
        case UInt8(ascii: "!"): return try begin(.error, rest)
        case UInt8(ascii: "="): return try begin(.verbatim, rest)
        case UInt8(ascii: "*"), UInt8(ascii: "~"): return try begin(.array, rest, each: 1)
        case UInt8(ascii: "%"): return try begin(.map, rest, each: 2)
        case UInt8(ascii: ">"): return try begin(.push, rest, each: 1)
        case UInt8(ascii: "|"): return try begin(.attributes, rest, each: 2)
        default: throw .malformed("a reply that begins with byte \(mark)")
        }
    }

    private mutating func begin(_ kind: Text.Kind, _ length: String) throws(RESPError) -> Step {
        let length = try Self.number(length)
        if length == -1, kind == .plain { return .value(.null) }
        guard length >= 0 else { throw .malformed("a text of negative length") }
        guard length <= limits.bytes - bytes else { throw .tooLarge("texts of more than \(limits.bytes) bytes") }
        bytes += length
        let text = Text(kind: kind, length: length)
        self.text = text
        return try finish(text)
    }

    private mutating func begin(_ kind: Aggregate.Kind, _ count: String, each: Int) throws(RESPError) -> Step {
        let count = try Self.number(count)
        if count == -1, kind == .array { return .value(.null) }
        guard count >= 0 else { throw .malformed("an array of negative length") }
        guard count <= limits.values / each else { throw .tooLarge("more than \(limits.values) values") }
        guard open.count < limits.depth else { throw .tooLarge("arrays more than \(limits.depth) deep") }
        guard count > 0 else {
            switch kind {
            case .map: return .value(.map([]))
            case .push where open.isEmpty, .attributes: return .opened
            case .array, .push: return .value(.array([]))
            }
        }
        open.append(Aggregate(kind: kind, missing: count * each))
        return .opened
    }

    /// Ends a text whose bytes have all come.
    private mutating func finish(_ text: Text) throws(RESPError) -> Step {
        guard buffer.readableBytes >= text.length + 2 else { return .needsMore }
        guard var content = buffer.readSlice(length: text.length), buffer.readInteger(as: UInt16.self) == 0x0D0A else {
            throw .malformed("a text that does not end where it should")
        }
        self.text = nil
        switch text.kind {
        case .plain: break
        case .error: return .value(.error(RedisError(reply: String(buffer: content))))
        // Three letters and a colon say what kind of text it is.
        case .verbatim: content.moveReaderIndex(forwardBy: min(4, content.readableBytes))
        }
        return .value(.bytes(content))
    }

    /// A line without its end.
    private mutating func readLine() throws(RESPError) -> String? {
        let view = buffer.readableBytesView
        guard let end = view.dropFirst(searched).firstIndex(of: UInt8(ascii: "\n")) else {
            searched = view.count
            guard searched <= limits.line else { throw .tooLarge("a line of more than \(limits.line) bytes") }
            return nil
        }
        searched = 0
        let length = end - view.startIndex
        guard length <= limits.line else { throw .tooLarge("a line of more than \(limits.line) bytes") }
        guard length > 0, view[end - 1] == UInt8(ascii: "\r"), let line = buffer.readString(length: length - 1) else {
            throw .malformed("a line that does not end in CR LF")
        }
        buffer.moveReaderIndex(forwardBy: 2)
        return line
    }

    private static func number(_ text: String) throws(RESPError) -> Int {
        guard let number = Int(text) else { throw .malformed("a number that is none") }
        return number
    }

    private static func truth(_ text: String) throws(RESPError) -> Bool {
        switch text {
        case "t": return true
        case "f": return false
        default: throw .malformed("a truth value that is neither t nor f")
        }
    }

    private static func real(_ text: String) throws(RESPError) -> Double {
        guard let number = Double(text) else { throw .malformed("a number that is none") }
        return number
    }
}

/// Why bytes cannot be read as replies.
package enum RESPError: Error, Sendable, Equatable {
    /// They break the protocol.
    case malformed(String)
    /// They hold more than is let in.
    case tooLarge(String)
}
