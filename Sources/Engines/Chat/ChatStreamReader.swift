import Conversation
import Foundation

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
    private let text: ServiceText
    private let decoder = JSONDecoder()
    private var thoughts = ThoughtFilter()
    private var calls = ChatToolCalls()
    private var ids: ChatCallIDs
    private var spoken = 0
    private var received = 0
    private var hasOutput = false
    private var finishReason: String?

    /// Makes a reader.
    ///
    /// - Parameters:
    ///   - text: puts what servers say into messages.
    ///   - ids: makes the ids of tools' calls unique.
    init(text: ServiceText, ids: ChatCallIDs) {
        self.text = text
        self.ids = ids
    }

    /// Takes an event.
    mutating func feed(_ event: ServerSentEvent) throws(ChatFailure) -> Progress {
        guard stage != .over else { return Progress() }
        let data = event.data.trimmingPrefix(while: \.isWhitespace)
        if data.isEmpty { return Progress() }
        if data.hasPrefix("[DONE]") { return finish() }
        guard let chunk = try? decoder.decode(ChatChunk.self, from: Data(data.utf8)) else { throw unreadable(event) }
        if event.name == "error", chunk.error == nil { throw said(text.failure(in: event.data)) }
        return try feed(chunk)
    }

    /// Takes a whole answer that was not streamed.
    mutating func feed(whole document: String) throws(ChatFailure) -> Progress {
        guard let chunk = try? decoder.decode(ChatChunk.self, from: Data(document.utf8)), chunk.choice != nil || chunk.error != nil else {
            throw ChatFailure("answered with what is no chat: \(text.excerpt(document))", brief: "with what is no chat")
        }
        var progress = try feed(chunk)
        progress.outputs += finish().outputs
        return progress
    }

    /// Tells that nothing more comes, or that nothing more is waited for.
    mutating func end() throws(ChatFailure) -> Progress {
        guard stage != .open else { throw ChatFailure("closed in mid-stream") }
        let progress = finish()
        guard hasOutput else { throw ChatFailure("answered nothing" + (finishReason.map { " (finish_reason \(text.excerpt($0)))" } ?? "")) }
        return progress
    }

    private func unreadable(_ event: ServerSentEvent) -> ChatFailure {
        event.name == "error"
            ? said(text.failure(in: event.data)) : ChatFailure("sent what is no JSON: \(text.excerpt(event.data))", brief: "no JSON")
    }

    private func said(_ reason: String) -> ChatFailure { ChatFailure("reported an error: \(reason)", brief: "an error: \(reason)") }

    private mutating func feed(_ chunk: ChatChunk) throws(ChatFailure) -> Progress {
        if let error = chunk.error { throw said(text.failure(in: error) ?? text.excerpt((try? error.text()) ?? "")) }
        guard let choice = chunk.choice else { return Progress() }
        var progress = Progress()
        if let delta = choice.delta {
            progress.hasTokens = !delta.text.isEmpty || delta.isThinking || !delta.calls.isEmpty
            received += delta.text.utf8.count + delta.calls.map(\.arguments.utf8.count).reduce(0, +)
            progress.outputs += say(thoughts.feed(delta.text))
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

    private mutating func finish() -> Progress {
        guard stage != .over else { return Progress() }
        let outputs = flush()
        stage = .over
        return Progress(outputs: outputs)
    }

    /// What was held back, then the tools' calls.
    private mutating func flush() -> [AssistantOutput] {
        var outputs = say(thoughts.end())
        guard stage != .over else { return outputs }
        let made = calls.take { ids.unique($0) }
        if !made.isEmpty { hasOutput = true }
        outputs += made.map(AssistantOutput.toolCall)
        return outputs
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
