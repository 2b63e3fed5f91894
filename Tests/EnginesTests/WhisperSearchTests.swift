import Foundation
import Testing

@testable import Engines

/// Which texts Whisper's decoder follows, and that it can leave one for another and come back.
struct WhisperSearchTests {
    private static let end = 99

    private func step(_ branches: (WhisperSearch.Hypothesis, [(token: Int, logProbability: Double)])..., usualCount: Int = 10) -> (
        growing: [[Int]], ended: [[Int]]
    ) {
        let step = WhisperSearch.step(from: branches, end: Self.end, usualCount: usualCount)
        return (step.growing.map(\.hypothesis.tokens), step.ended.map(\.tokens))
    }

    @Test func aSureModelHasOneTextFollowed() {
        let step = step((.init(tokens: [1], logProbability: -0.1), [(2, -0.05), (3, -3.2), (Self.end, -6)]))
        #expect(step.growing == [[1, 2]])
        #expect(step.ended.isEmpty)
    }

    @Test func aTokenNearlyAsLikelyIsFollowedToo() {
        let step = step((.init(tokens: [1], logProbability: -0.1), [(2, -0.8), (3, -0.9), (4, -1.6)]))
        #expect(step.growing == [[1, 2], [1, 3]])
    }

    /// Greedy decoding ends here, in the middle of what was said.
    @Test func aTextThatMayEndMayAlsoGoOn() {
        let step = step((.init(tokens: [1], logProbability: -0.1), [(Self.end, -0.7), (2, -0.8)]))
        #expect(step.ended == [[1]])
        #expect(step.growing == [[1, 2]])
    }

    @Test func textsAreComparedAsAWhole() {
        let step = step(
            (.init(tokens: [1], logProbability: -0.6), [(3, -0.7), (4, -1.2)]),
            (.init(tokens: [2], logProbability: -0.9), [(5, -0.01), (6, -5)])
        )
        #expect(step.growing == [[2, 5], [1, 3]])
    }

    @Test func noMoreTextsAreFollowedThanTheWidth() {
        let step = step((.init(), (0..<4).map { ($0, -1.4) }))
        #expect(step.growing == [[0], [1], [2]])
    }

    @Test func ofTextsThatGoOnAlikeTheLikelierIsFollowed() {
        let step = step(
            (.init(tokens: [1, 5, 6], logProbability: -0.3), [(7, -0.1), (8, -9)]),
            (.init(tokens: [2, 5, 6], logProbability: -0.2), [(7, -0.1), (8, -9)])
        )
        #expect(step.growing == [[2, 5, 6, 7]])
    }

    @Test func aTextThatRepeatsItselfGoesNoFurther() {
        let step = step((.init(tokens: [7, 7, 7, 7, 7], logProbability: -0.1), [(7, -0.1), (8, -0.2)]), usualCount: 5)
        #expect(step.ended == [[7, 7, 7, 7, 7, 7]])
        #expect(step.growing == [[7, 7, 7, 7, 7, 8]])
    }

    @Test func aTextIsTakenUpWhereItWasLeft() throws {
        let model = try TestEngines.bundledModel()
        let room = try WhisperRoom(WhisperWeights(model, library: TestEngines.installation.inferenceLibrary, threads: 1))
        let prompt = model.layout.prompt(language: nil)
        try room.encode(TestEngines.sample("caller-book-table").flatMap { [Float($0) / 32_768, Float($0) / 32_768] }, padding: 100, tokens: 64)
        try room.step(prompt)
        let start = room.likeliest(2)
        try room.step([start[0].token])
        let row = room.row(at: prompt.count)
        let second = try #require(room.likeliest(1).first)
        try room.step([second.token])
        let expected = room.likeliest(4)

        room.seek(prompt.count)
        try room.step([start[1].token])
        room.restore(row, at: prompt.count)
        room.seek(prompt.count + 1)
        try room.step([second.token])
        #expect(room.likeliest(4).map(\.token) == expected.map(\.token))
        #expect(room.likeliest(4).map(\.logProbability) == expected.map(\.logProbability))
    }

    @Test func theLikeliestTokensComeFirst() throws {
        let model = try TestEngines.bundledModel()
        let room = try WhisperRoom(WhisperWeights(model, library: TestEngines.installation.inferenceLibrary, threads: 1))
        try room.encode(TestEngines.sample("caller-yes").flatMap { [Float($0) / 32_768, Float($0) / 32_768] }, padding: 100, tokens: 64)
        try room.step(model.layout.prompt(language: nil))
        let all = room.likeliest(model.layout.vocabulary)
        #expect(all.count == model.layout.vocabulary)
        #expect(Set(all.map(\.token)).count == all.count)
        #expect(zip(all, all.dropFirst()).allSatisfy { $0.logProbability >= $1.logProbability })
        let sum = all.reduce(0) { $0 + exp($1.logProbability) }
        #expect(abs(sum - 1) < 0.001)
        #expect(room.likeliest(5).map(\.token) == all.prefix(5).map(\.token))
    }

    @Test func symbolsThatCallersDoNotSayAreKnown() async throws {
        try await withTemporaryFolder { folder in
            let lines = [";", " ;", "a;", ";;", "'t", " "].enumerated().map { "\(Data($1.utf8).base64EncodedString()) \($0)" }
            let path = folder + "/tokens.txt"
            try Data(lines.joined(separator: "\n").utf8).write(to: URL(fileURLWithPath: path))
            #expect(try WhisperTokens(reading: path, atLeast: 6).numbers(ofOnly: WhisperSearch.unsaid) == [0, 1, 3])
        }
    }
}
