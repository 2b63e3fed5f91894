import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix
import Testing
import Twilio

/// The program as a whole, where only a process of its own shows what it does.
@Suite struct ServerProcessTests {
    private func status(_ method: HTTPMethod = .GET, _ url: String, headers: HTTPHeaders = [:], body: String? = nil) async throws -> Int {
        var request = HTTPClientRequest(url: url)
        request.method = method
        request.headers = headers
        request.body = body.map { .bytes(ByteBuffer(string: $0)) }
        let response = try await HTTPClient.shared.execute(request, timeout: .seconds(20))
        // An event stream has no end; its head is enough.
        if response.headers.first(name: "Content-Type") != "text/event-stream" { _ = try await response.body.collect(upTo: 1 << 20) }
        return Int(response.status.code)
    }

    @Test func secretsAreInNoLineOfTheLogHoweverMuchIsLogged() async throws {
        let (api, auth) = ("a-token-of-the-api-0123456789", "a-token-of-twilio-0123456789")
        let environment = ["AGENTOS_API_TOKEN": api, "TWILIO_AUTH_TOKEN": auth, "AGENTOS_LOG_LEVEL": "trace"]
        let end = try await ServerProcess.run(environment: environment) { server in
            let base = "http://\(server.authority)"
            for path in ["/", "/api/voice/sessions", "/api/voice/sessions/none", "/nowhere", "/api/voice/events", "/metrics"] {
                _ = try await status(.GET, "\(base)\(path)?token=\(api)")
                _ = try await status(.GET, base + path, headers: ["Authorization": "Bearer \(api)"])
            }
            let parameters = WebhookParameters([.init("CallSid", "CA1"), .init("From", "+1"), .init("To", "+2")])
            let url = base + "/api/voice/twilio/inbound"
            let signature = RequestSignature.sign(url: url, parameters: parameters, authToken: auth)
            for given in [signature, "forged"] {
                let headers: HTTPHeaders = ["X-Twilio-Signature": given, "Content-Type": "application/x-www-form-urlencoded"]
                _ = try await status(.POST, url + "?token=\(api)", headers: headers, body: parameters.formEncoded)
                _ = try await status(.POST, url, headers: headers, body: parameters.formEncoded)
            }
        }
        #expect(end.status == 0)
        #expect(end.log.contains("AUDIT: voice.twilio.session.created") && end.log.contains("A webhook was refused"))
        #expect(!end.log.contains(api) && !end.log.contains(auth))
    }

    @Test func aServerShortOfDescriptorsStaysAndServesThoseWhoMeanIt() async throws {
        let end = try await ServerProcess.run(descriptors: 80) { server in
            let parts = server.authority.split(separator: ":")
            let port = try #require(Int(parts[1]))
            var silent: [any Channel] = []
            for _ in 0..<300 {
                silent.append(try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup).connect(host: "127.0.0.1", port: port).get())
            }
            #expect(try await status(.GET, "http://\(server.authority)/healthz") == 200)
            let body = "CallSid=CA1&From=%2B14155551234&To=%2B14155555678"
            let headers: HTTPHeaders = ["Content-Type": "application/x-www-form-urlencoded"]
            #expect(try await status(.POST, "http://\(server.authority)/api/voice/twilio/inbound", headers: headers, body: body) == 200)
            for channel in silent { channel.close(promise: nil) }
        }
        #expect(end.status == 0)
    }
}
