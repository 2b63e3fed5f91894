import NIOCore
import Redis

extension FuzzTarget {
    /// Redis's replies: however the bytes are cut, the same is read of them.
    static let resp = FuzzTarget(
        name: "resp",
        seeds: [
            "+OK\r\n:1\r\n$3\r\nabc\r\n_\r\n#t\r\n,1.5\r\n(12345678901234567890\r\n", "*2\r\n$1\r\na\r\n*1\r\n:2\r\n%1\r\n+a\r\n+b\r\n~1\r\n:1\r\n",
            ">2\r\n+message\r\n$1\r\nx\r\n|1\r\n+ttl\r\n:5\r\n:7\r\n", "=7\r\ntxt:abc\r\n!9\r\nERR wrong\r\n-ERR no\r\n$-1\r\n*-1\r\n",
        ].map { Array($0.utf8) },
        alphabet: "+-:$*%~>|=!_#,(0123456789\r\n"
    ) { bytes in
        // What is not a number is not equal to itself.
        guard !String(decoding: bytes, as: UTF8.self).lowercased().contains("nan") else { return }
        let whole = read(bytes, cutEvery: .max)
        for length in [1, 7] {
            let pieces = read(bytes, cutEvery: length)
            let isSame = pieces.messages == whole.messages && pieces.isFaulty == whole.isFaulty
            try BrokenPromise.unless(isSame, "cut every \(length) bytes it reads otherwise")
        }
    }

    private static func read(_ bytes: [UInt8], cutEvery length: Int) -> (messages: [RESPParser.Message], isFaulty: Bool) {
        var limits = RESPParser.Limits()
        limits.values = 200
        limits.bytes = 10_000
        var parser = RESPParser(limits: limits)
        var messages: [RESPParser.Message] = []
        var rest = bytes[...]
        do throws(RESPError) {
            while !rest.isEmpty {
                parser.append(ByteBuffer(bytes: rest.prefix(length)))
                rest = rest.dropFirst(length)
                while let message = try parser.next() { messages.append(message) }
            }
            return (messages, false)
        } catch {
            return (messages, true)
        }
    }
}
