/// One thing that was looked at, and what was found.
struct Finding: Equatable, Sendable {
    /// How it stands with it.
    enum Level: String, Sendable, CaseIterable {
        /// As it should be.
        case ok
        /// No call can be answered before this is mended.
        case missing
        /// Calls can be answered; worth knowing.
        case note

        /// The ANSI colour a person sees it in.
        var color: Int {
            switch self {
            case .ok: 32
            case .missing: 31
            case .note: 33
            }
        }
    }

    /// How it stands.
    var level: Level
    /// What was looked at, in a word or two.
    var subject: String
    /// What was found and, where it is not right, what mends it.
    var text: String

    /// Makes a finding.
    init(_ level: Level, _ subject: String, _ text: String) {
        self.level = level
        self.subject = subject
        self.text = text
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
