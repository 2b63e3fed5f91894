import NIOCore
import TestSupport

@testable import Redis

/// Replies as a server writes them, made up and written down.
extension RedisValue {
    /// The reply's bytes.
    var wire: String {
        switch self {
        case .null: "_\r\n"
        case .bool(let truth): "#\(truth ? "t" : "f")\r\n"
        case .integer(let number): ":\(number)\r\n"
        case .real(let number): ",\(number)\r\n"
        case .bytes(let bytes): "$\(bytes.readableBytes)\r\n\(String(buffer: bytes))\r\n"
        case .array(let items): "*\(items.count)\r\n" + items.map(\.wire).joined()
        case .map(let pairs): "%\(pairs.count)\r\n" + pairs.map { $0.key.wire + $0.value.wire }.joined()
        case .error(let error): "-\(error.message)\r\n"
        }
    }

    /// A text.
    static func text(_ text: String) -> RedisValue { .bytes(ByteBuffer(string: text)) }

    /// A made-up reply.
    static func random(depth: Int = 0, using random: inout SeededRandom) -> RedisValue {
        switch Int.random(in: 0..<(depth < 4 ? 8 : 6), using: &random) {
        case 0: return .null
        case 1: return .bool(Bool.random(using: &random))
        case 2: return .integer(Int.random(in: Int.min...Int.max, using: &random))
        case 3: return .real(Double.random(in: -1e6...1e6, using: &random))
        case 4: return .error(RedisError(reply: "ERR \(Int.random(in: 0..<100, using: &random))"))
        case 5:
            let letters = "aß\r\n$*:😀 "
            return .text(String((0..<Int.random(in: 0..<40, using: &random)).compactMap { _ in letters.randomElement(using: &random) }))
        case 6: return .array((0..<Int.random(in: 0..<5, using: &random)).map { _ in Self.random(depth: depth + 1, using: &random) })
        default:
            return .map(
                (0..<Int.random(in: 0..<4, using: &random)).map { _ in
                    RedisPair(Self.random(depth: depth + 1, using: &random), Self.random(depth: depth + 1, using: &random))
                }
            )
        }
    }
}
