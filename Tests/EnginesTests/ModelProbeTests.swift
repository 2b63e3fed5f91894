import Conversation
import Engines
import Foundation
import Testing

@Suite struct ModelProbeTests {
    @Test func aModelThatLoadsInTheChildIsGood() async throws {
        try await withTemporaryFolder { folder in
            let model = try TestEngines.bundledModel()
            let program = try writeScript("[ \"$1 $2 $3\" = \"engine-probe whisper \(model.folder)\" ]", in: folder)
            try await ModelProbe.probe(model: model, executable: program)
        }
    }

    @Test(arguments: [
        ("echo 'bad model: no n_mels' >&2; exit 255", ["status 255", "bad model: no n_mels"]),
        ("kill -11 $$", ["signal 11"]),
        ("exit 1", ["status 1"]),
    ])
    func theChildsDeathIsOneLineInTheParent(_ script: String, _ parts: [String]) async throws {
        try await withTemporaryFolder { folder in
            let model = try TestEngines.bundledModel()
            let program = try writeScript(script, in: folder)
            let error = await #expect(throws: EngineError.self) { try await ModelProbe.probe(model: model, executable: program) }
            #expect(error?.code == .invalid)
            let message = try #require(error?.message)
            for part in parts + [model.folder, "agentos models list"] { #expect(message.contains(part)) }
            #expect(!message.contains("\n"))
        }
    }

    @Test func aChatteringChildIsQuotedBriefly() async throws {
        try await withTemporaryFolder { folder in
            let model = try TestEngines.bundledModel()
            let program = try writeScript("head -c 300000 /dev/zero | tr '\\0' 'x' >&2; echo >&2; echo 'the end' >&2; exit 3", in: folder)
            let error = await #expect(throws: EngineError.self) { try await ModelProbe.probe(model: model, executable: program) }
            let message = try #require(error?.message)
            #expect(message.contains("the end"))
            #expect(message.count < 3_000)
        }
    }

    @Test func aHangingChildIsKilled() async throws {
        try await withTemporaryFolder { folder in
            let model = try TestEngines.bundledModel()
            let program = try writeScript("exec sleep 600", in: folder)
            let error = await #expect(throws: EngineError.self) {
                try await ModelProbe.probe(model: model, executable: program, timeout: .milliseconds(50))
            }
            #expect(error?.message.contains("took too long") == true)
        }
    }

    @Test func aProgramThatDoesNotStartIsTold() async throws {
        let model = try TestEngines.bundledModel()
        let error = await #expect(throws: EngineError.self) { try await ModelProbe.probe(model: model, executable: "/nowhere/agentos") }
        #expect(error?.code == .failed)
    }

    @Test func theChildLoadsTheBundledModel() throws {
        try ModelProbe.runProbe(folder: TestEngines.installation.bundledModelFolder, installation: TestEngines.installation)
    }

    /// Weights that are damaged inside a file that looks whole: only loading finds out, and the engine takes its process with it.
    @Test func aModelDamagedInsideKillsTheChildNotTheParent() async {
        await #expect(processExitsWith: .failure) {
            try await withModelCopy { folder in
                try rewrite("\(folder)/encoder.onnx") { bytes in
                    for index in 200..<2_000 { bytes[index] = 0xFF }
                }
                #expect(throws: Never.self) { try WhisperModel(folder: folder) }
                try? ModelProbe.runProbe(folder: folder, installation: TestEngines.installation)
            }
            // Reached only if the engine survives, and then the test must fail.
            exit(EXIT_SUCCESS)
        }
    }
}
