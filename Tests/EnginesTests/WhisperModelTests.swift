import Conversation
@testable import Engines
import Foundation
import Testing

@Suite struct WhisperModelTests {
    @Test func theBundledModelIsFoundWithItsLimits() throws {
        let model = try TestEngines.bundledModel()
        #expect(model.name == "whisper-phone-mini")
        #expect(model.encoder.hasSuffix("/whisper-phone-mini/encoder.onnx"))
        #expect(model.longestClip == 6_000)
        #expect(model.tailPaddings == 60)
        #expect(model.languages.isEmpty)
    }

    @Test(arguments: ["", "tiny-", "tiny.en-"])
    func bothStylesOfFileNamesAreKnown(_ prefix: String) async throws {
        try await withMadeUpModel(prefix: prefix) { folder in
            let model = try WhisperModel(folder: folder)
            #expect(model.decoder == "\(folder)/\(prefix)decoder.onnx")
            #expect(model.tokens == "\(folder)/\(prefix)tokens.txt")
            #expect(model.longestClip == 29_000)
            #expect(model.tailPaddings == -1)
        }
    }

    @Test func aMultilingualModelSaysItsLanguages() async throws {
        try await withMadeUpModel(encoder: .whisperEncoder(isMultilingual: true)) { folder in
            let model = try WhisperModel(folder: folder)
            #expect(model.languages == ["en", "de", "fr"])
        }
    }

    @Test(arguments: [(1 << 20, "encoder.onnx"), (38 << 20, "encoder.int8.onnx"), (90 << 20, "encoder.int8.onnx")])
    func theSmallerFilesAreUsedForLargeModelsOnly(_ bytes: Int, _ name: String) async throws {
        try await withMadeUpModel(encoder: .whisperEncoder(graphBytes: bytes)) { folder in
            try MadeUpONNX.whisperEncoder().write(to: "\(folder)/encoder.int8.onnx")
            try MadeUpONNX().write(to: "\(folder)/decoder.int8.onnx")
            let model = try WhisperModel(folder: folder)
            #expect(model.encoder == "\(folder)/\(name)")
            #expect(model.decoder == "\(folder)/\(name.replacing("encoder", with: "decoder"))")
        }
    }

    @Test func smallerFilesAloneAreEnough() async throws {
        try await withTemporaryFolder { folder in
            try MadeUpONNX.whisperEncoder().write(to: "\(folder)/base.en-encoder.int8.onnx")
            try MadeUpONNX().write(to: "\(folder)/base.en-decoder.int8.onnx")
            try Data("IGE= 0\n".utf8).write(to: URL(fileURLWithPath: "\(folder)/base.en-tokens.txt"))
            #expect(try WhisperModel(folder: folder).encoder == "\(folder)/base.en-encoder.int8.onnx")
        }
    }

    @Test(arguments: [("1", "1", true), ("1", "0", false), ("1", "x", false), ("2", "1", false)])
    func aModelInOurOwnLayoutSaysItsHeads(_ layout: String, _ heads: String, _ isGood: Bool) async throws {
        var encoder = MadeUpONNX.whisperEncoder()
        encoder.metadata += [("agentos_layout", layout), ("n_text_head", heads)]
        try await withMadeUpModel(encoder: encoder) { folder in
            if isGood {
                let model = try WhisperModel(folder: folder)
                #expect(model.layout.heads == 1)
            } else {
                #expect(throws: EngineError.self) { try WhisperModel(folder: folder) }
            }
        }
    }

    @Test func theTwoPartsMayHaveDifferentPrecisions() async throws {
        try await withMadeUpModel(encoder: .whisperEncoder(graphBytes: 48 << 20)) { folder in
            try FileManager.default.moveItem(atPath: "\(folder)/decoder.onnx", toPath: "\(folder)/decoder.int8.onnx")
            let model = try WhisperModel(folder: folder)
            #expect(model.encoder == "\(folder)/encoder.onnx")
            #expect(model.decoder == "\(folder)/decoder.int8.onnx")
        }
    }

    @Test(arguments: Damage.allCases)
    func aDamagedModelIsRefusedInWords(_ damage: Damage) async throws {
        try await withModelCopy { folder in
            try damage.inflict(on: folder)
            let error = #expect(throws: EngineError.self) { try WhisperModel(folder: folder) }
            #expect(error?.code == damage.code)
            #expect(error?.message.contains(folder) == true)
        }
    }

