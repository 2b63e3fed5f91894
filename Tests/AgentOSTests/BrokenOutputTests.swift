import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import TestSupport
import Testing

/// Output that is closed, full, or that nobody reads any more: commands end as others do, a server goes on.
@Suite struct BrokenOutputTests {
    /// Every command that prints, with what it needs from a folder in which a call was stored.
    private func commands(_ folder: String, session: String) -> [[String]] {
        let data = ["--data-dir", "\(folder)/data"]
        return [
            ["--help"], ["--version"], ["call", "--help"], ["config", "example"], ["config", "check", "\(folder)/agentos.yaml"],
            ["models", "list"], ["models", "path", "phone-mini"], ["models", "pull", "phone-mini"], ["doctor"], ["verify"],
            ["sessions", "list"] + data, ["sessions", "show", session] + data, ["sessions", "export", session] + data,
            ["sessions", "erase", "--number", "+19995550000", "--yes"] + data, ["audit", "verify"] + data, ["audit", "export"] + data,
            ["replay", "\(folder)/data/journals/\(session).jsonl"], ["chat", "--say", "hello"],
            ["call", "--audio", SampleCall.clip, "--data-dir", "\(folder)/other"], ["call", "--json", "--audio", SampleCall.clip] + data,
        ]
    }

    /// Stores a call and lends its folder and session.
    private func withCall(_ body: (_ folder: String, _ session: String) async throws -> Void) async throws {
        try await SampleCall.withFolder { folder in
            try "agents: [{name: desk}]\n".write(toFile: "\(folder)/agentos.yaml", atomically: true, encoding: .utf8)
            let environment = SampleCall.engines.merging(["AGENTOS_JOURNAL": "on"]) { $1 }
            let call = try await Program.run(
                ["call", "--json", "--interrupt", "--audio", SampleCall.clip, "--data-dir", "\(folder)/data"],
                environment: environment
            )
            #expect(call.status == 0, "\(call.errors)")
            let sid = try #require(try SampleCall.objects(call).last?["call_sid"] as? String)
            try await body(folder, "twilio-\(sid)")
        }
    }

    @Test func commandsEndAsOthersDoWhenTheirOutputCannotBeWritten() async throws {
        try await withCall { folder, session in
            for command in commands(folder, session: session) {
                let name = command.joined(separator: " ")
                let broken = try await Program.run(command, environment: SampleCall.engines, output: .broken)
                #expect(broken.status == 141, "\(name): \(broken.errors)")
                #expect(!broken.errors.contains("agentos: "), "\(name): \(broken.errors)")
                for sink in [Program.Sink.full, .closed] {
                    let ended = try await Program.run(command, environment: SampleCall.engines, output: sink)
                    #expect(ended.status == 74, "\(name): \(ended.errors)")
                    let lines = ended.errors.split(separator: "\n").filter { $0.hasPrefix("agentos: ") }
                    #expect(lines.count == 1 && lines.first?.contains("cannot write to standard output") == true, "\(name): \(ended.errors)")
                }
            }
        }
    }

    @Test func anErrorIsToldByTheExitCodeWhenStandardErrorIsGone() async throws {
        for sink in [Program.Sink.full, .closed, .broken] {
            #expect(try await Program.run(["no-such-command"], errors: sink).status == 2)
            #expect(try await Program.run(["config", "check", "/nowhere/agentos.yaml"], output: sink, errors: sink).status == 66)
        }
    }

    @Test(
        arguments: [(.full, .kept), (.closed, .closed), (.broken, .broken), (.full, .full), (.kept, .closed)] as [(Program.Sink, Program.Sink)]
    )
    func aServerServesOnWhateverBecomesOfItsOutput(output: Program.Sink, errors: Program.Sink) async throws {
        try await SampleCall.withFolder { folder in
            let port = try await freePort()
            let server = try Program.start(
                ["webui", "start", "--port", "\(port)", "--data-dir", folder, "--drain-seconds", "1"],
                environment: SampleCall.engines,
                output: output,
                errors: errors
            )
            defer { server.terminate() }
            var configuration = HTTPClient.Configuration()
            configuration.connectionPool.retryConnectionEstablishment = false
            try await HTTPClient.withHTTPClient(configuration: configuration) { http in
                try await eventually("the server is ready") {
                    let answer = try? await http.execute(HTTPClientRequest(url: "http://127.0.0.1:\(port)/readyz"), timeout: .seconds(5))
                    return answer?.status == .ok
                }
                for number in 1...3 {
                    var request = HTTPClientRequest(url: "http://127.0.0.1:\(port)\(SampleCall.webhookPath)")
                    request.method = .POST
                    request.headers = ["Content-Type": "application/x-www-form-urlencoded"]
                    request.body = .bytes(ByteBuffer(string: "CallSid=CA\(number)&From=%2B14155551234&To=%2B14155555678"))
                    #expect(try await http.execute(request, timeout: .seconds(10)).status == .ok)
                }
            }
            server.terminate()
            let ended = await server.ended()
            #expect(ended.status == 0, "\(ended.errors)")
            let sessions = try await Program.run(["sessions", "list", "--data-dir", folder])
            #expect(sessions.lines.count == 3, "the log was not written into the database: \(sessions.errors)")
        }
    }
}
