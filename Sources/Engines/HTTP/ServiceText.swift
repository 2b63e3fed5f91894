/// Makes what a service said fit for our own messages: one short line, without keys.
package struct ServiceText: Sendable {
    private let redactor: SecretRedactor
    private let longest: Int

    /// Makes one.
    ///
    /// - Parameters:
    ///   - secrets: what is taken out.
    ///   - longest: the most characters that are repeated.
    package init(hiding secrets: [Secret], longest: Int = 120) {
        redactor = SecretRedactor(secrets)
        self.longest = longest
    }

    /// An excerpt of any text; empty where there is nothing to see.
    ///
    /// Secrets are taken out before it is cut: half a key is no longer found.
    func excerpt(_ text: String) -> String {
        let words = redactor.redact(text).split { $0.isWhitespace || $0.isNewline || $0.unicodeScalars.allSatisfy { $0.value < 0x20 } }
        let line = words.joined(separator: " ")
        return line.count <= longest ? line : line.prefix(longest - 1) + "…"
    }

    /// What a body says about a failure: its message if it is JSON of a usual form, the title of a web page, otherwise its beginning.
    package func failure(in body: String) -> String {
        let body = body.trimmingPrefix(while: \.isWhitespace)
        if let document = try? JSONValue(parsing: String(body)) { return failure(in: document) ?? excerpt(String(body.prefix(Self.longestSource))) }
        if body.first == "<" { return excerpt(Self.page(body)) }
        if let message = Self.message(cut: body) { return excerpt(message) }
        return excerpt(String(body.prefix(Self.longestSource)))
    }

    /// What a document says about a failure, in the forms that services use; nil if it has none.
    func failure(in document: JSONValue) -> String? {
        Self.message(in: document, depth: 0).map { excerpt(String($0.prefix(Self.longestSource))) }
    }

    /// More of a text than this does not fit into an excerpt.
    private static let longestSource = 4_096
    /// Where services put the message of a failure, the best first.
    private static let names = ["error", "message", "detail", "errors", "error_description", "msg", "title", "reason", "description", "fault"]

    private static func message(in document: JSONValue, depth: Int) -> String? {
        guard depth < 8 else { return nil }
        switch document {
        case .string(let text): return message(inside: text, depth: depth)
        case .array(let elements): return elements.lazy.compactMap { message(in: $0, depth: depth + 1) }.first
        case .object(let members):
            guard let words = names.lazy.compactMap({ members[$0].flatMap { message(in: $0, depth: depth + 1) } }).first else { return nil }
            // FastAPI names the place beside the message.
            guard let places = members["loc"]?.elements, members["msg"] != nil else { return words }
            let path = places.compactMap { place in place.string ?? (try? place.text()) }.joined(separator: ".")
            return "\(path): \(words)"
        case .null, .bool, .number, .real: return nil
        }
    }

    /// The message in a text that may itself be JSON, as gateways pass on what they were answered.
    private static func message(inside text: String, depth: Int) -> String? {
        let trimmed = text.trimmingPrefix(while: \.isWhitespace)
        guard !trimmed.isEmpty else { return nil }
        guard trimmed.first == "{" || trimmed.first == "[", let document = try? JSONValue(parsing: String(trimmed)) else { return text }
        return message(in: document, depth: depth + 1) ?? text
    }

    /// The first message of a JSON text that was cut short.
    private static func message(cut body: some StringProtocol) -> String? {
        guard body.first == "{" || body.first == "[" else { return nil }
        let start = body.prefix(longestSource)
        for name in ["message", "detail", "error", "msg", "error_description"] {
            guard let found = start.firstRange(of: "\"\(name)\"") else { continue }
            let rest = start[found.upperBound...].drop { $0.isWhitespace || $0 == ":" }
            guard rest.first == "\"" else { continue }
            var isEscaped = false
            let words = rest.dropFirst().prefix { character in
                defer { isEscaped = character == "\\" && !isEscaped }
                return character != "\"" || isEscaped
            }
            let text = (try? JSONValue(parsing: "\"\(words)\""))?.string ?? String(words)
            if !text.allSatisfy(\.isWhitespace) { return text }
        }
        return nil
    }

    /// The title of a web page, or its text without tags.
    private static func page(_ body: some StringProtocol) -> String {
        let start = body.prefix(longestSource)
        let lower = start.lowercased()
        for name in ["title", "h1"] {
            guard let open = lower.firstRange(of: "<\(name)"), let begin = lower[open.upperBound...].firstIndex(of: ">"),
                let end = lower[begin...].firstRange(of: "</\(name)")
            else { continue }
            let offset = lower.distance(from: lower.startIndex, to: lower.index(after: begin))
            let words = start.dropFirst(offset).prefix(lower.distance(from: lower.index(after: begin), to: end.lowerBound))
            if !words.allSatisfy(\.isWhitespace) { return String(words) }
        }
        var isTag = false
        return String(
            start.map { character in
                if character == "<" { isTag = true }
                defer { if character == ">" { isTag = false } }
                return isTag ? " " : character
            }
        )
    }
}
