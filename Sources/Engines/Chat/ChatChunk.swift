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

    private enum CodingKeys: String, CodingKey {
        case choices, error, object, message
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        choice = (try? container.decodeIfPresent([Choice].self, forKey: .choices))?.first
        error = try? container.decodeIfPresent(JSONValue.self, forKey: .error)
        // vLLM's way of saying the same.
        if error == nil, (try? container.decodeIfPresent(String.self, forKey: .object)) == "error" {
            error = (try? container.decodeIfPresent(JSONValue.self, forKey: .message)) ?? .string("no reason is given")
        }
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
        /// What is to be said.
        var text: String
        /// The model is thinking aloud, for nobody's ears.
        var isThinking: Bool
        /// Calls of tools, or pieces of them.
        var calls: [ChatCallDelta]

        private enum CodingKeys: String, CodingKey {
            case content, refusal, reasoning, thinking
            case reasoningContent = "reasoning_content"
            case calls = "tool_calls"
        }

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            let content = try? container.decodeIfPresent(JSONValue.self, forKey: .content)
            let refusal = try? container.decodeIfPresent(String.self, forKey: .refusal)
            text = Self.text(of: content) + (refusal ?? "")
            isThinking = [.reasoningContent, .reasoning, .thinking].contains { key in
                (try? container.decodeIfPresent(String.self, forKey: key))?.isEmpty == false
            }
            calls = (try? container.decodeIfPresent([ChatCallDelta].self, forKey: .calls)) ?? []
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

    private enum CodingKeys: String, CodingKey {
        case index, id, function
    }

    private enum FunctionKeys: String, CodingKey {
        case name, arguments
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        index = try? container.decodeIfPresent(Int.self, forKey: .index)
        id = (try? container.decodeIfPresent(String.self, forKey: .id)) ?? ""
        guard let function = try? container.nestedContainer(keyedBy: FunctionKeys.self, forKey: .function) else { return }
        name = (try? function.decodeIfPresent(String.self, forKey: .name)) ?? ""
        switch try? function.decodeIfPresent(JSONValue.self, forKey: .arguments) {
        case .string(let text)?: arguments = text
        case .null?, nil: break
        case let value?: arguments = (try? value.text()) ?? ""
        }
    }
}
