import Conversation
import Engines
import Foundation
import Testing

@Suite struct InstallationTests {
    @Test func theEnvironmentIsLookedAtFirst() async throws {
        try await withTemporaryFolder { folder in
            try FileManager.default.createDirectory(atPath: "\(folder)/.deps", withIntermediateDirectories: true)
            let found = try Installation.locate(environment: ["AGENTOS_HOME": folder], executable: "\(TestEngines.root)/x", currentFolder: "/")
            #expect(found.root == folder)
        }
    }

    @Test func foldersAboveTheExecutableComeBeforeTheCurrentOne() async throws {
        try await withTemporaryFolder { folder in
            try FileManager.default.createDirectory(atPath: "\(folder)/product/Models", withIntermediateDirectories: true)
            try FileManager.default.createDirectory(atPath: "\(folder)/elsewhere/.deps", withIntermediateDirectories: true)
            let found = try Installation.locate(
                environment: [:],
                executable: "\(folder)/product/.build/debug/agentos",
                currentFolder: "\(folder)/elsewhere"
            )
            #expect(found.root == "\(folder)/product")
        }
    }

    @Test func theCurrentFolderIsEnough() async throws {
        try await withTemporaryFolder { folder in
            try FileManager.default.createDirectory(atPath: "\(folder)/.deps", withIntermediateDirectories: true)
            try FileManager.default.createDirectory(atPath: "\(folder)/Sources/Deep", withIntermediateDirectories: true)
            let found = try Installation.locate(environment: [:], executable: "/usr/bin/agentos", currentFolder: "\(folder)/Sources/Deep")
            #expect(found.root == folder)
        }
    }

    @Test func nothingFoundSaysWhatToRun() throws {
        let error = #expect(throws: EngineError.self) {
            try Installation.locate(environment: [:], executable: "/usr/bin/agentos", currentFolder: "/usr")
        }
        #expect(error?.code == .missing)
        #expect(error?.message.contains("make setup") == true)
    }

    @Test func pulledModelsGoWhereTheEnvironmentSays() throws {
        let given = try Installation.locate(environment: ["AGENTOS_HOME": TestEngines.root, "AGENTOS_MODELS_DIR": "/models"])
        #expect(given.pulledModelFolder(named: "base.en") == "/models/whisper-base.en")
        let usual = try Installation.locate(environment: ["AGENTOS_HOME": TestEngines.root, "HOME": "/home/ann"])
        #expect(usual.pulledModelsFolder == "/home/ann/.cache/agentos/models")
    }
}
