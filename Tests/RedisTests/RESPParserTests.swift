import NIOCore
import TestSupport
import Testing

@testable import Redis

/// Bytes in, values out, however the bytes are cut and whatever they are.
@Suite struct RESPParserTests {
    private func read(_ bytes: [UInt8], cutEvery length: Int = .max, limits: RESPParser.Limits = .init()) throws -> [RESPParser.Message] {
        var parser = RESPParser(limits: limits)
        var messages: [RESPParser.Message] = []
        var rest = bytes[...]
        while !rest.isEmpty {
            parser.append(ByteBuffer(bytes: rest.prefix(length)))
            rest = rest.dropFirst(length)
            while let message = try parser.next() { messages.append(message) }
        }
        return messages
    }

    private func read(_ text: String, limits: RESPParser.Limits = .init()) throws -> [RESPParser.Message] {
        try read(Array(text.utf8), limits: limits)
    }

    static let replies: [(String, RedisValue)] = [
        ("+OK\r\n", .text("OK")), ("$-1\r\n", .null), ("*-1\r\n", .null), ("_\r\n", .null),
        ("(12345678901234567890\r\n", .text("12345678901234567890")),
        ("=7\r\ntxt:abc\r\n", .text("abc")), ("~2\r\n:1\r\n:2\r\n", .array([.integer(1), .integer(2)])), (",inf\r\n", .real(.infinity)),
        ("!9\r\nERR wrong\r\n", .error(RedisError(reply: "ERR wrong"))), ("|1\r\n+ttl\r\n:5\r\n:7\r\n", .integer(7)), ("%0\r\n", .map([])),
        ("*2\r\n|1\r\n+a\r\n+b\r\n:1\r\n:2\r\n", .array([.integer(1), .integer(2)])), ("*0\r\n", .array([])), ("$0\r\n\r\n", .text("")),
    ]

    @Test(arguments: replies)
    func everyKindOfReplyIsRead(wire: String, value: RedisValue) throws {
        #expect(try read(wire) == [.reply(value)])
    }

    @Test func pushesAreToldFromReplies() throws {
        #expect(try read(">2\r\n+a\r\n+b\r\n+OK\r\n>0\r\n") == [.push([.text("a"), .text("b")]), .reply(.text("OK"))])
    }

    @Test(arguments: 0..<200)
    func anyCutOfTheBytesGivesTheSameReplies(seed: Int) throws {
        var random = SeededRandom(seed: seed)
        let values = (0..<8).map { _ in RedisValue.random(using: &random) }
        let bytes = Array(values.map(\.wire).joined().utf8)
        let whole = values.map { RESPParser.Message.reply($0) }
        #expect(try read(bytes) == whole)
        #expect(try read(bytes, cutEvery: 1) == whole)
        #expect(try read(bytes, cutEvery: Int.random(in: 2...40, using: &random)) == whole)
    }

    @Test(arguments: 0..<500)
    func garbageIsReadOrRefusedAndNothingElse(seed: Int) {
        var random = SeededRandom(seed: seed)
        var bytes = Array((0..<4).map { _ in RedisValue.random(using: &random).wire }.joined().utf8)
        for _ in 0..<Int.random(in: 1...6, using: &random) {
            bytes[Int.random(in: bytes.indices, using: &random)] = UInt8.random(in: 0...255, using: &random)
        }
        do {
            let messages = try read(bytes, cutEvery: Int.random(in: 1...40, using: &random))
            #expect(messages.count <= bytes.count)
        } catch {
            #expect(error is RESPError)
        }
    }

    @Test(arguments: ["?\r\n", "\r\n", "+a\n", ":x\r\n", "$x\r\n", "$-2\r\n", "*-2\r\n", "#y\r\n", ",y\r\n", "$3\r\nabcde\r\n", "$?\r\n"])
    func whatBreaksTheProtocolIsAnErrorForGood(wire: String) {
        var parser = RESPParser()
        parser.append(ByteBuffer(string: wire))
        #expect(throws: RESPError.self) { try parser.next() }
        parser.append(ByteBuffer(string: "+OK\r\n"))
        #expect(throws: RESPError.self) { try parser.next() }
    }

    @Test func whatIsTooLargeIsRefusedBeforeItHasCome() {
        #expect(throws: RESPError.tooLarge("texts of more than 67108864 bytes")) { try read("$67108865\r\n") }
        #expect(throws: RESPError.tooLarge("more than 1048576 values")) { try read("*9223372036854775807\r\n") }
        #expect(throws: RESPError.tooLarge("more than 1048576 values")) { try read("%9223372036854775807\r\n") }
        #expect(throws: RESPError.tooLarge("arrays more than 16 deep")) { try read(String(repeating: "*1\r\n", count: 17)) }
        #expect(throws: RESPError.tooLarge("a line of more than 65536 bytes")) { try read("+" + String(repeating: "a", count: 70_000)) }
        var limits = RESPParser.Limits()
        limits.bytes = 10
        #expect(throws: RESPError.tooLarge("texts of more than 10 bytes")) { try read("*3\r\n$5\r\nabcde\r\n$4\r\nabcd\r\n$2\r\n", limits: limits) }
        limits.values = 3
        #expect(throws: RESPError.tooLarge("more than 3 values")) { try read("*3\r\n*1\r\n:1\r\n:1\r\n", limits: limits) }
    }
}
