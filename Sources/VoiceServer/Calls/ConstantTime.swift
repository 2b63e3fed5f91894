/// Comparison of secrets.
enum ConstantTime {
    /// Whether two texts are equal, in a time that depends on the length of `given` alone.
    static func areEqual(_ given: String, _ secret: String) -> Bool {
        let given = Array(given.utf8)
        let secret = Array(secret.utf8)
        guard !secret.isEmpty else { return false }
        var difference = UInt8(given.count == secret.count ? 0 : 1)
        for index in given.indices { difference |= given[index] ^ secret[index % secret.count] }
        return difference == 0
    }
}
