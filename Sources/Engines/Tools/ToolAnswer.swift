import Conversation

/// Puts what a tool answered, or failed to answer, into an outcome for the assistant.
struct ToolAnswer {
    /// The most bytes of an answer that the assistant is told.
    private static let longest = 4 << 10
    private let tool: HTTPTool
    private let redactor: SecretRedactor
    private let text: ServiceText

    /// Makes one for a tool.
    init(of tool: HTTPTool) {
        self.tool = tool
        let secrets = tool.headers.flatMap { Self.secrets(in: $0.value) } + tool.address.secrets
        redactor = SecretRedactor(secrets)
        text = ServiceText(hiding: secrets, longest: 500)
    }

    /// A tool may repeat a key without the word before it, as in `Bearer KEY`.
    private static func secrets(in value: Secret) -> [Secret] {
        [value] + value.value.split(separator: " ").dropFirst().map { Secret(String($0)) }
    }

    /// The outcome of an answer.
    func outcome(status: Int, body: String) -> ToolOutcome {
        guard (200..<300).contains(status) else {
            let excerpt = text.failure(in: body)
            return ToolOutcome(.failed, "The tool answered \(status)" + (excerpt.isEmpty ? "." : ": \(excerpt)"))
        }
        let words = redactor.redact(Self.compact(body)).trimmingPrefix(while: \.isWhitespace)
        return ToolOutcome(.done, words.isEmpty ? "done" : Self.cut(String(words)))
    }

    /// The outcome of a request that was not answered.
    func outcome(of fault: ServiceFault) -> ToolOutcome {
        switch fault.kind {
        case .timedOut: tooLate
        case .unreachable, .unsendable: ToolOutcome(.failed, "Nothing was done: the tool \(redactor.redact(fault.what)).")
        case .broken: ToolOutcome(.failed, "The tool \(redactor.redact(fault.what)) before it answered\(doubt)")
        }
    }

    /// The outcome where no answer came in time.
    var tooLate: ToolOutcome { ToolOutcome(.timedOut, "No answer within \(tool.timeoutMs) ms\(doubt)") }

    /// The outcome where nobody waits for the answer any more.
    var calledOff: ToolOutcome { ToolOutcome(.unknown, "The call was called off while it ran\(doubt)") }

    private var doubt: String {
        tool.method == .get ? "." : "; it may have happened all the same: do not repeat it without asking the caller."
    }

    /// JSON on one line, other text as it is.
    private static func compact(_ body: String) -> String {
        (try? JSONValue(parsing: body).text()) ?? body
    }

    private static func cut(_ text: String) -> String {
        guard text.utf8.count > longest else { return text }
        var size = 0
        let kept = text.prefix { character in
            size += character.utf8.count
            return size <= longest
        }
        return "\(kept)… (cut off)"
    }
}
