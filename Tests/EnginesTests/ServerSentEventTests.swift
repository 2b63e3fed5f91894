import TestSupport
import Testing

@testable import Engines

/// The events of a stream, however its lines end and wherever the network cuts it.
@Suite struct ServerSentEventTests {
    private func events(_ text: String, end: Bool = true) throws -> [ServerSentEvent] {
        var parser = ServerSentEventParser()
        var events = try parser.feed(text.utf8)
        if end, let last = parser.end() { events.append(last) }
        return events
    }

    @Test(arguments: ["\n", "\r", "\r\n"])
    func anyLineEndingWillDo(_ newline: String) throws {
        let text = ["data: one", "", ": comment", "data:two", "data:  three", "", "event: error", "data", ""].joined(separator: newline) + newline
        #expect(try events(text) == [ServerSentEvent(data: "one"), ServerSentEvent(data: "two\n three"), ServerSentEvent(name: "error", data: "")])
    }

    @Test func commentsIdsAndUnknownFieldsAreNoEvents() throws {
        #expect(try events(": ping\n\nid: 3\nretry: 10\n\nwhat is this\n\n") == [])
        var parser = ServerSentEventParser()
        _ = try parser.feed("id: 3\nwhat is this\nor that\n".utf8)
        #expect(parser.strayLine == "what is this")
    }

    @Test func aByteOrderMarkIsPassedOver() throws {
        #expect(try events("\u{FEFF}data: x\n\n") == [ServerSentEvent(data: "x")])
    }

    @Test func theLastEventMayLackItsEmptyLine() throws {
        #expect(try events("data: x") == [ServerSentEvent(data: "x")])
        #expect(try events("data: x\n") == [ServerSentEvent(data: "x")])
        #expect(try events("data: x\n", end: false) == [])
    }

    @Test func llamaCppsErrorsAreEvents() throws {
        #expect(try events("error: {\"code\":500}\n\n") == [ServerSentEvent(name: "error", data: "{\"code\":500}")])
    }

    @Test(arguments: ["data: ", "data: 1\ndata: ", "nonsense", ": "])
    func anEventWithoutEndIsRefused(_ beginning: String) throws {
        var parser = ServerSentEventParser(limit: 1_000)
        _ = try parser.feed(beginning.utf8)
        #expect(throws: ServerSentEventError(description: "an event of more than 1000 bytes")) {
            for _ in 0..<11 { _ = try parser.feed(String(repeating: "é", count: 50).utf8) }
        }
    }

    @Test(arguments: 0..<50)
    func cutsMakeNoDifference(_ seed: Int) throws {
        var random = SeededRandom(seed: seed)
        let bytes = Self.stream(&random)
        var whole = ServerSentEventParser()
        let expected = try whole.feed(bytes) + [whole.end()].compactMap(\.self)
        var parser = ServerSentEventParser()
        var found: [ServerSentEvent] = []
        var rest = bytes[...]
        while !rest.isEmpty {
            let piece = rest.prefix(Int.random(in: 1...9, using: &random))
            found += try parser.feed(piece)
            rest = rest.dropFirst(piece.count)
        }
        found += [parser.end()].compactMap(\.self)
        #expect(found == expected)
    }

    private static func stream(_ random: inout SeededRandom) -> [UInt8] {
        let pieces = ["data: {\"a\":1}", "data:é€😀", "data", "\n", "\r", "\r\n", "\n\n", ": c", "event: x", "junk", "\u{FEFF}", "data: [DONE]\n\n"]
        return (0..<30).flatMap { _ in Array((pieces.randomElement(using: &random) ?? "").utf8) }
    }
}
