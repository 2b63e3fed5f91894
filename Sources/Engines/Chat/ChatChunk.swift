/// A piece of a model's answer as servers send it, or a whole answer; of each, what is needed here.
///
/// Servers leave out, null and rename at will: what cannot be read is as good as absent.
struct ChatChunk: Decodable, Sendable {
    /// What the model added.
    ///
    /// Only one answer is asked for, so the first choice is the answer, whatever its number.
    var choice: Choice?
    /// What went wrong.
    var error: JSONValue?
    /// The tokens of the question and of the answer so far, where the service counts them.
    var usage: ChatUsage?

    private enum CodingKeys: String, CodingKey {
        case choices, error, object, message, usage
        case groq = "x_groq"
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        choice = (try? container.decodeIfPresent([Choice].self, forKey: .choices))?.first
        error = try? container.decodeIfPresent(JSONValue.self, forKey: .error)
        usage = try? container.decodeIfPresent(ChatUsage.self, forKey: .usage)
        if usage == nil { usage = (try? container.decodeIfPresent(Groq.self, forKey: .groq))?.usage }
        // vLLM's way of saying the same.
        if error == nil, (try? container.decodeIfPresent(String.self, forKey: .object)) == "error" {
            let hasReason = container.contains(.message)
            error = (hasReason ? try? JSONValue(from: decoder) : nil) ?? .string("no reason is given")
        }
    }

    /// Where Groq puts the tokens of a stream.
    private struct Groq: Decodable {
        var usage: ChatUsage?
    }

    /// One of the answers that were asked for.
    struct Choice: Decodable, Sendable {
        /// What is new, or the whole message.
        var delta: Delta?
        /// Why the model stopped; nil while it goes on.
        var finishReason: String?

        private enum CodingKeys: String, CodingKey {
            case delta, message
            case finishReason = "finish_reason"
        }

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            delta = (try? container.decodeIfPresent(Delta.self, forKey: .delta)) ?? (try? container.decodeIfPresent(Delta.self, forKey: .message))
            finishReason = try? container.decodeIfPresent(String.self, forKey: .finishReason)
            if finishReason?.isEmpty == true { finishReason = nil }
        }
    }

    /// What the model said, thought and called.
    struct Delta: Decodable, Sendable {
        /// Members that hold what the model thinks.
        static let reasoningNames: Set<String> = ["reasoning_content", "reasoning", "thinking"]
        /// The protocol's own members: everything else is the service's, and goes back to it.
        private static let known: Set<String> = [
            "role", "content", "refusal", "tool_calls", "function_call", "annotations", "audio", "name", "index", "token_ids", "logprobs",
        ]

        /// What is to be said.
        var text: String
        /// The model is thinking aloud, which is not to be said.
        var isThinking: Bool
        /// Calls of tools, or pieces of them.
        var calls: [ChatCallDelta]
        /// What the service attached.
        var extra: [String: JSONValue]

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: AnyMember.self)
            func key(_ name: String) -> AnyMember { AnyMember(stringValue: name) }
            let content = try? container.decodeIfPresent(JSONValue.self, forKey: key("content"))
            let refusal = try? container.decodeIfPresent(String.self, forKey: key("refusal"))
            // What the service could not decode itself is not said either.
            text = (Self.text(of: content) + (refusal ?? "")).replacing("\u{FFFD}", with: "")
            calls = (try? container.decodeIfPresent([ChatCallDelta].self, forKey: key("tool_calls"))) ?? []
            extra = container.members(except: Self.known)
            isThinking = !Self.reasoningNames.isDisjoint(with: extra.keys)
        }

        /// Content is a string or, with some servers, a list of parts.
        private static func text(of content: JSONValue?) -> String {
            switch content {
            case .string(let text): text
            case .array(let parts): parts.filter { $0["type"]?.string ?? "text" == "text" }.compactMap { $0["text"]?.string }.joined()
            case .null, .bool, .number, .real, .object, nil: ""
            }
        }
    }
}

/// A call of a tool, or a piece of one.
struct ChatCallDelta: Decodable, Sendable {
    /// Which call of the answer it belongs to, where the server counts them.
    var index: Int?
    /// The call's id; empty where there is none.
    var id = ""
    /// The tool's name; empty where there is none.
    var name = ""
    /// A piece of the arguments, or all of them.
    var arguments = ""
    /// What the service attached to the call, and to its function.
    var extra: [String: JSONValue] = [:]
    var functionExtra: [String: JSONValue] = [:]

    init(from decoder: any Decoder) throws {
        func key(_ name: String) -> AnyMember { AnyMember(stringValue: name) }
        let container = try decoder.container(keyedBy: AnyMember.self)
        index = try? container.decodeIfPresent(Int.self, forKey: key("index"))
        id = (try? container.decodeIfPresent(String.self, forKey: key("id"))) ?? ""
        extra = container.members(except: ["index", "id", "type", "function"])
        guard let function = try? container.nestedContainer(keyedBy: AnyMember.self, forKey: key("function")) else { return }
        name = (try? function.decodeIfPresent(String.self, forKey: key("name"))) ?? ""
        functionExtra = function.members(except: ["name", "arguments"])
        switch try? function.decodeIfPresent(JSONValue.self, forKey: key("arguments")) {
        case .string(let text)?: arguments = text
        case .null?, nil: break
        case let value?: arguments = (try? value.text()) ?? ""
        }
    }
}

/// Token counts of a request, as the service reports them.
package struct ChatUsage: Sendable, Equatable, Decodable {
    /// The tokens of what the model was told.
    package var prompt: Int
    /// The tokens of what it answered, its thoughts included.
    package var completion: Int

    private enum CodingKeys: String, CodingKey {
        case prompt = "prompt_tokens"
        case completion = "completion_tokens"
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        prompt = max(0, try container.decode(Int.self, forKey: .prompt))
        completion = max(0, (try? container.decodeIfPresent(Int.self, forKey: .completion)) ?? 0)
    }
}
