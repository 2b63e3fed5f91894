/// How a webhook is fetched, as the fragment of its URL says (Twilio's "webhooks connection overrides").
///
/// `#rc=3&rp=ct,5xx`: three retries, where no connection could be made or the answer was a server's error. Of the rest the twin keeps no account.
struct ConnectionOverrides: Sendable, Equatable {
    /// How long each wait for the next attempt is, the last one for all further ones.
    ///
    /// Twilio does not say how long it waits; all of a request's attempts must fit into 15 s. A server that is started again at once is found at
    /// once, and one that takes some seconds is found, too.
    private static let delays: [Duration] = [.milliseconds(500), .seconds(1), .seconds(2), .seconds(3), .seconds(4)]

    /// How long is waited after the first attempt (1), the second, ...
    static func delay(afterAttempt number: Int) -> Duration { delays[min(max(number, 1), delays.count) - 1] }

    /// How often a webhook is sent again, 0 to 5.
    var retries = 0
    /// Whether it is sent again where nothing answers.
    var coversConnections = true
    /// Whether it is sent again after a status of 500 or more.
    var coversServerErrors = false

    /// Reads a URL's fragment; one without overrides means that nothing is sent again.
    init(url: String) {
        guard let fragment = url.split(separator: "#", maxSplits: 1).dropFirst().first else { return }
        for pair in fragment.split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1)
            guard parts.count == 2 else { continue }
            switch parts[0] {
            case "rc": retries = min(5, max(0, Int(parts[1]) ?? 0))
            case "rp":
                let policies = parts[1].split(separator: ",")
                coversConnections = policies.contains("ct") || policies.contains("all")
                coversServerErrors = policies.contains("5xx") || policies.contains("all")
            default: break
            }
        }
    }
}
