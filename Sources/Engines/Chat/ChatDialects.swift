import Conversation
import Synchronization

/// What the endpoints of this process accept, shared by all calls: a refusal teaches all of them.
package final class ChatDialects: Sendable {
    private static let maximumEndpoints = 256
    private let known = Mutex<[String: ChatDialect]>([:])

    /// Knows nothing yet.
    package init() {}

    /// What an endpoint accepts.
    func dialect(of endpoint: ChatEndpoint) -> ChatDialect {
        known.withLock { $0[endpoint.origin] } ?? ChatDialect(of: endpoint)
    }

    /// Remembers what was learnt of an endpoint.
    func learn(_ change: ChatDialect.Change, of endpoint: ChatEndpoint) {
        known.withLock { known in
            if known[endpoint.origin] == nil, known.count >= Self.maximumEndpoints { known.removeAll() }
            known[endpoint.origin, default: ChatDialect(of: endpoint)].apply(change)
        }
    }
}

/// What one call learns, beside what all calls do: its budget, and what services attached to answers in words.
final class ChatCallNotes: Sendable {
    private struct Notes {
        var changes: [String: [ChatDialect.Change]] = [:]
        var answers: [(text: String, origin: String, members: [String: JSONValue])] = []
    }

    private static let maximumAnswers = 64
    private let dialects: ChatDialects
    private let notes = Mutex(Notes())

    /// Makes notes beside the shared ones.
    init(_ dialects: ChatDialects) { self.dialects = dialects }

    /// What an endpoint accepts in this call.
    func dialect(of endpoint: ChatEndpoint) -> ChatDialect {
        var dialect = dialects.dialect(of: endpoint)
        for change in notes.withLock({ $0.changes[endpoint.origin] }) ?? [] { dialect.apply(change) }
        return dialect
    }

    /// Remembers what was learnt of an endpoint, for this call or for all.
    func learn(_ change: ChatDialect.Change, of endpoint: ChatEndpoint) {
        guard change.isForCallOnly else { return dialects.learn(change, of: endpoint) }
        notes.withLock { notes in
            // The newest budget says all that earlier ones did.
            if case .maximumTokens = change { notes.changes[endpoint.origin]?.removeAll { if case .maximumTokens = $0 { true } else { false } } }
            notes.changes[endpoint.origin, default: []].append(change)
        }
    }

    /// Keeps what a service attached to an answer in words.
    func keep(_ members: [String: JSONValue], of text: String, from endpoint: ChatEndpoint) {
        // Reasoning is only wanted back beside tool calls.
        let members = members.filter { !ChatChunk.Delta.reasoningNames.contains($0.key) }
        let size = (try? JSONValue.object(members).data().count) ?? .max
        guard !members.isEmpty, size <= ChatAttachment.maximumBytes else { return }
        notes.withLock { notes in
            notes.answers.append((text, endpoint.origin, members))
            if notes.answers.count > Self.maximumAnswers { notes.answers.removeFirst() }
        }
    }

    /// What an endpoint attached to an answer.
    func members(of text: String, from endpoint: ChatEndpoint) -> [String: JSONValue] {
        notes.withLock { notes in notes.answers.last { $0.text == text && $0.origin == endpoint.origin }?.members } ?? [:]
    }
}

extension ChatDialect {
    /// What an endpoint is expected to accept: some models are known to begin with a thought, whose opening tag their template holds.
    init(of endpoint: ChatEndpoint) {
        asksForUsage = endpoint.host == "api.openai.com"
        let name = endpoint.model.lowercased()
        if ["deepseek-r1", "qwq", "thinking", "reasoner"].contains(where: name.contains) { beginsInThought = true }
    }
}

extension ChatEndpoint {
    /// Tells one endpoint and model from another.
    var origin: String { "\(host) \(model)" }
}
