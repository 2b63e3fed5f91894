/// Cuts the bytes of an event stream (`text/event-stream`) into events, however the network cut them.
///
/// Lines end with CR, LF or both; comments keep connections alive and are no events. A field named `error`, which llama.cpp sends in place of an
/// event, is read as an event of that name. Other unknown fields are passed over, as the standard has it; the first is kept to show what came instead.
package struct ServerSentEventParser: Sendable {
    private static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]
    private static let documentBytes = Array(" \t\"{}[],".utf8)
    private static let colon = UInt8(ascii: ":")
    private static let lineFeed = UInt8(ascii: "\n")
    private static let carriageReturn = UInt8(ascii: "\r")

    private let limit: Int
    private var line: [UInt8] = []
    private var data: [UInt8] = []
    private var hasData = false
    private var name = ""
    private var isFirstLine = true
    /// The last byte was a CR: an LF that follows belongs to it.
    private var endedWithReturn = false

    /// The first line that belongs in no event stream.
    package private(set) var strayLine: String?

    /// Makes a parser.
    ///
    /// - Parameter limit: the most bytes of an event; a longer one ends the stream with an error.
    package init(limit: Int = 1 << 20) { self.limit = limit }

    /// Takes the next bytes, and gives the events that are now complete.
    package mutating func feed(_ bytes: some Sequence<UInt8>) throws(ServerSentEventError) -> [ServerSentEvent] {
        var events: [ServerSentEvent] = []
        for byte in bytes {
            defer { endedWithReturn = byte == Self.carriageReturn }
            switch byte {
            case Self.lineFeed where endedWithReturn: continue
            case Self.lineFeed, Self.carriageReturn: if let event = endLine() { events.append(event) }
            default:
                line.append(byte)
                guard line.count + data.count <= limit else { throw ServerSentEventError(description: "an event of more than \(limit) bytes") }
            }
        }
        return events
    }

    /// Tells that no more bytes come; gives the event that lacks only the empty line after it.
    package mutating func end() -> ServerSentEvent? {
        if !line.isEmpty, let event = endLine() { return event }
        return takeEvent()
    }

    private mutating func endLine() -> ServerSentEvent? {
        defer { line.removeAll(keepingCapacity: true) }
        if isFirstLine, line.starts(with: Self.byteOrderMark) { line.removeFirst(Self.byteOrderMark.count) }
        isFirstLine = false
        guard let first = line.first else { return takeEvent() }
        if first != Self.colon { takeField() }
        return nil
    }

    private mutating func takeField() {
        let end = line.firstIndex(of: Self.colon) ?? line.endIndex
        var value = line[end...].dropFirst()
        if value.first == UInt8(ascii: " ") { value.removeFirst() }
        switch String(decoding: line[..<end], as: UTF8.self) {
        case "data":
            add(value)
        case "error":
            name = "error"
            add(value)
        case "event":
            name = String(decoding: value, as: UTF8.self)
        case "id", "retry":
            break
        case _ where hasData && data.first == UInt8(ascii: "{") && line.first.map({ Self.documentBytes.contains($0) }) == true:
            // JSON on several lines, without the field's name before each.
            add(line[...])
        default:
            if strayLine == nil { strayLine = String(decoding: line.prefix(1_000), as: UTF8.self) }
        }
    }

    private mutating func add(_ value: ArraySlice<UInt8>) {
        if hasData { data.append(Self.lineFeed) }
        data += value
        hasData = true
    }

    private mutating func takeEvent() -> ServerSentEvent? {
        defer {
            data.removeAll(keepingCapacity: true)
            hasData = false
            name = ""
        }
        return hasData ? ServerSentEvent(name: name, data: String(decoding: data, as: UTF8.self)) : nil
    }
}
