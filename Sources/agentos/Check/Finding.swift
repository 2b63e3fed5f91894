/// One thing that was looked at, and what was found.
struct Finding: Equatable, Sendable {
    /// How it stands with it.
    enum Level: String, Sendable, CaseIterable {
        /// As it should be.
        case ok
        /// Calls cannot be answered as they should be before this is mended.
        case error
        /// Calls are answered, and something in them will fail.
        case warning
        /// Worth knowing.
        case note
        /// Not looked at.
        case untested

        /// The ANSI colour a person sees it in.
        var color: Int {
            switch self {
            case .ok: 32
            case .error: 31
            case .warning, .note: 33
            case .untested: 36
            }
        }
    }

    /// How it stands.
    var level: Level
    /// What was looked at, in a word or two.
    var subject: String
    /// What was found and, where it is not right, what mends it.
    var text: String
    /// What calls experience before an error or a warning is mended; nil for a server that does not start.
    var effect: String?

    /// Makes a finding.
    init(_ level: Level, _ subject: String, _ text: String, effect: String? = nil) {
        self.level = level
        self.subject = subject
        self.text = text
        self.effect = effect
    }

    /// Findings as lines, aligned.
    static func lines(_ findings: [Finding], color: (String, Int) -> String = Terminal.colored) -> [String] {
        let levelWidth = Level.allCases.map(\.rawValue.count).max() ?? 0
        let subjectWidth = findings.map(\.subject.count).max() ?? 0
        return findings.map { finding in
            // Aligned before it is coloured: the colour's own characters take no room.
            let level = color(padded(finding.level.rawValue, levelWidth), finding.level.color)
            let text = finding.text.split(whereSeparator: \.isNewline).joined(separator: " ")
            return "\(level)  \(padded(finding.subject, subjectWidth))  \(text)"
        }
    }

    private static func padded(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.count))
    }
}

/// What findings come to: what calls will experience.
struct Verdict {
    private let errors: [Finding]
    private let warnings: [Finding]
    private let untested: [Finding]

    /// Sums findings up.
    init(_ findings: [Finding]) {
        errors = findings.filter { $0.level == .error }
        warnings = findings.filter { $0.level == .warning }
        untested = findings.filter { $0.level == .untested }
    }

    /// Whether nothing keeps calls from being answered.
    var isGood: Bool { errors.isEmpty }

    /// One line.
    var line: String {
        guard errors.isEmpty else {
            let count = errors.count == 1 ? "1 error" : "\(errors.count) errors"
            // Nothing else matters to callers of a server that does not start.
            let effects = errors.contains { $0.effect == nil } ? ["no call is answered, because the server does not start"] : Self.effects(errors)
            return "\(count) (\(Self.subjects(errors))): \(effects.joined(separator: "; "))"
        }
        let left = untested.isEmpty ? "" : " (not tested: \(Self.subjects(untested)))"
        guard warnings.isEmpty else { return "Calls are answered, but \(Self.effects(warnings).joined(separator: "; "))\(left)" }
        return "Calls can be answered: agentos webui start\(left)"
    }

    private static func subjects(_ findings: [Finding]) -> String { unique(findings.map(\.subject)).joined(separator: ", ") }

    /// What calls experience because of errors and warnings.
    static func effects(_ findings: [Finding]) -> [String] { unique(findings.map { $0.effect ?? "\($0.subject) fails" }) }

    private static func unique(_ texts: [String]) -> [String] {
        texts.reduce(into: []) { known, text in if !known.contains(text) { known.append(text) } }
    }
}
