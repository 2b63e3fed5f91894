import Foundation

/// The token with which the server's events are read, which tell what was said.
struct EventAccess: Equatable {
    /// The token; nil if there is none.
    var token: String?
    /// Where it is from, or why there is none, with the fix.
    var note: String

    /// Finds the token: as given, otherwise in the data directory if the server is on this machine.
    init(given: String?, webhook: String, folder: String) {
        if let given, !given.isEmpty {
            self.init(token: given, note: "--api-token (AGENTOS_API_TOKEN)")
            return
        }
        guard Self.isLoopback(webhook) else {
            self.init(token: nil, note: "the words are not shown without the server's API token; give it with --api-token (AGENTOS_API_TOKEN)")
            return
        }
        let file = "\(folder)/api-token"
        let kept = (try? String(contentsOfFile: file, encoding: .utf8))?.filter { !$0.isWhitespace } ?? ""
        if kept.isEmpty {
            let note = "the words are not shown: there is no API token in \(file); give --api-token, or the server's data directory with --data-dir"
            self.init(token: nil, note: note)
        } else {
            self.init(token: kept, note: file)
        }
    }

    private init(token: String?, note: String) {
        self.token = token
        self.note = note
    }

    /// Whether a URL names this machine.
    static func isLoopback(_ url: String) -> Bool {
        guard let host = URLComponents(string: url)?.host?.lowercased().trimmingCharacters(in: ["[", "]"]) else { return false }
        return host == "localhost" || host == "::1" || host == "0.0.0.0" || (host.hasPrefix("127.") && host.allSatisfy { $0.isNumber || $0 == "." })
    }
}
