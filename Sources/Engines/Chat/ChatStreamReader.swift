import Conversation

/// What is known of an answer before it comes.
struct ChatAnswerContext: Sendable {
    /// The endpoint and model that answer.
    var origin = ""
    /// What the model may call.
    var tools: [ToolDeclaration] = []
    /// Whether its text is expected to begin with a thought without a tag.
    var beginsInThought = false
}

/// Reads a model's answer from the events of its stream.
struct ChatStreamReader: Sendable {
    /// How far the answer has come.
    enum Stage: Sendable {
        /// The model goes on. May become finished or over.
        case open
        /// The model said why it stopped; a few servers still add something. May become over.
        case finished
        /// Nothing that comes belongs to the answer.
        case over
    }

    /// What some bytes brought.
    struct Progress: Sendable, Equatable {
        /// What the assistant gives.
        var outputs: [AssistantOutput] = []
        /// The model is at work: it said, thought or called something.
        var hasTokens = false
        /// What then went wrong, in the same bytes.
        var failure: ChatFailure?
    }

    /// The most bytes that are said: about an hour of speech.
    static let longestAnswer = 64 << 10
    private static let mostReceived = 1 << 20

    /// How far the answer has come.
    private(set) var stage = Stage.open
    /// What the service attached to the answer.
    private(set) var attached: [String: JSONValue] = [:]
    /// How many tokens the service counted; nil where it does not say.
    private(set) var usage: ChatUsage?
    private let text: ServiceText
    private let context: ChatAnswerContext
    private let decoder = ChatEventDecoder()
    private var markup: ChatMarkup
    private var calls = ChatToolCalls()
    private var ids: ChatCallIDs
    private var spoken = 0
    private var received = 0
    private var attachedBytes = 0
    private var hasOutput = false
    private var hasCalled = false
    private var finishReason: String?
    /// The first event that could not be read.
    private var unreadable: String?
    /// Whether an event was lost that may have held a part of a tool call.
    private var hasLostCalls = false
    /// What was wrong with tool calls in the text.
    private var callFaults: [String] = []

    /// Makes a reader.
    ///
    /// - Parameters:
    ///   - text: puts what services say into messages.
    ///   - ids: makes the ids of tool calls unique.
    ///   - context: what is known of the endpoint and the question.
    init(text: ServiceText, ids: ChatCallIDs, context: ChatAnswerContext = ChatAnswerContext()) {
        self.text = text
        self.ids = ids
        self.context = context
        markup = ChatMarkup(tools: context.tools, beginsInThought: context.beginsInThought)
    }

    /// Whether answers of the endpoint begin with a thought without a tag; nil if this one does not tell.
    var beginsInThought: Bool? { markup.hasLoneClosing ? true : markup.assumedInVain ? false : nil }

    /// Takes an event; one that cannot be read is skipped.
    mutating func feed(_ event: ServerSentEvent) throws(ChatFailure) -> Progress {
        guard stage != .over else { return Progress() }
        let data = event.data.trimmingPrefix(while: \.isWhitespace)
        if data.isEmpty { return Progress() }
        if data.hasPrefix("[DONE]") { return finish() }
        let chunks = decoder.chunks(in: data)
        if event.name == "error", !chunks.contains(where: { $0.error != nil }) {
            throw said(text.failure(in: event.data), ChatRefusal(status: nil, body: event.data))
        }
        if chunks.isEmpty { note(unreadable: event.data) }
        return try feed(chunks)
    }

    /// Takes a whole answer that was not streamed.
    mutating func feed(whole document: String) throws(ChatFailure) -> Progress {
        let chunks = decoder.documents(in: document)
        guard chunks.contains(where: { $0.choice != nil || $0.error != nil }) else {
            throw ChatFailure("answered with what is no chat: \(text.excerpt(String(document.prefix(4_096))))", brief: "with what is no chat")
        }
        var progress = try feed(chunks)
        let last = finish()
        progress.outputs += last.outputs
        return progress
    }

    /// Takes the end of the body: the answer is complete, whether or not the service said so.
    mutating func end() throws(ChatFailure) -> Progress {
        // What ends without saying so may lack a part of its last call.
        if stage == .open { calls.dropIncomplete() }
        let progress = finish()
        guard hasOutput else { throw nothing }
        return progress
    }

    private var nothing: ChatFailure {
        if let fault = callFaults.first { return ChatFailure("wrote a tool call that cannot be made: \(fault)") }
        if let unreadable { return ChatFailure("sent what is no JSON: \(text.excerpt(unreadable))", brief: "no JSON") }
        return ChatFailure("answered nothing" + (finishReason.map { " (finish_reason \(text.excerpt($0)))" } ?? ""))
    }

    private mutating func note(unreadable data: String) {
        if unreadable == nil { unreadable = String(data.prefix(1_000)) }
        if data.contains("tool_calls") || data.contains("\"arguments\"") || data.contains("\"function\"") { hasLostCalls = true }
    }

