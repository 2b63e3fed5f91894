import Conversation
import Engines
import Foundation
import Testing

@Suite struct ModelCatalogTests {
    @Test(arguments: ["tiny", "tiny.en", "base", "base.en", "small", "small.en"])
    func aModelHasThreePinnedFiles(_ name: String) throws {
        let entry = try #require(ModelCatalog.entry(named: name))
        #expect(entry.files.map(\.name) == ["\(name)-encoder.int8.onnx", "\(name)-decoder.int8.onnx", "\(name)-tokens.txt"])
        for file in entry.files {
            #expect(file.sha256.count == 64 && file.sha256.allSatisfy { "0123456789abcdef".contains($0) })
            #expect(file.size > 100_000)
            #expect(URL(string: file.url)?.scheme == "https" && file.url.hasSuffix("/\(file.name)"))
        }
    }

    @Test func eachModelsWeightsAreItsOwn() {
        let weights = ModelCatalog.entries.flatMap(\.files).filter { $0.name.hasSuffix(".onnx") }.map(\.sha256)
        #expect(Set(weights).count == weights.count)
        #expect(ModelCatalog.entry(named: "enormous") == nil)
    }

    @Test func hashesAreThoseOfTheStandard() async throws {
        try await withTemporaryFolder { folder in
            // FIPS 180-2, appendix B.1 and B.3.
            for (text, hash) in [
                ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
                (String(repeating: "a", count: 1_000_000), "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"),
            ] {
                try Data(text.utf8).write(to: URL(fileURLWithPath: "\(folder)/file"))
                #expect(try ModelChecksum.sha256(of: "\(folder)/file") == hash)
            }
        }
    }

    @Test func onlyThePinnedFilePasses() async throws {
        try await withTemporaryFolder { folder in
            let path = "\(folder)/tokens.txt"
            let pinned = ModelCatalog.File(
                name: "tokens.txt",
                url: "https://example.com/tokens.txt",
                size: 3,
                sha256: "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
            )
            #expect(throws: EngineError.self) { try ModelChecksum.verify(path, as: pinned) }
            try Data("abc".utf8).write(to: URL(fileURLWithPath: path))
            try ModelChecksum.verify(path, as: pinned)
            for other in ["abd", "ab", ""] {
                try Data(other.utf8).write(to: URL(fileURLWithPath: path))
                let error = #expect(throws: EngineError.self) { try ModelChecksum.verify(path, as: pinned) }
                #expect(error?.code == .invalid)
            }
        }
    }
}
