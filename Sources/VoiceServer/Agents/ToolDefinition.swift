package import Conversation
package import Engines

/// A tool of the operator's own: an HTTP service that an assistant may call, as the configuration file declares it.
package struct ToolDefinition: Sendable, Equatable {
    /// How it is asked for.
    package enum Method: String, Sendable, CaseIterable {
        case get = "GET"
        case post = "POST"
        case put = "PUT"
        case patch = "PATCH"
        case delete = "DELETE"
    }

    /// A header of its requests.
    package struct Header: Sendable, Equatable {
        /// The header's name.
        package var name: String
        /// Its value: whatever it is, it may be a key.
        package var value: Secret
    }

    /// What assistants call it.
    package var name: String
    /// What assistants are told it does.
    package var description: String
    /// The JSON Schema of its arguments.
    package var parameters: JSONValue
    /// Where it is.
    package var url: String
    /// How it is asked for.
    package var method: Method
    /// What is sent along.
    package var headers: [Header]
    /// How long it may take, in ms.
    package var timeoutMs: Int
    /// Said to the caller while it takes its time; nil for the agent's own filler.
    package var filler: String?
}

/// A tool that an agent may use.
package enum AgentTool: Sendable, Equatable {
    case builtIn(BuiltInTool)
    case declared(ToolDefinition)

    /// What assistants call it.
    package var name: String {
        switch self {
        case .builtIn(let tool): tool.rawValue
        case .declared(let tool): tool.name
        }
    }
}
