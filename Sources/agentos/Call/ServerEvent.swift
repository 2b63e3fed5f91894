import Foundation

/// The fields of the server's events that are shown.
struct ServerEvent: Decodable {
    var type: String
    var seq: Int?
    var turn: Int?
    var text: String?
    var complete: Bool?
    var digits: String?
    var reason: String?
    var playedMs: Int?
    var response: Int?
    var endpoint: Int?
    var stt: Int?
    var error: String?
    var name: String?
    var status: String?
    var result: String?

    /// Reads an event; nil for what is none.
    init?(_ json: String) {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        guard let event = try? decoder.decode(ServerEvent.self, from: Data(json.utf8)) else { return nil }
        self = event
    }

    /// The event as a person reads it; nil for what would only be noise, as words so far are.
    var row: CallRow? {
        switch type {
        case "voice.stt.final": CallRow("caller said", text ?? "", .caller)
        case "voice.dtmf.entered": CallRow("caller keyed", digits ?? "", .caller)
        case "voice.stt.dismissed": CallRow("passed over", Self.joined(text, "(\(Self.words(reason)))"))
        case "voice.assistant.text": CallRow("agent says", text ?? "", .agent)
        case "voice.assistant.filler": CallRow("agent fills in", text ?? "", .agent)
        case "voice.assistant.heard" where complete == false: CallRow("caller heard", text.map { $0.isEmpty ? "nothing of it" : $0 } ?? "", .notice)
        case "voice.assistant.paused": CallRow("agent pauses", "the caller makes a sound")
        case "voice.assistant.resumed": CallRow("agent goes on")
        case "voice.barge_in": CallRow("interrupted", "after \(CallRow.seconds(playedMs ?? 0)) s of the answer", .notice)
        case "voice.tool.called": CallRow("tool", name ?? "")
        case "voice.tool.finished": CallRow("tool", Self.joined(name, Self.words(status) + ":", result))
        case "voice.session.interrupted": CallRow("line lost", Self.words(reason), .notice)
        case "voice.turn.metrics":
            CallRow("response", "\(response ?? 0) ms (end of turn \(endpoint ?? 0), recognition \(stt ?? 0))")
        case "error": CallRow("error", error ?? "", .alarm)
        default: nil
        }
    }

    private static func words(_ name: String?) -> String { (name ?? "").replacing("_", with: " ") }

    private static func joined(_ parts: String?...) -> String {
        parts.compactMap(\.self).filter { !$0.isEmpty }.joined(separator: " ")
    }
}
