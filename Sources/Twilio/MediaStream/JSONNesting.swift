/// Which containers are open around a position in JSON text: one bit each, so that depth costs no memory and no stack.
struct JSONNesting {
    /// How many containers are open.
    private(set) var depth = 0
    private let limit: Int
    private var objects: UInt64 = 0

    /// Starts outside every container, to go at most `limit` (64 or fewer) deep.
    init(limit: Int) { self.limit = limit }

    /// Whether the innermost container is an object.
    var isObject: Bool { objects & 1 == 1 }

    /// The byte that ends the innermost container.
    var closer: UInt8 { isObject ? UInt8(ascii: "}") : UInt8(ascii: "]") }

    /// Enters a container.
    mutating func open(isObject: Bool) throws(MediaStreamError) {
        guard depth < limit else { throw MediaStreamError(.tooDeep, "JSON is nested more than \(JSONCursor.maximumDepth) deep") }
        depth += 1
        objects = objects << 1 | (isObject ? 1 : 0)
    }

    /// Leaves the innermost container.
    mutating func close() {
        depth -= 1
        objects >>= 1
    }
}
