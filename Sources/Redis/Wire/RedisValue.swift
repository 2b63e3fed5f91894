package import NIOCore

/// A reply, or a part of one.
package indirect enum RedisValue: Sendable, Equatable {
    case null
    case bool(Bool)
    case integer(Int)
    case real(Double)
    /// A text or any bytes.
    case bytes(ByteBuffer)
    /// An array, or a set in the order it came.
    case array([RedisValue])
    /// A map in the order it came.
    case map([RedisPair])
    /// An error inside of a larger reply; an error that is the whole reply is thrown.
    case error(RedisError)

    /// The bytes as UTF-8, numbers as they are written.
    package var text: String? {
        switch self {
        case .bytes(let bytes): String(buffer: bytes)
        case .integer(let number): String(number)
        case .null, .bool, .real, .array, .map, .error: nil
        }
    }

    /// A whole number, also one that came as text.
    package var integer: Int? {
        switch self {
        case .integer(let number): number
        case .bytes(let bytes): Int(String(buffer: bytes))
        case .null, .bool, .real, .array, .map, .error: nil
        }
    }

    /// The items of an array.
    package var items: [RedisValue]? {
        if case .array(let items) = self { items } else { nil }
    }

    /// The entries of a map.
    package var pairs: [RedisPair]? {
        if case .map(let pairs) = self { pairs } else { nil }
    }

    /// Whether there is nothing.
    package var isNull: Bool { self == .null }
}

/// An entry of a map.
package struct RedisPair: Sendable, Equatable {
    /// What it is found by.
    package var key: RedisValue
    /// What is found.
    package var value: RedisValue

    /// Makes an entry.
    package init(_ key: RedisValue, _ value: RedisValue) {
        self.key = key
        self.value = value
    }
}
