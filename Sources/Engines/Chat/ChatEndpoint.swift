package import Conversation
import Foundation

/// Where a chat model is served, in the manner of OpenAI's chat completions.
package struct ChatEndpoint: Sendable, Equatable {
    /// The address of the requests.
    let url: String
    /// Host and port, for messages.
    let host: String
    /// The key; local servers want none.
    let key: Secret?
    /// The model that answers.
    let model: String

    /// Makes an endpoint.
    ///
    /// - Parameters:
    ///   - baseURL: what stands before `/chat/completions`, such as `http://127.0.0.1:11434/v1`; a slash at its end is allowed.
    ///   - key: sent as a bearer token.
    ///   - model: the model's name, as the server knows it.
    /// - Throws: ``EngineError`` `invalid` where the address is none.
    package init(baseURL: String, key: Secret? = nil, model: String) throws(EngineError) {
        guard var parts = URLComponents(string: baseURL), ["http", "https"].contains(parts.scheme), let host = parts.host, !host.isEmpty else {
            throw EngineError(.invalid, "chat: the base URL must be one such as http://127.0.0.1:11434/v1")
        }
        while parts.path.hasSuffix("/") { parts.path.removeLast() }
        parts.path += "/chat/completions"
        parts.fragment = nil
        guard let url = parts.string else { throw EngineError(.invalid, "chat: the base URL must be one such as http://127.0.0.1:11434/v1") }
        self.url = url
        self.host = parts.port.map { "\(host):\($0)" } ?? host
        self.key = key
        self.model = model
    }
}
