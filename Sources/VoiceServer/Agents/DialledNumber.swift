import Twilio

/// A number or SIP address that is called, in the one spelling that is compared.
enum DialledNumber {
    /// A number in an agent's words or Twilio's: without spaces, dashes and brackets; SIP addresses in small letters, without parameters.
    static func normal(_ text: String) -> String {
        let lower = text.lowercased()
        if let start = lower.firstRange(of: "sips:") ?? lower.firstRange(of: "sip:") {
            return String(lower[start.lowerBound...].prefix { !";>? ".contains($0) })
        }
        return text.filter { !" -().\t\u{A0}".contains($0) }
    }

    /// Reads `+14155550100` or `sip:name@host`, with spaces and dashes or without; nil for anything else.
    static func read(_ text: String) -> String? {
        let normal = normal(text)
        switch CallerAddress(normal) {
        case .e164: return normal
        case .sip: return isSIP(normal) ? normal : nil
        case .anonymous, .client, .other: return nil
        }
    }

    private static func isSIP(_ text: String) -> Bool {
        let parts = text.split(separator: ":", maxSplits: 1).last?.split(separator: "@", omittingEmptySubsequences: false) ?? []
        return parts.count == 2
            && parts.allSatisfy { part in
                !part.isEmpty && part.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && !"<>\"'&".utf8.contains($0) }
            }
    }
}
