import Conversation

/// What a service says when it refuses a request, read for what it could not accept.
struct ChatRefusal: Sendable, Equatable {
    /// The status; nil if the refusal came inside an answer.
    let status: Int?
    /// All that the body says, in lower case, with names and values side by side.
    let words: String

    private static let longest = 4_000
    /// Members that repeat the request: what stands there says nothing about the refusal.
    private static let echoes: Set<String> = ["input", "failed_generation", "request", "body", "messages", "prompt", "url", "doc_url", "request_id"]

    /// Reads the body of a refusal.
    init(status: Int?, body: String) {
        self.init(status: status, document: (try? JSONValue(parsing: body)) ?? .string(body))
    }

    /// Reads the document of a refusal.
    init(status: Int?, document: JSONValue) {
        self.status = status ?? document["code"].flatMap { if case .number(let code) = $0, (400..<600).contains(code) { code } else { nil } }
        words = String(Self.flat(document, depth: 0).prefix(Self.longest)).lowercased()
    }

    private static func flat(_ document: JSONValue, depth: Int) -> String {
        guard depth < 8 else { return "" }
        switch document {
        case .null: return ""
        case .bool, .number, .real: return (try? document.text()) ?? ""
        case .string(let text):
            guard text.first == "{" || text.first == "[", let inner = try? JSONValue(parsing: text) else { return text }
            return flat(inner, depth: depth + 1)
        case .array(let elements): return elements.map { flat($0, depth: depth + 1) }.joined(separator: " ")
        case .object(let members):
            return members.sorted { $0.key < $1.key }.filter { !echoes.contains($0.key) }
                .map { "\($0.key) \(flat($0.value, depth: depth + 1))" }.joined(separator: "; ")
        }
    }

    /// Whether the refusal contains one of these.
    func contains(_ phrases: String...) -> Bool { phrases.contains { words.contains($0) } }

    /// Whether the refusal contains a name as a whole word.
    func names(_ name: String) -> Bool {
        words.ranges(of: name.lowercased()).contains { range in
            let before = range.lowerBound == words.startIndex ? nil : words[words.index(before: range.lowerBound)]
            let after = range.upperBound == words.endIndex ? nil : words[range.upperBound]
            return ![before, after].contains { $0.map { $0.isLetter || $0.isNumber || $0 == "_" } ?? false }
        }
    }

    /// Whether the request may be the cause, rather than the key, the address, the load or the account.
    var concernsRequest: Bool {
        guard let status else { return true }
        return [400, 404, 405, 406, 413, 415, 422, 500, 501].contains(status)
    }

    /// Whether the request as a whole was refused for a reason that may not be recognised.
    var isPlain: Bool { status == 400 || status == 422 || (status == 500 && contains("template", "jinja")) }

    /// Whether waiting does not help: the account is used up.
    var isFinal: Bool { contains("insufficient_quota", "exceeded your current quota", "billing", "credit balance", "payment required") }

    /// Whether the model failed to write a tool call, and may succeed the next time.
    var isFailedToolUse: Bool {
        contains(
            "tool_use_failed",
            "failed to call a function",
            "failed_generation",
            "tool call validation failed",
            "malformed_function_call",
            "malformed function call",
            "failed to parse tool call",
            "could not parse tool call",
            "invalid tool call",
            "failed to generate tool call",
            "failed to parse the tool call",
            "tool call parsing"
        )
    }

    /// Whether the request holds more than the model reads.
    var isTooLong: Bool {
        status == 413 || isTooLongInWords
    }

    private var isTooLongInWords: Bool {
        contains(
            "context_length",
            "context length",
            "context_window",
            "context window",
            "maximum context",
            "available context size",
            "exceed_context",
            "prompt is too long",
            "input is too long",
            "too many tokens",
            "too many input tokens",
            "reduce the length",
            "maximum input length",
            "max_seq_len",
            "maximum sequence length",
            "exceeds the context",
            "exceed the context",
            "token limit",
            "request too large",
            "input token count",
            "maximum number of tokens",
            "tokens exceed",
            "prompt too long",
            "input tokens exceed"
        ) || (contains("must be <=", "must have less than", "exceeds the maximum", "maximum allowed") && contains("token", "inputs"))
    }

    /// The wait that the words ask for, as in `try again in 1.5s`, in milliseconds.
    var waitMs: Int? {
        for phrase in ["try again in ", "retry after ", "retry in ", "retrydelay "] {
            guard let found = words.firstRange(of: phrase) else { continue }
            let text = words[found.upperBound...].prefix { $0.isNumber || $0 == "." || "mshd".contains($0) }
            if let ms = ServiceWait.duration(String(text.last == "." ? text.dropLast() : text)) { return ms }
            let number = words[found.upperBound...].prefix { $0.isNumber || $0 == "." }
            if let ms = ServiceWait.duration(String(number)) { return ms }
        }
        return nil
    }

    /// The context's size and the request's, in the model's own tokens, as far as the words tell.
    var sizes: (limit: Int, requested: Int?)? {
        let numbers = Self.numbers(in: words)
        let leads = [
            "maximum context length is ", "maximum context length of ", "maximum context length: ", "available context size (", "context size is ",
            "n_ctx ", "context window of ", "context length is only ", "context length of ", "must be <= ", "> ", "limit ", "limit is ",
            "maximum allowed length (", "maximum of ", "limit of ", "up to ",
        ]
        for lead in leads {
            guard let found = words.firstRange(of: lead), let limit = Self.numbers(in: String(words[found.upperBound...].prefix(12))).first,
                words[found.upperBound...].first?.isNumber == true, limit >= Self.smallestContext
            else { continue }
            return (limit, numbers.filter { $0 > limit }.max())
        }
        let plausible = Set(numbers.filter { $0 >= Self.smallestContext }).sorted(by: >)
        guard let largest = plausible.first else { return nil }
        guard plausible.count > 1 else { return (largest, nil) }
        return (plausible[1], largest)
    }

    private static let smallestContext = 128

    private static func numbers(in text: String) -> [Int] {
        text.replacing(",", with: "").split { !$0.isASCII || !$0.isNumber }.compactMap { Int($0) }
            .filter { $0 < 100_000_000 && ![400, 413, 422, 500].contains($0) }
    }
}
