import AsyncHTTPClient
import Diagnostics
import Foundation
import NIOCore
import NIOHTTP1
import NIOSSL
import TestSupport
import Testing
import TwilioTwin

@testable import VoiceServer

/// A server that secures its connections itself.
@Suite struct TLSTests {
    /// A server with a certificate, and the folder the certificate is in.
    private func withSecuredServer(
        _ settings: [SettingKey: String] = [:],
        _ body: @escaping @Sendable (TestServer, String) async throws -> Void
    ) async throws {
        let folder = FolderFixture()
        defer { folder.remove() }
        let files = try TestCertificate.one.write(to: folder.path)
        let tls: [SettingKey: String] = [.tlsCert: files.certificate, .tlsKey: files.key]
        try await withServer(tls.merging(settings) { $1 }, adjust: { $0.renewalInterval = .milliseconds(20) }) { server in
            try await body(server, folder.path)
        }
    }

    /// What `path` is answered with when nothing but this certificate is trusted; a connection of its own each time.
    private func status(
        _ server: TestServer,
        trusting trusted: TestCertificate,
        minimum: TLSVersion = .tlsv12,
        maximum: TLSVersion? = nil
    ) async -> Int? {
        var tls = TLSConfiguration.makeClientConfiguration()
        tls.trustRoots = (try? NIOSSLCertificate.fromPEMBytes(Array(trusted.certificate.utf8))).map { .certificates($0) }
        tls.minimumTLSVersion = minimum
        tls.maximumTLSVersion = maximum
        var configuration = HTTPClient.Configuration(tlsConfiguration: tls)
        configuration.connectionPool.retryConnectionEstablishment = false
        return try? await HTTPClient.withHTTPClient(configuration: configuration) { http in
            var client = server
            client.http = http
            return try await client.request(.GET, "/healthz").status
        }
    }

    @Test func aWholeCallGoesOverSecuredConnections() async throws {
        try await withSecuredServer([.twilioAuthToken: "secret"]) { server, _ in
            #expect(server.address.hasPrefix("https://127.0.0.1:"))
            let yes = try sample("caller-yes")
            var call = TwinCallConfiguration(
                webhookURL: server.webhook,
                authToken: "secret",
                script: [.say(clip: yes, label: "yes"), .waitForAnswer(), .hangUp]
            )
            call.checksCertificates = false
            let report = try await TwinCall(call).run()
            #expect(report.failures.isEmpty && report.faults.isEmpty && report.ending == .callerHungUp)
            #expect(report.turns.contains { $0.responseMs != nil })
        }
    }

    /// Why a client with the usual settings cannot ask for a page.
    private func problem(_ url: String) async throws -> String {
        var configuration = HTTPClient.Configuration()
        configuration.connectionPool.retryConnectionEstablishment = false
        return try await HTTPClient.withHTTPClient(configuration: configuration) { http in
            do {
                return "no problem: \(try await http.execute(HTTPClientRequest(url: url), timeout: .seconds(20)).status)"
            } catch {
                return ErrorText.of(error)
            }
        }
    }

    @Test func whatIsWrongWithAConnectionIsSaidInWords() async throws {
        try await withSecuredServer { (server: TestServer, _: String) async throws in
            #expect(try await problem("\(server.address)/healthz").hasPrefix("its certificate is not trusted"))
        }
        try await withServer { (server: TestServer) async throws in
            #expect(try await problem("https://\(server.authority)/healthz").hasPrefix("what answers there does not speak TLS"))
        }
    }

    @Test func theCertificateIsTheConfiguredOneAndOldProtocolsAreRefused() async throws {
        try await withSecuredServer { server, _ in
            #expect(await status(server, trusting: .one) == 200)
            #expect(await status(server, trusting: .two) == nil)
            #expect(await status(server, trusting: .one, minimum: .tlsv1, maximum: .tlsv11) == nil)
        }
    }

