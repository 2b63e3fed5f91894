import Foundation

/// What an assistant is told it is, with what is known of the call put in.
struct AgentPrompt: Sendable {
    /// For an agent whose operator has written none.
    static let usual = """
        You are a friendly agent on the telephone. Everything you write is spoken aloud: answer in one or two short sentences of plain words, \
        without lists, headings or emoji. Ask one thing at a time. The caller's words come from speech recognition and may be misheard: ask \
        where they make no sense. When the caller has what they wanted and says goodbye, say goodbye and end the call.
        """

    /// What is said of an agent without a prompt.
    static let missing = "has no `prompt`: the model is only told to be a friendly agent on the telephone; say what this agent is for"
    /// What can be filled in, as `{{name}}`.
    static let names = ["date", "time", "weekday", "caller", "called"]

    /// What an operator's words have that is not filled in, although it looks so.
    static func unfilled(in text: String) -> [String] {
        let placeholders = text.matches(of: /\{\{([^{}]{1,60})\}\}/).map { String($0.1) }.filter { !names.contains($0) }
        let variables = text.matches(of: /\$\{([A-Za-z_][A-Za-z0-9_]*)\}/).map { String($0.1) }
        return placeholders.map { "{{\($0)}} is not filled in\(Word.advice(for: $0.filter { !$0.isWhitespace }, among: names))" }
            + variables.map { "${\($0)} is not filled in here: a prompt is told as it stands, but for {{\(names.joined(separator: "}}, {{"))}}" }
    }

    private let template: String

    /// Takes the operator's words, or the usual ones.
    init(_ prompt: String?) { template = prompt ?? Self.usual }

    /// The words with `{{date}}`, `{{time}}`, `{{weekday}}`, `{{caller}}` and `{{called}}` filled in.
    func text(caller: String, called: String, at moment: Date) -> String {
        guard template.contains("{{") else { return template }
        let values = [
            "date": Self.formatted(moment, "yyyy-MM-dd"), "time": Self.formatted(moment, "HH:mm"), "weekday": Self.formatted(moment, "EEEE"),
            "caller": caller, "called": called,
        ]
        return values.reduce(template) { $0.replacing("{{\($1.key)}}", with: $1.value) }
    }

    private static func formatted(_ moment: Date, _ format: String) -> String {
        let formatter = DateFormatter()
        formatter.locale = Locale(identifier: "en_US_POSIX")
        formatter.dateFormat = format
        return formatter.string(from: moment)
    }
}
