import TestSupport

/// The parts of a form as a server reads them.
struct FormParts {
    /// A part's head and content.
    struct Part {
        var head: String
        var content: [UInt8]

        /// The content of a field.
        var text: String { String(decoding: content, as: UTF8.self) }
    }

    private(set) var parts: [String: Part] = [:]

    /// Reads a form; has no parts where the request holds none.
    init(_ request: FakeEndpoint.Request) {
        guard let type = request.headers["content-type"], let mark = type.firstRange(of: "boundary=") else { return }
        let separator = Array("\r\n--\(type[mark.upperBound...])".utf8)
        let body = Array("\r\n".utf8) + request.bodyBytes
        for piece in body.split(separator: separator, omittingEmptySubsequences: true) {
            guard let end = piece.firstRange(of: Array("\r\n\r\n".utf8)) else { continue }
            let head = String(decoding: piece[..<end.lowerBound], as: UTF8.self)
            guard let name = head.firstMatch(of: /\bname="([^"]*)"/)?.1 else { continue }
            parts[String(name)] = Part(head: head, content: Array(piece[end.upperBound...]))
        }
    }

    subscript(_ name: String) -> Part? { parts[name] }
}
