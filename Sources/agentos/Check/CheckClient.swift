import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import Twilio

/// Talks to the server that is checked, as Twilio or as a client of the REST API.
struct CheckClient: Sendable {
    private static let bodyLimit = 1 << 20
    private static let patience = TimeAmount.seconds(10)

    let http: HTTPClient
    /// `http://127.0.0.1:PORT`.
    let address: String
    /// The REST API's token.
    let token: String

    /// Lends a client that does not wait for a server that is not there.
    static func withClient(of address: String, token: String, _ body: (CheckClient) async -> Void) async throws {
        var configuration = HTTPClient.Configuration()
        configuration.connectionPool.retryConnectionEstablishment = false
        try await HTTPClient.withHTTPClient(configuration: configuration) { http in
            await body(CheckClient(http: http, address: address, token: token))
        }
    }

    /// What came back.
    struct Answer: Sendable {
        var status: Int
        var contentType: String
        var body: String

        /// The body's JSON.
        func json<Value: Decodable>(_ type: Value.Type) throws -> Value {
            try JSONDecoder().decode(type, from: Data(body.utf8))
        }
    }

    /// Fetches a path; `headers` beside the token's, which is left out where `authorized` is false.
    func get(_ path: String, authorized: Bool = true, headers: HTTPHeaders = [:]) async throws -> Answer {
        var request = HTTPClientRequest(url: address + path)
        request.headers = headers
        if authorized { request.headers.add(name: "Authorization", value: "Bearer \(token)") }
        return try await send(request)
    }

    /// Posts a form, as Twilio does.
    func post(_ path: String, _ parameters: [(String, String)], signature: String? = nil) async throws -> Answer {
        var request = HTTPClientRequest(url: address + path)
        request.method = .POST
        request.headers.add(name: "Content-Type", value: "application/x-www-form-urlencoded")
        if let signature { request.headers.add(name: "X-Twilio-Signature", value: signature) }
        request.body = .bytes(ByteBuffer(string: Self.form(parameters).formEncoded))
        return try await send(request)
    }

    /// Pairs as webhook parameters.
    static func form(_ pairs: [(String, String)]) -> WebhookParameters {
        WebhookParameters(pairs.map { WebhookParameters.Pair($0.0, $0.1) })
    }

    private func send(_ request: HTTPClientRequest) async throws -> Answer {
        let response = try await http.execute(request, timeout: Self.patience)
        let body = try await response.body.collect(upTo: Self.bodyLimit)
        let type = response.headers.first(name: "Content-Type") ?? ""
        return Answer(status: Int(response.status.code), contentType: type, body: String(buffer: body))
    }
}
