import AsyncHTTPClient
import VoiceServer

/// Looks at the chat and speech services that calls will use.
struct ServiceFindings: Sendable {
    let uses: [ServiceUse]

    /// All of them.
    func all(_ http: HTTPClient) async -> [Finding] {
        var asked: [(use: ServiceUse, outcome: ServiceProbe.Outcome)] = []
        for use in uses {
            let probe = ServiceProbe(http: http, endpoint: use.endpoint)
            let known = asked.first { ($0.use.purpose == .chat) == (use.purpose == .chat) && $0.use.endpoint == use.endpoint }?.outcome
            if let known {
                asked.append((use, known))
            } else {
                asked.append((use, use.purpose == .chat ? await probe.chat() : await probe.speech()))
            }
        }
        return asked.map { use, outcome in
            let stoodIn = asked.contains { other in
                guard case .good = other.outcome else { return false }
                return other.use.purpose == .chat && other.use.isFallback && !Set(other.use.agents).isDisjoint(with: use.agents)
            }
            return Self.finding(use, outcome, hasGoodFallback: use.hasFallback && stoodIn)
        }
    }

    /// What is not found out without the network.
    var untested: [Finding] {
        uses.map { Finding(.untested, Self.subject($0), "whether \($0.endpoint.url) answers and knows the model \($0.endpoint.model ?? "")") }
    }

    private static func subject(_ use: ServiceUse) -> String {
        switch use.purpose {
        case .chat: use.isFallback ? "fallback chat" : "chat"
        case .hearing: "speech to text"
        case .voice: "text to speech"
        }
    }

    private static func finding(_ use: ServiceUse, _ outcome: ServiceProbe.Outcome, hasGoodFallback: Bool) -> Finding {
        let subject = subject(use)
        let name = "\(use.endpoint.url) (\(ConfigurationFindings.list(use.agents)))"
        switch outcome {
        case .good(let what): return Finding(.ok, subject, "\(name) \(what)")
        case .unclear(let what): return Finding(.untested, subject, "\(name) \(what)")
        case .doubtful(let what): return Finding(.warning, subject, "\(name) \(what)", effect: "\(subject) may fail")
        case .failed(let what):
            let text = "\(name) \(what)"
            let who = ConfigurationFindings.list(use.agents)
            return switch use.purpose {
            case .hearing: Finding(.warning, subject, text, effect: "speech is recognised by the local engine")
            case .voice: Finding(.warning, subject, text, effect: "the local voice speaks")
            case .chat where use.isFallback:
                Finding(.warning, subject, text, effect: "no other chat service answers for \(who) if the first one fails")
            case .chat where hasGoodFallback: Finding(.warning, subject, text, effect: "the fallback answers for \(who)")
            case .chat: Finding(.error, subject, text, effect: "callers of \(who) hear an apology in place of each answer")
            }
        }
    }
}
