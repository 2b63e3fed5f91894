import ArgumentParser
import Foundation
import TestSupport
import Testing
import VoiceServer

@testable import agentos

/// The configuration file from the command line.
@Suite struct ConfigCommandTests {
    private func withFile(_ text: String, _ body: (String) async throws -> Void) async throws {
        let folder = FileManager.default.temporaryDirectory.path + "/agentos-test-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let path = folder + "/agentos.yaml"
        try text.write(toFile: path, atomically: true, encoding: .utf8)
        try await body(path)
    }

    /// Runs the program: its standard output and exit code.
    private func run(_ arguments: [String], environment: [String: String] = [:]) async throws -> (output: String, status: Int32) {
        // On a thread of its own: the endpoints that the program asks need the shared ones.
        try await withCheckedThrowingContinuation { continuation in
            Thread.detachNewThread { continuation.resume(with: Result { try Self.wait(arguments, environment) }) }
        }
    }

    private static func wait(_ arguments: [String], _ environment: [String: String]) throws -> (output: String, status: Int32) {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: Program.path)
        process.arguments = ["config"] + arguments
        process.environment = environment.merging(["PATH": "/usr/bin:/bin"]) { given, _ in given }
        let output = Pipe()
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        return (text, process.terminationStatus)
    }

    @Test func theExamplePassesTheCheck() async throws {
        let example = try await run(["example"])
        #expect(example.status == 0 && example.output == ConfigExample.text + "\n")
        try await withFile(example.output) { path in
            let check = try await run(["check", "--offline", path], environment: ["OPENAI_API_KEY": "sk-1", "BOOKING_TOKEN": "t"])
            let expected = """
                agent      numbers       project  chat                        tools
                booking    +14155550100  salon    openai (main, then backup)  end_call transfer_call find_slots
                reception  all others    default  as the server               end_call
                2 agents, 1 setting, 2 endpoints, 1 tool
                \(path): not tested: whether https://api.openai.com/v1 answers and knows the model gpt-4o-mini
                \(path): not tested: whether http://127.0.0.1:11434/v1 answers and knows the model llama3.1
                \(path): not tested: whether book.example.com can be found
                \(path) can be used.

                """
            #expect(check.output == expected && check.status == 0)
        }
    }

    @Test func aServiceThatRefusesItsKeyIsAWarning() async throws {
        let refusal = #"{"error":{"message":"no such key"}}"#
        try await FakeEndpoint.withEndpoint({ _, answer in try await answer.whole(refusal, status: "401 Unauthorized") }) { endpoint in
            let text = "endpoints: {main: {url: \"\(endpoint.url)/v1\", key: \"${KEY}\", model: m}}\nagents: [{name: a, prompt: p, endpoint: main}]\n"
            try await withFile(text) { path in
                let check = try await run(["check", path], environment: ["KEY": "hush-hush"])
                let who = "chat: \(endpoint.url)/v1 (agent a) refuses the key (HTTP 401: no such key)"
                let warning = "\(path): warning: \(who); give the endpoint `main` a `key` of that service\n"
                #expect(check.output.contains(warning) && check.status == 0, "\(check.output)")
                #expect(check.output.hasSuffix("\(path) can be used, but callers of agent a hear an apology in place of each answer.\n"))
            }
        }
    }

    @Test func everyFaultHasALineOfItsOwn() async throws {
        try await withFile("prot: 1\nagents:\n  - name: a\n    temperature: 3\n") { path in
            let check = try await run(["check", "--config", path])
            let expected = """
                \(path):1:1: prot is no setting; did you mean `port`?
                \(path):4:18: agents[0].temperature: is not a number from 0 to 2
                \(path): 2 faults; mend them and check again

                """
            #expect(check.output == expected && check.status == 1)
        }
    }

    @Test func whatIsNotCheckedIsANoteAndNoFault() async throws {
        let text = """
            tools:
              slots: {description: d, url: "http://h/{day}", parameters: {properties: {day: {format: date-only}}}}
            agents: [{name: a, tools: [slots]}]

            """
        try await withFile(text) { path in
            let check = try await run(["check", path])
            #expect(check.status == 0 && check.output.hasSuffix("\(path) can be used.\n"))
            #expect(check.output.hasPrefix("\(path):2:82: note: tools.slots.parameters.properties.day.format: is not checked"))
        }
    }

    @Test func aFileThatIsNotThereIsAMissingInput() async throws {
        #expect(try await run(["check", "/nowhere/agentos.yaml"]).status == 66)
        #expect(try await run(["check", "a", "--config", "b"]).status == 2)
    }
}
