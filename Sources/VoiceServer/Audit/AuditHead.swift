/// A record of the trail by its number and hash; the newest one stands for all before it.
package struct AuditHead: Sendable, Hashable {
    /// What the first record continues.
    static let genesis = AuditHead(number: 0, hash: String(repeating: "0", count: AuditRecord.hashLength))

    /// The record's number; 0 before the first.
    package var number: Int
    /// Its hash, 64 lower-case hex digits.
    package var hash: String

    init(number: Int, hash: String) {
        self.number = number
        self.hash = hash
    }

    /// Reads `NUMBER:HASH`, as ``text`` writes it; nil when it is something else.
    package init?(_ text: String) {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, let number = Int(parts[0]), number >= 0, parts[1].utf8.count == AuditRecord.hashLength,
            parts[1].allSatisfy({ $0.isHexDigit && $0.isASCII })
        else { return nil }
        self.init(number: number, hash: parts[1].lowercased())
    }

    /// `NUMBER:HASH`.
    package var text: String { "\(number):\(hash)" }
}