    @Test func anUnknownLanguageIsRefusedBeforeTheEngineSeesIt() async throws {
        try await withMadeUpModel(encoder: .whisperEncoder(isMultilingual: true)) { folder in
            let model = try WhisperModel(folder: folder)
            let error = #expect(throws: EngineError.self) {
                try WhisperTranscriber(model: model, installation: TestEngines.installation, language: "tlh")
            }
            #expect(error?.code == .invalid)
        }
    }

    @Test func aModelOfManyLanguagesSaysWhichItKnows() async throws {
        try await withMadeUpModel(encoder: .whisperEncoder(isMultilingual: true)) { folder in
            let model = try WhisperModel(folder: folder)
            #expect(model.code(for: "de") == "de" && model.code(for: "pt") == nil)
        }
        let bundled = try TestEngines.bundledModel()
        #expect(bundled.code(for: "en") == "en" && bundled.code(for: "de") == nil)
    }

    @Test func aLanguageTheModelLacksIsAnErrorAndNotWrongWords() async throws {
        let transcriber = try TestEngines.transcriber().listening(for: "pt")
        let clip = try TestEngines.sample("caller-book-table")
        let error = await #expect(throws: EngineError.self) { try await transcriber.transcribe(clip) }
        #expect(error?.message == "the speech model whisper-phone-mini knows English only")
        #expect(try await transcriber.preview(clip) == nil)
        #expect(try await transcriber.listening(for: "en").transcribe(clip).text == "i would like to book a table for two")
    }

    @Test func aMissingEngineSaysWhatToRun() throws {
        let model = try TestEngines.bundledModel()
        let nowhere = Installation(root: "/nowhere", pulledModelsFolder: "/nowhere")
        let error = #expect(throws: EngineError.self) { try WhisperTranscriber(model: model, installation: nowhere) }
        #expect(error?.code == .missing)
        #expect(error?.message.contains("make setup") == true)
    }

    private func withMadeUpModel(
        prefix: String = "",
        encoder: MadeUpONNX = .whisperEncoder(),
        _ body: (String) async throws -> Void
    ) async throws {
        try await withTemporaryFolder { folder in
            try encoder.write(to: "\(folder)/\(prefix)encoder.onnx")
            try MadeUpONNX().write(to: "\(folder)/\(prefix)decoder.onnx")
            try Data("IGE= 0\nIGI= 1\n= 2\n".utf8).write(to: URL(fileURLWithPath: "\(folder)/\(prefix)tokens.txt"))
            try await body(folder)
        }
    }
}

/// What can be wrong with a model's files.
enum Damage: CaseIterable {
    case noFolder, noEncoder, noDecoder, emptyDecoder, cutEncoder, cutDecoder, textForEncoder, decoderForEncoder, numberless
    case noTokens, emptyTokens, textForTokens, tokensOfAnother

    var code: EngineError.Code {
        switch self {
        case .noFolder, .noEncoder, .noDecoder, .noTokens: .missing
        default: .invalid
        }
    }

    func inflict(on folder: String) throws {
        let files = FileManager.default
        switch self {
        case .noFolder: try files.removeItem(atPath: folder)
        case .noEncoder: try files.removeItem(atPath: "\(folder)/encoder.onnx")
        case .noDecoder: try files.removeItem(atPath: "\(folder)/decoder.onnx")
        case .emptyDecoder: try rewrite("\(folder)/decoder.onnx") { $0 = [] }
        case .cutEncoder: try rewrite("\(folder)/encoder.onnx") { $0.removeLast($0.count / 2) }
        case .cutDecoder: try rewrite("\(folder)/decoder.onnx") { $0.removeLast(40) }
        case .textForEncoder: try rewrite("\(folder)/encoder.onnx") { $0 = Array("<html>404 not found</html>".utf8) }
        case .decoderForEncoder:
            try files.removeItem(atPath: "\(folder)/encoder.onnx")
            try files.copyItem(atPath: "\(folder)/decoder.onnx", toPath: "\(folder)/encoder.onnx")
        case .numberless:
            try rewrite("\(folder)/encoder.onnx") { bytes in
                guard let end = bytes.firstRange(of: Array("n_mels\u{12}\u{2}".utf8))?.upperBound else { return }
                bytes[end] = UInt8(ascii: "x")
            }
        case .tokensOfAnother: try rewrite("\(folder)/tokens.txt") { $0 = Array("IGE= 0\nIGI= 1\n".utf8) }
        case .noTokens: try files.removeItem(atPath: "\(folder)/tokens.txt")
        case .emptyTokens: try rewrite("\(folder)/tokens.txt") { $0 = [] }
        case .textForTokens: try rewrite("\(folder)/tokens.txt") { $0 = Array("version https://git-lfs.example\nsize 5\n".utf8) }
        }
    }
}
