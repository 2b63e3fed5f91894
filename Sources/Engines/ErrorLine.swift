/// A line of text that a C function writes when it fails.
struct ErrorLine {
    private var bytes: [CChar] = []

    /// What was written, without line breaks.
    var text: String {
        let written = bytes.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
        return String(decoding: written, as: UTF8.self).split(whereSeparator: \.isNewline).joined(separator: " ")
    }

    /// Lends the room for the line, of 400 bytes.
    mutating func write<Value>(_ body: (_ text: UnsafeMutablePointer<CChar>, _ size: Int) -> Value) -> Value {
        unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: 400) { room in
            unsafe room.initialize(repeating: 0)
            guard let start = room.baseAddress else { preconditionFailure("an allocation has an address") }
            defer { bytes = unsafe room.prefix { $0 != 0 }.map(\.self) }
            return unsafe body(start, room.count)
        }
    }
}