    private func said(_ reason: String, _ refusal: ChatRefusal) -> ChatFailure {
        var failure = ChatFailure("reported an error: \(reason)", brief: "an error: \(reason)")
        failure.refusal = refusal
        if refusal.isFinal { failure.remedy = .other } else if refusal.status == 429 { failure.remedy = .later(afterMs: refusal.waitMs) }
        return failure
    }

    private mutating func feed(_ chunks: [ChatChunk]) throws(ChatFailure) -> Progress {
        var progress = Progress()
        for chunk in chunks {
            do throws(ChatFailure) {
                let more = try feed(chunk)
                progress.outputs += more.outputs
                progress.hasTokens = progress.hasTokens || more.hasTokens
            } catch {
                guard !progress.outputs.isEmpty else { throw error }
                progress.failure = error
                return progress
            }
        }
        return progress
    }

    private mutating func feed(_ chunk: ChatChunk) throws(ChatFailure) -> Progress {
        if let error = chunk.error {
            let reason = text.failure(in: error) ?? text.excerpt((try? error.text()) ?? "")
            throw said(reason, ChatRefusal(status: nil, document: error))
        }
        // Some count once at the end, others with every chunk.
        if let usage = chunk.usage { self.usage = usage }
        guard let choice = chunk.choice else { return Progress() }
        var progress = Progress()
        if let delta = choice.delta {
            progress.hasTokens = !delta.text.isEmpty || delta.isThinking || !delta.calls.isEmpty
            received += delta.text.utf8.count + delta.calls.map(\.arguments.utf8.count).reduce(0, +)
            keep(delta.extra)
            if delta.isThinking { markup.thoughtsComeApart() }
            progress.outputs += say(markup.feed(delta.text))
            for call in delta.calls { calls.add(call) }
        }
        if let reason = choice.finishReason, stage == .open {
            finishReason = reason
            progress.outputs += flush()
            stage = .finished
        }
        if received > Self.mostReceived, stage != .over { progress.outputs += cut() }
        return progress
    }

    /// Keeps what the service attached, as long as it is not too much.
    private mutating func keep(_ extra: [String: JSONValue]) {
        guard !extra.isEmpty, attachedBytes <= ChatAttachment.maximumBytes else { return }
        attachedBytes += (try? JSONValue.object(extra).data().count) ?? 0
        attached = attachedBytes <= ChatAttachment.maximumBytes ? attached.merging(pieces: extra) : [:]
    }

    private mutating func finish() -> Progress {
        guard stage != .over else { return Progress() }
        let outputs = flush()
        stage = .over
        return Progress(outputs: outputs)
    }

    /// What was held back, then the tool calls.
    private mutating func flush() -> [AssistantOutput] {
        var outputs = say(markup.end())
        guard stage != .over else { return outputs }
        if hasLostCalls, !calls.isEmpty {
            calls.dropAll()
            callFaults.append("a part of it could not be read")
        }
        var made = calls.take(message: attached, origin: context.origin, ids: &ids)
        // Some services read the calls out of the text and leave it as it is.
        let written = writtenCalls()
        if made.isEmpty, !hasCalled { made = written }
        if !made.isEmpty { (hasOutput, hasCalled) = (true, true) }
        outputs += made.map(AssistantOutput.toolCall)
        if hasOutput, let fault = callFaults.first {
            callFaults = []
            if !hasCalled { outputs.append(.fault("chat: a tool call was dropped: \(fault)")) }
        }
        return outputs
    }

    /// The tool calls that the model wrote into its text, as far as they can be made.
    private mutating func writtenCalls() -> [ToolCall] {
        var made: [ToolCall] = []
        for text in markup.takeCalls() {
            guard let written = WrittenToolCalls(text, tools: context.tools) else {
                callFaults.append("\(self.text.excerpt(String(text.prefix(1_000)))) cannot be read")
                continue
            }
            let checked = written.checked(by: context.tools)
            callFaults += checked.faults
            made += checked.calls.map { ToolCall(id: ids.unique(""), name: $0.name, arguments: $0.arguments) }
        }
        return made
    }

    /// White space before the first word is the model's own affair.
    private mutating func say(_ words: String) -> [AssistantOutput] {
        guard stage != .over else { return [] }
        let words = hasOutput ? words : String(words.trimmingPrefix(while: \.isWhitespace))
        guard !words.isEmpty else { return [] }
        hasOutput = true
        guard spoken + words.utf8.count > Self.longestAnswer else {
            spoken += words.utf8.count
            return [.text(words)]
        }
        return [.text(Self.beginning(of: words, bytes: Self.longestAnswer - spoken))].filter { $0 != .text("") } + cut()
    }

    /// Ends an answer that does not end: what came is said, calls that may be incomplete are not made.
    private mutating func cut() -> [AssistantOutput] {
        stage = .over
        guard hasOutput else { return [] }
        return [.fault("chat: the answer was too long and was cut off after \(Self.longestAnswer / 1_024) KiB")]
    }

    private static func beginning(of words: String, bytes: Int) -> String {
        var size = 0
        return String(
            words.prefix { character in
                size += character.utf8.count
                return size <= bytes
            }
        )
    }
}
