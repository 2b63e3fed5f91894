import AsyncHTTPClient
import Conversation
import Diagnostics
import NIOCore
import NIOHTTP1

/// One OpenAI-compatible speech service: asks it, and puts its failures in words that hold no secret.
struct SpeechService: Sendable {
    /// The most that an answer other than audio may hold, in bytes.
    private static let longestAnswer = 1 << 20
    /// How much of an answer is repeated in an error, in characters.
    private static let longestExcerpt = 120

    /// What it is for, for example `voice`.
    let purpose: String
    var configuration: SpeechServiceConfiguration
    private let http: HTTPClient
    private let redactor: SecretRedactor

    init(purpose: String, configuration: SpeechServiceConfiguration, http: HTTPClient) {
        self.purpose = purpose
        self.configuration = configuration
        self.http = http
        redactor = SecretRedactor(configuration.key.map { [$0] } ?? [])
    }

    /// Sends a body to one of its routes.
    ///
    /// - Returns: the answer, whose body nobody has read; its status says success.
    /// - Throws: ``EngineError`` where the service refuses, and whatever the connection fails with.
    func post(_ body: [UInt8], type: String, to route: String) async throws -> HTTPClientResponse {
        let base = configuration.baseURL.hasSuffix("/") ? String(configuration.baseURL.dropLast()) : configuration.baseURL
        var request = HTTPClientRequest(url: "\(base)/\(route)")
        request.method = .POST
        request.headers.add(name: "Content-Type", value: type)
        request.headers.add(name: "User-Agent", value: "agentos")
        if let key = configuration.key { request.headers.add(name: "Authorization", value: "Bearer \(key.value)") }
        request.body = .bytes(ByteBuffer(bytes: body))
        // Who asks keeps the time; this is only the library's own last resort.
        let response = try await http.execute(request, timeout: .minutes(5))
        guard (200..<300).contains(response.status.code) else { throw await refusal(response) }
        return response
    }

    /// The whole of an answer.
    func content(of response: HTTPClientResponse) async throws -> [UInt8] {
        do {
            return Array(try await response.body.collect(upTo: Self.longestAnswer).readableBytesView)
        } catch is NIOTooManyBytesError {
            throw failure("answered with more than \(Self.longestAnswer) bytes")
        }
    }

    /// The failure that an answer tells of; reads it to its end, so that the connection serves again.
    func refusal(_ response: HTTPClientResponse) async -> EngineError {
        let body = (try? await content(of: response)) ?? []
        let remedy =
            switch response.status.code {
            case 401, 403: " (check its key)"
            case 404: " (check its address and its model)"
            case 429: " (its limit is reached)"
            default: ""
            }
        return failure("answered \(response.status.code) \(response.status.reasonPhrase)\(remedy)", excerpt: body)
    }

    /// A failure of this service, in one line without secrets.
    func failure(_ what: String, excerpt body: [UInt8] = []) -> EngineError {
        let excerpt = line(String(decoding: body, as: UTF8.self))
        return EngineError(.failed, line("the \(purpose) service \(what)", longest: 240) + (excerpt.isEmpty ? "" : ": \(excerpt)"))
    }

    /// What went wrong, as this package says it: a cancelled task is no failure, and a time-out has passed `limitMs`.
    func failure(_ error: any Error, limitMs: Int) -> any Error {
        if Task.isCancelled || error is CancellationError { return CancellationError() }
        if let error = error as? EngineError { return error }
        if error is SpeechDeadline.Exceeded { return failure("took longer than \(limitMs) ms") }
        return failure("failed: \(ErrorText.of(error))")
    }

    /// Text on one line, without secrets; those go before it is cut, so that no part of one is left.
    private func line(_ text: String, longest: Int = longestExcerpt) -> String {
        let printable = redactor.redact(text).map {
            $0.isWhitespace || $0.unicodeScalars.contains { $0.properties.generalCategory == .control } ? " " : $0
        }
        return String(String(printable).split(separator: " ").joined(separator: " ").prefix(longest))
    }
}
