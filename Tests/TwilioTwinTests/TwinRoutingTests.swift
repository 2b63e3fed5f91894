import TestSupport
import Testing

@testable import TwilioTwin

/// Which URL leads where.
@Suite struct TwinRoutingTests {
    private func socket(_ url: String, publicURL: String? = nil) throws -> MediaSocketTarget {
        try TwinRouting(webhookURL: "http://127.0.0.1:8000/voice", publicURL: publicURL).socket(url, checksCertificate: true, headers: [])
    }

    @Test func socketOfTheServerItselfIsReachedWithoutTLS() throws {
        let target = try socket("wss://127.0.0.1:8000/media/1")
        #expect(target == .init(host: "127.0.0.1", port: 8000, isSecure: false, path: "/media/1", authority: "127.0.0.1:8000"))
    }

    @Test func socketOfThePublicNameIsReachedWhereTheWebhookIs() throws {
        let target = try socket("wss://voice.example.com/media", publicURL: "https://voice.example.com")
        #expect(target == .init(host: "127.0.0.1", port: 8000, isSecure: false, path: "/media", authority: "voice.example.com"))
    }

    @Test func socketElsewhereIsReachedThere() throws {
        let target = try socket("wss://other.example.com/media")
        var expected = MediaSocketTarget(
            host: "other.example.com",
            port: 443,
            isSecure: true,
            path: "/media",
            authority: "other.example.com"
        )
        expected.isElsewhere = true
        #expect(target == expected)
    }

    @Test func aSocketElsewhereThatCannotBeReachedMayBeTheServersPublicAddress() async throws {
        let target = try socket("ws://127.0.0.1:\(try await freePort())/media")
        let error = await #expect(throws: TwinError.self) { try await MediaStreamClient(target: target).withConnection { _, _ in } }
        #expect(error?.message.contains("--public-url") == true, "\(error?.message ?? "")")
    }

    @Test(arguments: [
        ("https://h.example:8443/p?a=1#rc=2", "https://h.example/p?a=1"),
        ("http://h.example:8080/p", "http://h.example:8080/p"),
        ("https://user:word@h.example/p", "https://h.example/p"),
    ])
    func signatureCoversWhatTwilioSigns(url: String, signed: String) throws {
        let routing = try TwinRouting(webhookURL: "http://127.0.0.1:8000/voice", publicURL: nil)
        #expect(routing.signedURL(url) == signed)
    }

    @Test(arguments: ["", "voice", "ftp://host/voice", "http:///voice"])
    func webhookMustBeAnHTTPURL(url: String) {
        #expect(throws: TwinError.self) { try TwinRouting(webhookURL: url, publicURL: nil) }
    }
}
