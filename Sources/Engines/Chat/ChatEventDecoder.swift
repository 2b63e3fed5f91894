import Foundation

/// Reads the JSON of a stream's events, also if it is slightly wrong.
struct ChatEventDecoder: Sendable {
    private let decoder = JSONDecoder()

    /// The chunks in an event: usually one, none if it cannot be read, several if the lines between events are missing.
    func chunks(in text: some StringProtocol) -> [ChatChunk] {
        if let chunk = chunk(in: text) { return [chunk] }
        let lines = text.split(whereSeparator: \.isNewline)
        return lines.count > 1 ? lines.compactMap(chunk) : []
    }

    /// The chunks in a body without events: one document, a list, or one document after the other.
    func documents(in text: String) -> [ChatChunk] {
        if let chunk = chunk(in: text) { return [chunk] }
        var chunks: [ChatChunk] = []
        var rest = text.drop(while: \.isWhitespace)
        if rest.first == "[" { rest = rest.dropFirst() }
        while let start = rest.firstIndex(of: "{") {
            let document = String(rest[start...])
            guard let end = ChatMarkup.endOfJSON(in: document) else { break }
            if let chunk = chunk(in: document[..<end]) { chunks.append(chunk) }
            rest = rest[start...].dropFirst(document[..<end].count)
        }
        return chunks
    }

    private func chunk(in text: some StringProtocol) -> ChatChunk? {
        // Half characters would cost the words around them.
        let mayHaveHalves = text.contains("\\ud") || text.contains("\\uD")
        if !mayHaveHalves, let chunk = try? decoder.decode(ChatChunk.self, from: Data(text.utf8)) { return chunk }
        if mayHaveHalves, Self.repaired(text) == nil { return try? decoder.decode(ChatChunk.self, from: Data(text.utf8)) }
        guard let repaired = Self.repaired(text) else { return nil }
        return try? decoder.decode(ChatChunk.self, from: Data(repaired.utf8))
    }

    /// The text with `null` for `NaN` and `Infinity`, without half characters and without control characters in texts; nil if it has none.
    static func repaired(_ text: some StringProtocol) -> String? {
        var bytes: [UInt8] = []
        let source = Array(text.utf8)
        var place = 0
        var isText = false
        var isChanged = false
        while place < source.count {
            let byte = source[place]
            if isText {
                if byte == UInt8(ascii: "\\") {
                    let escape = escape(source[place...])
                    isChanged = isChanged || escape.isChanged
                    bytes += escape.bytes
                    place += escape.length
                    continue
                }
                if byte < 0x20 { isChanged = true }
                bytes.append(byte < 0x20 ? UInt8(ascii: " ") : byte)
                isText = byte != UInt8(ascii: "\"")
            } else if let word = Self.words.first(where: { source[place...].starts(with: $0) }) {
                bytes += Array("null".utf8)
                place += word.count
                isChanged = true
                continue
            } else {
                bytes.append(byte)
                isText = byte == UInt8(ascii: "\"")
            }
            place += 1
        }
        return isChanged ? String(decoding: bytes, as: UTF8.self) : nil
    }

    private static let words = ["-Infinity", "Infinity", "NaN", "-NaN", "nan", "-inf", "inf"].map { Array($0.utf8) }

    /// An escape at the beginning of some bytes; half of a pair becomes the character for what is missing.
    private static func escape(_ bytes: ArraySlice<UInt8>) -> (bytes: [UInt8], length: Int, isChanged: Bool) {
        func unit(_ bytes: ArraySlice<UInt8>) -> Int? {
            guard bytes.count >= 6, bytes.starts(with: Array("\\u".utf8)) else { return nil }
            return Int(String(decoding: bytes.dropFirst(2).prefix(4), as: UTF8.self), radix: 16)
        }
        guard let code = unit(bytes) else { return (Array(bytes.prefix(2)), min(2, bytes.count), false) }
        let replacement = Array("\\ufffd".utf8)
        switch code {
        case 0xD800..<0xDC00:
            if let low = unit(bytes.dropFirst(6)), (0xDC00..<0xE000).contains(low) { return (Array(bytes.prefix(12)), 12, false) }
            return (replacement, 6, true)
        case 0xDC00..<0xE000: return (replacement, 6, true)
        default: return (Array(bytes.prefix(6)), 6, false)
        }
    }
}