    @Test func aNewCertificateIsShownToNewConnectionsAndOldOnesGoOn() async throws {
        try await withSecuredServer { server, folder in
            let callSid = newCallSid()
            let token = try await HTTPClient.withHTTPClient(configuration: WebhookTrust.anything) { http in
                var client = server
                client.http = http
                return try await client.openSession(callSid: callSid)
            }
            try await server.socket(callSid: callSid).withConnection { inbound, outbound in
                try await outbound.send(Wire.start(callSid: callSid, token: token))
                _ = try TestCertificate.two.write(to: folder)
                try await eventually("the new certificate is in use") { await status(server, trusting: .two) == 200 }
                #expect(await status(server, trusting: .one) == nil)
                try await outbound.send(Wire.stop(callSid: callSid))
                #expect(try await inbound.untilClosed().closeCode == 1000, "a running call keeps its connection")
            }
        }
    }

    @Test func aBrokenNewPairIsRefusedAndTheOldOneStays() throws {
        let folder = FolderFixture()
        defer { folder.remove() }
        let paths = try TestCertificate.one.write(to: folder.path)
        let identity = try TLSIdentity(TLSFiles(certificate: paths.certificate, key: paths.key))
        #expect(identity.look() == .unchanged)
        let context = identity.context
        _ = try TestCertificate(certificate: TestCertificate.two.certificate, key: TestCertificate.one.key).write(to: folder.path)
        #expect(identity.look() == .unchanged, "the other file may be about to change, too")
        guard case .refused(let problem) = identity.look() else { return #expect(Bool(false), "a pair that does not match was taken") }
        #expect(problem.contains("--tls-key (AGENTOS_TLS_KEY)") && problem.contains("does not belong to the certificate"))
        #expect(identity.context === context && identity.look() == .unchanged, "it is said once")
        try FileManager.default.removeItem(atPath: paths.key)
        #expect(identity.look() == .unchanged && identity.context === context)
        _ = try TestCertificate.two.write(to: folder.path)
        #expect(identity.look() == .unchanged)
        #expect(identity.look() == .replaced)
        #expect(identity.context !== context)
    }

    @Test(
        arguments: [
            (certificate: "tls.crt", key: nil, code: StartError.Code.configuration, text: "--tls-cert needs --tls-key (AGENTOS_TLS_KEY) beside it"),
            (nil, "tls.key", .configuration, "--tls-key needs --tls-cert (AGENTOS_TLS_CERT) beside it"),
            ("none", "tls.key", .missingInput, "none cannot be read; check the path and its permissions"),
            ("tls.key", "tls.key", .badData, "tls.key"),
            ("tls.crt", "tls.crt", .badData, "does not hold a private key without a passphrase in PEM form"),
            ("tls.crt", "other/tls.key", .badData, "does not belong to the certificate in"),
        ] as [(certificate: String?, key: String?, code: StartError.Code, text: String)]
    )
    func filesOfNoUseAreAnErrorAtStart(certificate: String?, key: String?, code: StartError.Code, text: String) throws {
        let folder = FolderFixture()
        defer { folder.remove() }
        _ = try TestCertificate.one.write(to: folder.path)
        _ = try TestCertificate.two.write(to: folder.path + "/other")
        var flags: [SettingKey: String] = [.dataDir: folder.path + "/data", .stt: "scripted"]
        flags[.tlsCert] = certificate.map { "\(folder.path)/\($0)" }
        flags[.tlsKey] = key.map { "\(folder.path)/\($0)" }
        let error = #expect(throws: StartError.self) {
            _ = try VoiceServer(ServerConfiguration(flags: flags, environment: [:], file: nil), version: TestServer.version, probeExecutable: nil)
        }
        #expect(error?.code == code)
        #expect(error?.message.contains(text) == true, "\(error?.message ?? "")")
    }
}

/// Client settings for servers whose certificates nobody vouches for.
enum WebhookTrust {
    static var anything: HTTPClient.Configuration {
        var tls = TLSConfiguration.makeClientConfiguration()
        tls.certificateVerification = .none
        return HTTPClient.Configuration(tlsConfiguration: tls)
    }
}
