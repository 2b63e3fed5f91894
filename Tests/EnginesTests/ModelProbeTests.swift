import Conversation
import Engines
import Foundation
import Testing

@Suite struct ModelProbeTests {
    @Test func aModelThatLoadsInTheChildIsGood() async throws {
        let model = try TestEngines.bundledModel()
        try await probe(model, with: "[ \"$1 $2 $3\" = \"engine-probe whisper \(model.folder)\" ]")
    }

    @Test(arguments: [
        ("echo 'bad model: no n_mels' >&2; exit 255", ["status 255", "bad model: no n_mels"]),
        ("kill -11 $$", ["signal 11"]),
        ("exit 1", ["status 1"]),
    ])
    func theChildsDeathIsOneLineInTheParent(_ script: String, _ parts: [String]) async throws {
        let model = try TestEngines.bundledModel()
        let error = await #expect(throws: EngineError.self) { try await probe(model, with: script) }
        #expect(error?.code == .invalid)
        let message = try #require(error?.message)
        for part in parts + [model.folder, "agentos models list"] { #expect(message.contains(part)) }
        #expect(!message.contains("\n"))
    }

    @Test func aChatteringChildIsQuotedBriefly() async throws {
        let model = try TestEngines.bundledModel()
        let script = "head -c 300000 /dev/zero | tr '\\0' 'x' >&2; echo >&2; echo 'the end' >&2; exit 3"
        let error = await #expect(throws: EngineError.self) { try await probe(model, with: script) }
        let message = try #require(error?.message)
        #expect(message.contains("the end"))
        #expect(message.count < 3_000)
    }

    @Test func aHangingChildIsKilled() async throws {
        let model = try TestEngines.bundledModel()
        let error = await #expect(throws: EngineError.self) { try await probe(model, with: "exec sleep 600", timeout: .milliseconds(50)) }
        #expect(error?.message.contains("took too long") == true)
    }

    @Test func aProgramThatDoesNotStartIsTold() async throws {
        let model = try TestEngines.bundledModel()
        let error = await #expect(throws: EngineError.self) { try await ModelProbe.probe(model: model, executable: "/nowhere/agentos") }
        #expect(error?.code == .failed)
    }

    @Test func theChildLoadsTheBundledModel() throws {
        let said = try ModelProbe.runProbe(folder: TestEngines.installation.bundledModelFolder, installation: TestEngines.installation)
        #expect(said.hasPrefix("milliseconds "))
    }

    @Test func aModelsCostIsWhatTheChildSays() async throws {
        try await withTemporaryFolder { folder in
            let child = "\(folder)/child"
            try Data("#!/bin/sh\necho 'milliseconds 320' >&2\n".utf8).write(to: URL(fileURLWithPath: child))
            try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: child)
            #expect(try await ModelProbe.cost(of: TestEngines.bundledModel(), executable: child) == .milliseconds(320))
        }
    }

    @Test func aModelWhoseNumbersMakeNoSenseIsAnError() async throws {
        try await withModelCopy { folder in
            try rewrite("\(folder)/encoder.onnx") { bytes in
                let value = Array("sot_sequence\u{12}\u{3}".utf8)
                guard let start = bytes.firstRange(of: value)?.upperBound else { return }
                bytes.replaceSubrange(start..<start + 3, with: Array("abc".utf8))
            }
            let error = #expect(throws: EngineError.self) { try ModelProbe.runProbe(folder: folder, installation: TestEngines.installation) }
            #expect(error?.code == .invalid)
            #expect(error?.message.contains("sot_sequence is \"abc\"") == true)
        }
    }

    @Test func weightsThatAreDamagedAreAnError() async throws {
        try await withModelCopy { folder in
            try rewrite("\(folder)/encoder.onnx") { $0.replaceSubrange(200..<2_000, with: [UInt8](repeating: 0xFF, count: 1_800)) }
            let error = #expect(throws: EngineError.self) { try ModelProbe.runProbe(folder: folder, installation: TestEngines.installation) }
            #expect(error?.code == .invalid)
        }
    }

    /// Lets the shell play the child: it gets the arguments that the product's own program would get.
    private func probe(_ model: WhisperModel, with script: String, timeout: Duration = .seconds(60)) async throws {
        try await ModelProbe.probe(
            model: model,
            executable: "/bin/sh",
            arguments: ["-c", script, "agentos"] + ModelProbe.arguments,
            timeout: timeout
        )
    }
}
