import Conversation
import Foundation
import NIOHTTP1

/// A service's answer, whose body is still to be read.
struct ServiceAnswer: Sendable {
    /// The status.
    let status: Int
    /// The headers.
    let headers: HTTPHeaders
    /// The body; letting go of it closes the connection, unless it was read to its end.
    let body: ServiceBody

    /// Makes an answer whose head has arrived.
    init(_ head: HTTPResponseHead, body: ServiceBody) {
        status = Int(head.status.code)
        headers = head.headers
        self.body = body
    }

    /// Whether the service did what it was asked for.
    var isSuccess: Bool { (200..<300).contains(status) }

    /// What kind of body it is, and in which charset, as the service says.
    var contentType: String? { headers.first(name: "Content-Type") }

    /// How long the service asks to wait before the next request, in milliseconds; nil if it does not say.
    var retryAfterMs: Int? { ServiceWait(headers).ms }
}

/// How long a service asks to wait, in the headers that services use for it.
struct ServiceWait {
    /// The wait in milliseconds; nil if there is none.
    let ms: Int?

    /// Reads a wait from the headers of an answer.
    init(_ headers: HTTPHeaders, now: Date = Date()) {
        let now = headers.first(name: "Date").flatMap(Self.date) ?? now
        let exact = headers.first(name: "retry-after-ms").flatMap(Double.init).flatMap { Self.milliseconds($0) }
        let usual = headers.first(name: "Retry-After").flatMap { text in
            Self.duration(text) ?? Self.date(text).map { max(0, Int(($0.timeIntervalSince(now) * 1_000).rounded(.up))) }
        }
        ms = exact ?? usual ?? Self.reset(headers, now: now)
    }

    /// When the limit that is used up begins anew.
    private static func reset(_ headers: HTTPHeaders, now: Date) -> Int? {
        let kinds = ["-requests", "-tokens", ""].flatMap { kind in ["x-ratelimit", "ratelimit"].map { ($0, kind) } }
        for (prefix, kind) in kinds {
            guard let reset = headers.first(name: "\(prefix)-reset\(kind)"),
                headers.first(name: "\(prefix)-remaining\(kind)").map({ Double($0) ?? 0 < 1 }) ?? (kind.isEmpty)
            else { continue }
            // Some give the time of day in Unix seconds or milliseconds.
            if let number = Double(reset), number > 1_000_000_000 {
                let seconds = number > 100_000_000_000 ? number / 1_000 : number
                return milliseconds(max(0, seconds - now.timeIntervalSince1970) * 1_000)
            }
            if let ms = duration(reset) { return ms }
        }
        return nil
    }

    /// Reads `2`, `1.5s`, `120ms` or `1m2s`, in milliseconds.
    static func duration(_ text: String) -> Int? {
        let units = ["ms": 1.0, "s": 1_000, "m": 60_000, "h": 3_600_000, "d": 86_400_000]
        var rest = text.filter { !$0.isWhitespace }.lowercased()[...]
        guard !rest.isEmpty else { return nil }
        var total = 0.0
        while !rest.isEmpty {
            let number = rest.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
            rest = rest.dropFirst(number.count)
            let unit = rest.prefix { $0.isLetter }
            rest = rest.dropFirst(unit.count)
            guard let value = Double(number), let factor = unit.isEmpty ? 1_000 : units[String(unit)] else { return nil }
            total += value * factor
        }
        return milliseconds(total)
    }

    private static func milliseconds(_ value: Double) -> Int? {
        (0..<1_000_000_000).contains(value) ? Int(value.rounded(.up)) : nil
    }

    /// Reads `Sun, 06 Nov 1994 08:49:37 GMT`.
    private static func date(_ text: String) -> Date? {
        let formatter = DateFormatter()
        formatter.locale = Locale(identifier: "en_US_POSIX")
        formatter.timeZone = TimeZone(secondsFromGMT: 0)
        formatter.dateFormat = "EEE, dd MMM yyyy HH:mm:ss zzz"
        return formatter.date(from: text)
    }
}
