/// Makes what a service said fit for our own messages: one short line, without keys.
struct ServiceText: Sendable {
    private let redactor: SecretRedactor
    private let longest: Int

    /// Makes one.
    ///
    /// - Parameters:
    ///   - secrets: what is taken out.
    ///   - longest: the most characters that are repeated.
    init(hiding secrets: [Secret], longest: Int = 120) {
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

    /// What a body says of a failure: its message where it is JSON of a usual form, or else its beginning.
    func failure(in body: String) -> String {
        guard let document = try? JSONValue(parsing: body) else { return excerpt(body) }
        return failure(in: document) ?? excerpt(body)
    }

    /// What a document says of a failure, in the forms that services use; nil where it tells of none.
    func failure(in document: JSONValue) -> String? {
        let error = document["error"] ?? document["detail"] ?? document
        return (error.string ?? error["message"]?.string ?? error["error"]?.string).map(excerpt)
    }
}
