import Foundation
import TestSupport
import Testing

/// What tests of `agentos call` start from.
enum SampleCall {
    static let webhookPath = "/api/voice/twilio/inbound"
    /// Engines that cost nothing.
    static let engines = ["AGENTOS_STT": "scripted", "AGENTOS_TTS": "tone"]
    /// A recording of one word.
    static let clip = Program.absolute("Samples/caller-stop.wav")

    /// Lends an empty folder.
    static func withFolder(_ body: (String) async throws -> Void) async throws {
        let folder = FileManager.default.temporaryDirectory.path + "/agentos-test-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try await body(folder)
    }

    /// The objects of JSON lines; every line must be one, with a type and a time.
    static func objects(_ ended: Program.Ended) throws -> [[String: Any]] {
        try ended.lines.map { line in
            let object = try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any], "\(line)")
            #expect(object["type"] as? String != nil && object["at_ms"] as? Int != nil, "\(line)")
            return object
        }
    }

    /// Where the first object of a type is.
    static func index(of type: String, in objects: [[String: Any]]) throws -> Int {
        try #require(objects.firstIndex { $0["type"] as? String == type }, "no \(type) in \(objects.compactMap { $0["type"] as? String })")
    }
}
