import AsyncHTTPClient
import Diagnostics
import Engines
import NIOCore
import NIOHTTP1
import VoiceServer

/// Asks a service that speaks OpenAI's protocol whether it answers, takes its key and knows its model.
struct ServiceProbe: Sendable {
    /// What a service said.
    enum Outcome: Equatable, Sendable {
        /// It does what it is needed for.
        case good(String)
        /// It answers, and something is odd.
        case doubtful(String)
        /// It answers, and nothing more can be found out.
        case unclear(String)
        /// It cannot be used.
        case failed(String)
    }

    private static let patience = TimeAmount.seconds(15)
    private static let longestAnswer = 4 << 20

    private struct Answer {
        var status: Int
        var document: JSONValue?
        /// What the service says of a failure, on one line.
        var message: String

        var isSuccess: Bool { (200..<300).contains(status) }

        /// Status and message.
        var words: String { "HTTP \(status)" + (message.isEmpty ? "" : ": \(message)") }

        /// The models that a list names.
        var models: [String] {
            guard case .array(let entries)? = document?["data"] ?? document?["models"] else { return [] }
            return entries.compactMap { $0["id"]?.string ?? $0["name"]?.string }
        }
    }

    let http: HTTPClient
    let endpoint: EndpointDefinition

    private var model: String { endpoint.model ?? "" }

    /// Asks a chat service: for its models, and for one token where the list does not tell everything.
    func chat() async -> Outcome {
        do {
            let list = try await send("models")
            if list.status == 401 { return .failed(keyRefused(list)) }
            let isListed = list.isSuccess && list.models.contains(model)
            // Some services show their list to anyone: only an answer says that the key is good.
            if isListed, endpoint.key == nil { return .good("lists the model \(model)") }
            let answer = try await complete()
            if answer.isSuccess { return .good("answers with the model \(model)") }
            if let fault = fault(answer) { return fault }
            if isListed { return .good("lists the model \(model)") }
            return refused(answer, known: list.models)
        } catch {
            return .failed("cannot be asked: \(ErrorText.of(error))")
        }
    }

    /// Asks a speech service for its models: to have it speak or listen costs more than a check may.
    func speech() async -> Outcome {
        do {
            let list = try await send("models")
            if let fault = fault(list) { return fault }
            guard list.isSuccess, !list.models.isEmpty else {
                return .unclear("answers, and has no list of models: the model \(model) was not tried")
            }
            guard !list.models.contains(model) else { return .good("lists the model \(model)") }
            return .doubtful("does not list the model \(model)\(Self.choice(list.models)); set another one")
        } catch {
            return .failed("cannot be asked: \(ErrorText.of(error))")
        }
    }

    /// What is wrong whatever was asked for.
    private func fault(_ answer: Answer) -> Outcome? {
        switch answer.status {
        case 401, 403: .failed(keyRefused(answer))
        case 402: .failed("has no credit left (\(answer.words)); pay, or use another service")
        case 429: .doubtful("has reached a limit (\(answer.words)); see the service's limits and credit")
        case 500...: .failed("does not work (\(answer.words)); see its own log")
        default: nil
        }
    }

    private func keyRefused(_ answer: Answer) -> String {
        let cure = endpoint.name == "openai" ? "OPENAI_API_KEY" : endpoint.name == "openai_fallback" ? "OPENAI_FALLBACK_API_KEY" : nil
        let fix = cure.map { "set \($0) to a key of that service" } ?? "give the endpoint `\(endpoint.name)` a `key` of that service"
        return "refuses \(endpoint.key == nil ? "requests without a key" : "the key") (\(answer.words)); \(fix)"
    }

    /// What a refused question means.
    private func refused(_ answer: Answer, known: [String]) -> Outcome {
        let cure = endpoint.name == "openai" ? "set OPENAI_MODEL" : "give the endpoint `\(endpoint.name)` another `model`"
        if answer.status == 404, known.isEmpty {
            let place = "or its address is not the one before /chat/completions"
            return .failed("does not know the model \(model), \(place) (\(answer.words)); \(cure), or fix the URL")
        }
        if answer.status == 404 || !known.isEmpty || answer.message.lowercased().contains("model") {
            return .failed("does not know the model \(model) (\(answer.words))\(Self.choice(known)); \(cure)")
        }
        return .doubtful("does not answer a test question (\(answer.words))")
    }

    private static func choice(_ models: [String]) -> String {
        guard !models.isEmpty else { return "" }
        return "; it has \(models.prefix(5).joined(separator: ", "))\(models.count > 5 ? " and \(models.count - 5) more" : "")"
    }

    /// Asks for one token, in the form of newer models where the usual one is refused.
    private func complete() async throws -> Answer {
        let answer = try await send("chat/completions", question("max_tokens", 1))
        guard answer.status == 400, answer.message.contains("max_tokens") || answer.message.contains("max_completion_tokens") else { return answer }
        return try await send("chat/completions", question("max_completion_tokens", 16))
    }

    private func question(_ limit: String, _ tokens: Int) -> JSONValue {
        .object([
            "model": .string(model), "messages": .array([.object(["role": .string("user"), "content": .string("Hi")])]),
            limit: .number(tokens), "stream": .bool(false),
        ])
    }

    private func send(_ route: String, _ body: JSONValue? = nil) async throws -> Answer {
        var request = HTTPClientRequest(url: "\(endpoint.url)/\(route)")
        request.headers = ["Accept": "application/json", "User-Agent": "agentos"]
        if let key = endpoint.key { request.headers.add(name: "Authorization", value: "Bearer \(key.value)") }
        if let body {
            request.method = .POST
            request.headers.add(name: "Content-Type", value: "application/json")
            request.body = .bytes(ByteBuffer(bytes: try body.data()))
        }
        let response = try await http.execute(request, timeout: Self.patience)
        let bytes = try await response.body.collect(upTo: Self.longestAnswer)
        let text = BodyText.decode(bytes.readableBytesView, contentType: response.headers.first(name: "Content-Type"))
        let status = Int(response.status.code)
        let message = (200..<300).contains(status) ? "" : ServiceText(hiding: endpoint.key.map { [$0] } ?? []).failure(in: text)
        return Answer(status: status, document: try? JSONValue(parsing: text), message: message)
    }
}
