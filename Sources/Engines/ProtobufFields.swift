/// The fields of a protobuf message in memory, in order.
struct ProtobufFields {
    /// The bytes are not a protobuf message.
    struct Malformed: Error {}

    /// What a field holds.
    enum Value: Equatable {
        case number(UInt64)
        /// A text, a message or packed numbers.
        case bytes(ArraySlice<UInt8>)
    }

    private var rest: ArraySlice<UInt8>

    init(_ message: ArraySlice<UInt8>) {
        rest = message
    }

    /// The next field; nil at the end.
    ///
    /// - Throws: ``Malformed``.
    mutating func next() throws(Malformed) -> (number: Int, value: Value)? {
        guard !rest.isEmpty else { return nil }
        let tag = try varint()
        let number = Int(clamping: tag >> 3)
        switch tag & 7 {
        case 0: return (number, .number(try varint()))
        case 1: return (number, .bytes(try take(8)))
        case 2: return (number, .bytes(try take(try varint())))
        case 5: return (number, .bytes(try take(4)))
        default: throw Malformed()
        }
    }

    /// The bytes of every field of a number.
    ///
    /// - Throws: ``Malformed``.
    static func all(_ number: Int, in message: ArraySlice<UInt8>) throws(Malformed) -> [ArraySlice<UInt8>] {
        var fields = ProtobufFields(message)
        var found: [ArraySlice<UInt8>] = []
        while let field = try fields.next() {
            if field.number == number, case .bytes(let bytes) = field.value { found.append(bytes) }
        }
        return found
    }

    /// A number of seven bits a byte.
    private mutating func varint() throws(Malformed) -> UInt64 {
        var value: UInt64 = 0
        for shift in stride(from: UInt64(0), to: 64, by: 7) {
            guard let byte = rest.popFirst() else { throw Malformed() }
            value |= UInt64(byte & 0x7F) << shift
            if byte < 0x80 { return value }
        }
        throw Malformed()
    }

    private mutating func take(_ count: UInt64) throws(Malformed) -> ArraySlice<UInt8> {
        guard count <= rest.count else { throw Malformed() }
        defer { rest = rest.dropFirst(Int(count)) }
        return rest.prefix(Int(count))
    }
}
