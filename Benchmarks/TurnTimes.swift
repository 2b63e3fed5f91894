import Conversation
import Foundation
import VoiceServer

/// Where the time of one turn went, as the server's own event `voice.turn.metrics` has it; in ms.
struct TurnTimes: Decodable, Sendable {
    /// From the caller's last speech to the decision that the turn is over.
    let endpoint: Double
    /// From there to the words.
    let stt: Double
    /// From there to the assistant's first token.
    let chat: Double
    /// From there to the first audio out.
    let tts: Double
    /// From there to the echo of the mark behind the first frame.
    let wire: Double?
    /// From the caller's last speech, as voice activity has it, to that echo.
    let atEar: Double?

    /// What the server took beyond the silence it has to wait for.
    var work: Double { stt + chat + tts }

    enum CodingKeys: String, CodingKey {
        case endpoint
        case stt
        case chat = "chat_first_token"
        case tts = "tts_first_audio"
        case wire
        case atEar = "at_ear"
    }

    /// Those of some calls, out of a server's data directory.
    static func read(calls: [String], data: String) async throws -> [TurnTimes] {
        let sessions = Set(calls.map { "twilio-\($0)" })
        let events = try await DataDirectory(data).openStore().events(after: 0, limit: .max)
        return try events.filter { $0.type == "voice.turn.metrics" && sessions.contains($0.session) }
            .map { try JSONDecoder().decode(TurnTimes.self, from: Data($0.json.utf8)) }
    }
}
