import Conversation
import Engines
import Foundation
import Testing

/// What every ``Transcriber`` promises, tried with each.
@Suite struct TranscriberConformanceTests {
    enum Engine: String, CaseIterable {
        case whisper, scripted

        func make() throws -> any Transcriber {
            switch self {
            case .whisper: try TestEngines.transcriber()
            case .scripted: ScriptedTranscriber()
            }
        }
    }

    @Test func namesAreThoseOfTheOptions() throws {
        #expect(try Engine.allCases.map { try $0.make().providerName } == ["whisper_local", "scripted"])
    }

    @Test(arguments: Engine.allCases)
    func speechGivesTrimmedText(_ engine: Engine) async throws {
        let result = try await engine.make().transcribe(TestEngines.sample("caller-book-table"))
        #expect(result.text.contains("book a table"))
        #expect(result.text.first?.isWhitespace == false && result.text.last?.isWhitespace == false)
        #expect(result.confidence.map { (0...1).contains($0) } ?? true)
    }

    @Test(arguments: Engine.allCases)
    func aPreviewIsTrimmedTextOrNothingAndChangesNothing(_ engine: Engine) async throws {
        let transcriber = try engine.make()
        let clip = try TestEngines.sample("caller-book-table")
        for end in stride(from: 0, through: clip.count, by: 4000) {
            let preview = try await transcriber.preview(Array(clip.prefix(end)))
            #expect(preview.map { $0.text == $0.text.trimmingCharacters(in: .whitespacesAndNewlines) } ?? true)
            #expect(preview?.confidence.map { (0...1).contains($0) } ?? true)
        }
        #expect(try await transcriber.transcribe(clip).text.contains("book a table"))
    }

    @Test(arguments: Engine.allCases)
    func everyCallGetsItsAnswer(_ engine: Engine) async throws {
        let transcriber = try engine.make()
        let clip = try TestEngines.sample("caller-stop")
        let answers = try await withThrowingTaskGroup(of: String.self) { group in
            for _ in 0..<8 { group.addTask { try await transcriber.transcribe(clip).text } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(answers.count == 8 && answers.allSatisfy { !$0.isEmpty })
    }
}
