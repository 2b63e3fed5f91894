import ArgumentParser
import Foundation
import TestSupport
import Testing
import VoiceServer

@testable import agentos

/// The configuration file from the command line.
@Suite struct ConfigCommandTests {
    private func withFile(_ text: String, _ body: (String) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory.path + "/agentos-test-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let path = folder + "/agentos.yaml"
        try text.write(toFile: path, atomically: true, encoding: .utf8)
        try body(path)
    }

    /// Runs the program: its standard output and exit code.
    private func run(_ arguments: [String], environment: [String: String] = [:]) throws -> (output: String, status: Int32) {
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

    @Test func theExamplePassesTheCheck() throws {
        let example = try run(["example"])
        #expect(example.status == 0 && example.output == ConfigExample.text + "\n")
        try withFile(example.output) { path in
            let check = try run(["check", path], environment: ["OPENAI_API_KEY": "sk-1", "BOOKING_TOKEN": "t"])
            let expected = """
                agent      numbers       project  chat                        tools
                booking    +14155550100  salon    openai (main, then backup)  end_call transfer_call find_slots
                reception  all others    default  as the server               end_call
                2 agents, 1 setting, 2 endpoints, 1 tool
                Not tested: whether services answer and tools are found; `agentos doctor --config \(path)` tests that.
                \(path) can be used.

                """
            #expect(check.output == expected && check.status == 0)
        }
    }

    @Test func everyFaultHasALineOfItsOwn() throws {
        try withFile("prot: 1\nagents:\n  - name: a\n    temperature: 3\n") { path in
            let check = try run(["check", "--config", path])
            let expected = """
                \(path):1:1: prot is no setting; did you mean `port`?
                \(path):4:18: agents[0].temperature: is not a number from 0 to 2
                \(path): 2 faults; mend them and check again

                """
            #expect(check.output == expected && check.status == 1)
        }
    }

    @Test func whatIsNotCheckedIsANoteAndNoFault() throws {
        let text = """
            tools:
              slots: {description: d, url: "http://h/{day}", parameters: {properties: {day: {format: date-only}}}}
            agents: [{name: a, tools: [slots]}]

            """
        try withFile(text) { path in
            let check = try run(["check", path])
            #expect(check.status == 0 && check.output.hasSuffix("\(path) can be used.\n"))
            #expect(check.output.hasPrefix("\(path):2:82: note: tools.slots.parameters.properties.day.format: is not checked"))
        }
    }

    @Test func aFileThatIsNotThereIsAMissingInput() throws {
        #expect(try run(["check", "/nowhere/agentos.yaml"]).status == 66)
        #expect(try run(["check", "a", "--config", "b"]).status == 2)
    }
}
