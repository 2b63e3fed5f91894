import Foundation

/// The fields of the server's events that are shown.
struct ServerEvent: Decodable {
    var type: String
    var text: String?
    var complete: Bool?
    var digits: String?
    var reason: String?
    var response: Int?
    var endpoint: Int?
    var stt: Int?
    var error: String?
    var name: String?
    var status: String?
    var result: String?

    /// Reads an event; nil for what is none.
    init?(_ json: String) {
        guard let event = try? JSONDecoder().decode(ServerEvent.self, from: Data(json.utf8)) else { return nil }
        self = event
    }

    /// What a person is told of the event, if anything: words so far would only be noise.
    var told: String? {
        switch type {
        case "voice.stt.final": Terminal.colored("caller said   ", 36) + (text ?? "")
        case "voice.dtmf.entered": Terminal.colored("caller keyed  ", 36) + (digits ?? "")
        case "voice.stt.dismissed": Self.quiet("passed over", [text, "(\((reason ?? "").replacing("_", with: " ")))"])
        case "voice.assistant.text": Terminal.colored("agent answers ", 32) + (text ?? "")
        case "voice.assistant.filler": Terminal.colored("agent fills in ", 32) + (text ?? "")
        case "voice.tool.called": Self.quiet("tool", [name])
        case "voice.tool.finished": Self.quiet("tool", [name, (status ?? "").replacing("_", with: " ") + ":", result])
        case "voice.assistant.paused": Self.quiet("agent waits")
        case "voice.assistant.resumed": Self.quiet("agent goes on")
        case "voice.assistant.heard" where complete == false: Terminal.colored("caller heard  ", 33) + (text ?? "")
        case "voice.turn.metrics": Self.quiet("", ["response \(response ?? 0) ms (end of turn \(endpoint ?? 0), recognition \(stt ?? 0))"])
        case "voice.barge_in": Terminal.colored("interrupted", 33)
        case "error": Terminal.colored("error         \(error ?? "")", 31)
        default: nil
        }
    }

    private static func quiet(_ what: String, _ details: [String?] = []) -> String {
        let details = details.compactMap(\.self).filter { !$0.isEmpty }.joined(separator: " ")
        return Terminal.colored(details.isEmpty ? what : what + String(repeating: " ", count: max(1, 14 - what.count)) + details, 90)
    }
}
