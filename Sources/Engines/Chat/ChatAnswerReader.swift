import Conversation

/// Reads a model's answer from the bytes of a body, streamed or whole.
///
/// Servers mislabel both, so the first byte tells which it is: a whole answer begins with a brace, a web page with `<`, and a stream with neither.
struct ChatAnswerReader: Sendable {
    private enum Form {
        /// No byte of it has come. May become any other.
        case unknown
        case events(ServerSentEventParser)
        case document([UInt8])
    }

    private static let longestDocument = 1 << 20
    private let text: ServiceText
    private var stream: ChatStreamReader
    private var form = Form.unknown
    private var hasEvents = false

    /// Makes a reader; see ``ChatStreamReader``.
    init(text: ServiceText, ids: ChatCallIDs, context: ChatAnswerContext = ChatAnswerContext()) {
        self.text = text
        stream = ChatStreamReader(text: text, ids: ids, context: context)
    }

    /// What the service attached to the answer.
    var attached: [String: JSONValue] { stream.attached }

    /// How many tokens the service counted; nil where it does not say.
    var usage: ChatUsage? { stream.usage }

    /// Whether answers of the endpoint begin with a thought without a tag; nil if this one does not tell.
    var beginsInThought: Bool? { stream.beginsInThought }

    /// How far the answer has come.
    var stage: ChatStreamReader.Stage { stream.stage }

    /// Takes the next bytes.
    mutating func feed(_ bytes: some Collection<UInt8>) throws(ChatFailure) -> ChatStreamReader.Progress {
        switch form {
        case .unknown: return try begin(bytes)
        case .events(var parser):
            // The parser's bytes are not copied while only one of the two holds them.
            form = .unknown
            defer { form = .events(parser) }
            return try feed(bytes, to: &parser)
        case .document(var document):
            form = .unknown
            document += bytes
            form = .document(document)
            guard document.count <= Self.longestDocument else { throw ChatFailure("answered with more than \(Self.longestDocument) bytes") }
            return ChatStreamReader.Progress()
        }
    }

    /// Tells that nothing more comes, or that nothing more is waited for.
    mutating func end() throws(ChatFailure) -> ChatStreamReader.Progress {
        var progress = ChatStreamReader.Progress()
        switch form {
        case .unknown: throw ChatFailure("answered nothing")
        case .document(let bytes): progress = try stream.feed(whole: String(decoding: bytes, as: UTF8.self))
        case .events(var parser):
            // The last event may lack its empty line.
            if let last = parser.end() {
                hasEvents = true
                progress = try stream.feed(last)
            }
            if !hasEvents, stream.stage == .open, let stray = parser.strayLine {
                throw ChatFailure("answered with what is no stream of events: \(text.excerpt(stray))", brief: "with what is no stream of events")
            }
        }
        // What came before a failure is given first.
        guard progress.failure == nil else { return progress }
        progress.outputs += try stream.end().outputs
        return progress
    }

    private mutating func begin(_ bytes: some Collection<UInt8>) throws(ChatFailure) -> ChatStreamReader.Progress {
        switch bytes.first(where: { ![0x20, 0x09, 0x0A, 0x0D].contains($0) }) {
        case nil: return ChatStreamReader.Progress()
        case UInt8(ascii: "<"): throw ChatFailure("answered with a web page, not with a chat", brief: "with a web page", remedy: .other)
        case UInt8(ascii: "{"), UInt8(ascii: "["): form = .document([])
        default: form = .events(ServerSentEventParser())
        }
        return try feed(bytes)
    }

    private mutating func feed(
        _ bytes: some Collection<UInt8>,
        to parser: inout ServerSentEventParser
    ) throws(ChatFailure) -> ChatStreamReader.Progress {
        let events: [ServerSentEvent]
        do { events = try parser.feed(bytes) } catch { throw ChatFailure("sent \(error)") }
        var progress = ChatStreamReader.Progress()
        do throws(ChatFailure) {
            for event in events {
                hasEvents = true
                let more = try stream.feed(event)
                progress.outputs += more.outputs
                progress.hasTokens = progress.hasTokens || more.hasTokens
                if let failure = more.failure { throw failure }
            }
        } catch {
            // What came before it is given first, as if it had come on its own: the network's cuts must make no difference.
            progress.failure = error
        }
        return progress
    }
}
