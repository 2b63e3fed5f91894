import Conversation
import Engines
import Foundation
import TestSupport
import Testing

/// What every ``Transcriber`` promises, tried with each.
@Suite struct TranscriberConformanceTests {
    enum Engine: String, CaseIterable {
        case whisper, scripted, http

        /// Lends the engine; a service runs meanwhile.
        func lend<Value: Sendable>(_ body: (any Transcriber) async throws -> Value) async throws -> Value {
            switch self {
            case .whisper: try await body(TestEngines.transcriber())
            case .scripted: try await body(ScriptedTranscriber())
            case .http: try await SpeechServiceFixture.withService(Self.service) { try await body($0.transcriber()) }
            }
        }

        /// Hears the same words in everything.
        private static let service: FakeEndpoint.Handler = { _, answer in
            try await answer.whole(#"{"text":" I would like to book a table. "}"#)
        }
    }

    @Test(arguments: zip(Engine.allCases, ["whisper_local", "scripted", "openai"]))
    func namesAreThoseOfTheOptions(_ engine: Engine, _ name: String) async throws {
        #expect(try await engine.lend { $0.providerName } == name)
    }

    @Test(arguments: Engine.allCases)
    func speechGivesTrimmedText(_ engine: Engine) async throws {
        let result = try await engine.lend { try await $0.transcribe(TestEngines.sample("caller-book-table")) }
        #expect(result.text.contains("book a table"))
        #expect(result.text.first?.isWhitespace == false && result.text.last?.isWhitespace == false)
        #expect(result.confidence.map { (0...1).contains($0) } ?? true)
    }

    @Test(arguments: Engine.allCases)
    func aPreviewIsTrimmedTextOrNothingAndChangesNothing(_ engine: Engine) async throws {
        try await engine.lend { transcriber in
            let clip = try TestEngines.sample("caller-book-table")
            for end in stride(from: 0, through: clip.count, by: 4000) {
                let preview = try await transcriber.preview(Array(clip.prefix(end)))
                #expect(preview.map { $0.text == $0.text.trimmingCharacters(in: .whitespacesAndNewlines) } ?? true)
                #expect(preview?.confidence.map { (0...1).contains($0) } ?? true)
            }
            #expect(try await transcriber.transcribe(clip).text.contains("book a table"))
        }
    }

    @Test(arguments: Engine.allCases)
    func everyCallGetsItsAnswer(_ engine: Engine) async throws {
        try await engine.lend { transcriber in
            let clip = try TestEngines.sample("caller-stop")
            let answers = try await withThrowingTaskGroup(of: String.self) { group in
                for _ in 0..<8 { group.addTask { try await transcriber.transcribe(clip).text } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(answers.count == 8 && answers.allSatisfy { !$0.isEmpty })
        }
    }
}
