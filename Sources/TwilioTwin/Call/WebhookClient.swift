import AsyncHTTPClient
import Diagnostics
import Foundation
import NIOCore
import NIOHTTP1
import Twilio

/// Sends a call's webhooks and callbacks as Twilio does: form-encoded and signed.
struct WebhookClient: Sendable {
    let http: HTTPClient
    let routing: TwinRouting
    let authToken: String?

    /// The largest document Twilio takes, in bytes (error 11750).
    private static let documentLimit = 64 * 1024
    /// Twilio's cap for a request, retries included.
    private static let deadline = TimeAmount.seconds(15)

    /// An answer, its body cut at one byte over what Twilio takes.
    struct Answer: Sendable {
        var status: Int
        var body: String
        var isTooLarge: Bool
    }

    /// Twilio's limits: 5 s to connect, 15 s without a byte, 10 redirects.
    static func clientConfiguration(checksCertificates: Bool, caFile: String?) throws(TwinError) -> HTTPClient.Configuration {
        var configuration = HTTPClient.Configuration(
            redirectConfiguration: .follow(max: 10, allowCycles: true),
            timeout: .init(connect: .seconds(5), read: deadline)
        )
        // A server that is not there is said at once, not after five seconds of trying.
        configuration.connectionPool.retryConnectionEstablishment = false
        configuration.tlsConfiguration = try CertificateTrust.configuration(checksCertificate: checksCertificates, caFile: caFile)
        return configuration
    }

    /// Sends parameters to a URL, named as the outside sees it.
    func send(_ parameters: WebhookParameters, to url: String, method: TwinCallConfiguration.Method) async throws -> Answer {
        let isGet = method == .get
        let full = isGet ? Self.appending(parameters, to: url) : url
        var request = HTTPClientRequest(url: try routing.reach(full))
        request.method = isGet ? .GET : .POST
        request.headers.add(name: "User-Agent", value: "TwilioProxy/1.1")
        request.headers.add(name: "Accept", value: "*/*")
        request.headers.add(name: "I-Twilio-Idempotency-Token", value: UUID().uuidString.lowercased())
        if let authToken {
            let signed = isGet ? WebhookParameters() : parameters
            let signature = RequestSignature.sign(url: routing.signedURL(full), parameters: signed, authToken: authToken)
            request.headers.add(name: "X-Twilio-Signature", value: signature)
        }
        if !isGet {
            request.headers.add(name: "Content-Type", value: "application/x-www-form-urlencoded")
            request.body = .bytes(ByteBuffer(string: parameters.formEncoded))
        }
        return try await execute(request)
    }

    private func execute(_ request: HTTPClientRequest) async throws -> Answer {
        do {
            let response = try await http.execute(request, deadline: .now() + Self.deadline)
            var bytes = ByteBuffer()
            for try await var piece in response.body {
                bytes.writeBuffer(&piece)
                if bytes.readableBytes > Self.documentLimit { break }
            }
            let isTooLarge = bytes.readableBytes > Self.documentLimit
            return Answer(status: Int(response.status.code), body: String(buffer: bytes), isTooLarge: isTooLarge)
        } catch let error as CancellationError {
            throw error
        } catch {
            throw TwinError(.webhookUnreachable, "no answer from \(OneLine(request.url)): \(ConnectionTrouble(error))")
        }
    }

    private static func appending(_ parameters: WebhookParameters, to url: String) -> String {
        let (address, fragment) = url.firstIndex(of: "#").map { (url[..<$0], url[$0...]) } ?? (url[...], "")
        return "\(address)\(address.contains("?") ? "&" : "?")\(parameters.formEncoded)\(fragment)"
    }
}
