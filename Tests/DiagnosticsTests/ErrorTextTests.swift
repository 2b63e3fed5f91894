import AsyncHTTPClient
import Diagnostics
import Foundation
import NIOCore
import NIOPosix
import NIOSSL
import TestSupport
import Testing

/// Errors of libraries in words: each on one line, without the names of Swift types and cases.
@Suite struct ErrorTextTests {
    private enum Foreign: Error {
        case connectionLost(id: Int, memory: [UInt8])
    }

    private struct Worded: Error, CustomStringConvertible {
        var description: String
    }

    /// Why a request of a client fails.
    private func failure(_ url: String, readMs: Int64 = 20_000) async -> String {
        var configuration = HTTPClient.Configuration(timeout: .init(connect: .seconds(20), read: .milliseconds(readMs)))
        configuration.connectionPool.retryConnectionEstablishment = false
        do {
            try await HTTPClient.withHTTPClient(configuration: configuration) { http in
                _ = try await http.execute(HTTPClientRequest(url: url), timeout: .seconds(20)).body.collect(upTo: 1 << 16)
            }
            return "no failure"
        } catch {
            return ErrorText.of(error)
        }
    }

    @Test func aPortWhereNothingListensIsSaidToRefuse() async throws {
        // The port was free a moment ago.
        let port = try await FakeEndpoint.withEndpoint({ _, _ in }, { $0.port })
        #expect(await failure("http://127.0.0.1:\(port)/") == "the connection was refused; nothing listens there")
    }

    @Test func aNameThatIsNotKnownIsNamed() async {
        let text = await failure("http://no-such-host.invalid/")
        #expect(text == "the name no-such-host.invalid does not resolve; check its spelling and this machine's DNS")
    }

    @Test func noAnswerInTimeIsSaid() async throws {
        try await FakeEndpoint.withEndpoint({ _, answer in try await answer.stall() }) { endpoint in
            #expect(await failure(endpoint.url, readMs: 200) == "no answer in time")
        }
    }

    @Test func anAnswerThatIsNoHTTPIsSaid() async throws {
        try await FakeEndpoint.withEndpoint({ _, answer in try await answer.raw("SSH-2.0-OpenSSH_9.2\r\n\r\n") }) { endpoint in
            #expect(await failure(endpoint.url) == "what answers there does not speak HTTP; check scheme and port")
        }
    }

    @Test func errorsOfTLSSayWhatToDo() {
        #expect(ErrorText.of(NIOSSLExtraError.failedToValidateHostname).hasPrefix("its certificate is for another name"))
        #expect(ErrorText.of(NIOSSLError.unableToValidateCertificate).hasPrefix("its certificate is not trusted"))
        #expect(ErrorText.of(NIOSSLError.handshakeFailed(.syscallError)) == "the TLS handshake failed")
        #expect(ErrorText.of(NIOSSLError.uncleanShutdown) == "the connection was closed by the other side")
    }

    @Test func errorsOfTheSystemSayWhatToDo() {
        let inUse = "the address is in use; stop what listens there, or choose another port"
        #expect(ErrorText.of(IOError(errnoCode: EADDRINUSE, reason: "bind")) == inUse)
        #expect(ErrorText.of(IOError(errnoCode: EMFILE, reason: "accept")).contains("ulimit -n"))
        #expect(ErrorText.of(ChannelError.eof) == "the connection was closed by the other side")
        #expect(ErrorText.of(POSIXError(.ENOSPC)) == "No space left on device")
    }

    @Test func aFileThatIsNotThereIsSaid() {
        let error = #expect(throws: (any Error).self) { try FileManager.default.removeItem(atPath: "/nowhere/at-all") }
        #expect(error.map { ErrorText.of($0) } == "there is no such file or folder")
    }

    @Test func jsonThatIsNotWhatItShouldBeNamesThePlace() {
        struct Wanted: Decodable {
            struct Inner: Decodable { var number: Int }
            var inner: Inner
        }
        let text = { (json: String) -> String in
            do {
                _ = try JSONDecoder().decode(Wanted.self, from: Data(json.utf8))
                return ""
            } catch {
                return ErrorText.of(error)
            }
        }
        #expect(text("{}") == "its JSON has no `inner`")
        #expect(text(#"{"inner":{}}"#) == "its JSON has no `inner.number`")
        #expect(text(#"{"inner":{"number":"x"}}"#) == "`inner.number` of its JSON is not what it should be")
        #expect(text("<html>") == "it is not JSON")
    }

    @Test func aCaseWithoutWordsIsNoDump() {
        #expect(ErrorText.of(Foreign.connectionLost(id: 7, memory: [1, 2, 3])) == "an unexpected error: connection lost (Foreign)")
        #expect(ErrorText.of(CancellationError()) == "it was cancelled")
    }

    @Test func anErrorWithWordsIsOneLineCutBetweenWords() {
        #expect(ErrorText.of(Worded(description: "first\nsecond\t third")) == "first second third")
        let long = ErrorText.of(Worded(description: String(repeating: "words ", count: 100)))
        #expect(long.count <= 400 && long.hasSuffix("words…"))
    }
}
