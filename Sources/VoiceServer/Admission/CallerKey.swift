import Foundation
import Twilio

/// Tells callers apart: one key for a caller, however their address was written.
enum CallerKey {
    /// A number of fewer digits is a short code, which has no country.
    private static let fewestDigits = 7
    private static let punctuation: Set<Character> = [" ", "-", ".", "(", ")", "/", "\u{A0}"]

    /// The key of an address as Twilio or a person wrote it; nil where the number is withheld, since all who withhold theirs look alike.
    static func key(of raw: String) -> String? {
        // "%2B1415..." was encoded twice, " 1415..." once too seldom.
        let text = raw.contains("%") ? raw.removingPercentEncoding ?? raw : raw
        return switch CallerAddress(text) {
        case .anonymous: nil
        case .e164(let number): number
        case .client(let identity): "client:\(identity)"
        case .sip(let address): sip(address)
        case .other(let text): number(text)
        }
    }

    /// A number with spaces, hyphens or without its plus; anything else as it is.
    private static func number(_ text: String) -> String? {
        let compact = text.filter { !punctuation.contains($0) }
        let digits = compact.first == "+" ? compact.dropFirst() : compact[...]
        guard digits.count >= fewestDigits, digits.allSatisfy({ $0.isASCII && $0.isNumber }) else { return text.lowercased() }
        return switch CallerAddress("+" + digits) {
        case .anonymous: nil
        case .e164(let number): number
        default: compact
        }
    }

    /// The address alone: without display name and parameters, which change from call to call.
    private static func sip(_ address: String) -> String {
        var address = address[...]
        if let open = address.firstIndex(of: "<") { address = address[address.index(after: open)...].prefix { $0 != ">" } }
        return address.prefix { $0 != ";" && $0 != "?" }.lowercased()
    }
}
