/// The beginning of a text, on one line, for a message.
struct OneLine: CustomStringConvertible {
    let description: String

    /// Keeps at most 120 characters.
    init(_ text: String) {
        let line = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        description = line.isEmpty ? "no text" : String(line.prefix(120))
    }
}
