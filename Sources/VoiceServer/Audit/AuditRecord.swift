import Engines
import Crypto
import Foundation

/// One line of the trail, in the only form it may have.
///
/// `{"number":N,"time":"T","event":"E","fields":{...},"sealed":{...},"prev":"H","hash":"H"}`, `sealed` only where there is something of
/// a person's. `hash` is SHA-256 over the bytes of the line before `,"hash"`, so that every byte of a line is either hashed or fixed.
struct AuditRecord: Sendable, Equatable {
    /// Hex digits of a hash.
    static let hashLength = 64
    private static let opening = Array(#"{"number":"#.utf8)
    private static let previousMark = Array(#","prev":""#.utf8)
    private static let hashMark = Array(#","hash":""#.utf8)
    private static let closing = Array(#""}"#.utf8)
    private static let eventMark = Array(#","event":""#.utf8)

    /// The record's number and hash.
    let head: AuditHead
    /// The hash of the record before.
    let previous: String
    /// What happened, for example `server.started`.
    let event: String

    /// Reads a line without its end; nil when it is not whole: cut, of another form, or its bytes do not have its hash.
    init?(_ line: [UInt8]) {
        let tail = Self.hashMark.count + Self.hashLength + Self.closing.count
        let link = Self.previousMark.count + Self.hashLength + 1
        guard line.count > tail + link + Self.opening.count, line.starts(with: Self.opening), line.suffix(2).elementsEqual(Self.closing) else {
            return nil
        }
        let hashed = line.dropLast(tail)
        guard line[hashed.endIndex...].starts(with: Self.hashMark) else { return nil }
        let hash = Self.text(line[hashed.endIndex...].dropFirst(Self.hashMark.count).prefix(Self.hashLength))
        guard hash == Self.hash(of: hashed) else { return nil }
        let end = hashed.suffix(link)
        let digits = line.dropFirst(Self.opening.count).prefix(20).prefix { $0 != UInt8(ascii: ",") }
        guard end.starts(with: Self.previousMark), let number = Int(Self.text(digits)) else { return nil }
        head = AuditHead(number: number, hash: hash)
        previous = Self.text(end.dropFirst(Self.previousMark.count).prefix(Self.hashLength))
        event = Self.event(in: hashed)
    }

    /// The line that continues `head`, without its end, and what the next one continues.
    static func line(
        after head: AuditHead,
        time: Int,
        event: String,
        fields: [String: JSONValue],
        sealed: AuditSeal?
    ) throws -> (bytes: [UInt8], head: AuditHead) {
        let number = head.number + 1
        let content = try JSONValue.object(fields).text()
        let seal = try sealed.map { ",\"sealed\":\(try $0.json.text())" } ?? ""
        let start = "{\"number\":\(number),\"time\":\"\(Timestamp.text(time))\",\"event\":\(try JSONValue.string(event).text()),\"fields\":\(content)"
        let hashed = Array("\(start)\(seal),\"prev\":\"\(head.hash)\"".utf8)
        let hash = hash(of: hashed[...])
        return (hashed + hashMark + Array(hash.utf8) + closing, AuditHead(number: number, hash: hash))
    }

    /// The end of the line of this record: what the file holds just before whatever comes after it.
    static func ending(of head: AuditHead) -> [UInt8] {
        hashMark + Array(head.hash.utf8) + closing + [UInt8(ascii: "\n")]
    }

    /// SHA-256 as lower-case hex digits.
    static func hash(of bytes: ArraySlice<UInt8>) -> String {
        hex(SHA256.hash(data: bytes))
    }

    /// Bytes as lower-case hex digits.
    static func hex(_ bytes: some Sequence<UInt8>) -> String {
        let digits = Array("0123456789abcdef".utf8)
        var text: [UInt8] = []
        for byte in bytes {
            text.append(digits[Int(byte >> 4)])
            text.append(digits[Int(byte & 15)])
        }
        return String(decoding: text, as: UTF8.self)
    }

    private static func event(in bytes: ArraySlice<UInt8>) -> String {
        guard let mark = bytes.prefix(120).firstRange(of: eventMark) else { return "" }
        return text(bytes[mark.upperBound...].prefix(64).prefix { $0 != UInt8(ascii: "\"") })
    }

    private static func text(_ bytes: some Sequence<UInt8>) -> String {
        String(decoding: Array(bytes), as: UTF8.self)
    }
}
