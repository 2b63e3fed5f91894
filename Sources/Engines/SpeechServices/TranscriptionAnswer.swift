/// What a recognition service answered.
enum TranscriptionAnswer {
    /// The words in an answer, trimmed and on one line; nil where it is no answer to the question.
    ///
    /// Services answer `{"text": ...}`; some call it `transcript`, give segments alone, or give the bare text whatever is asked. An empty text
    /// says that nothing was said, an empty answer says nothing.
    static func text(_ body: [UInt8], type: String?) -> String? {
        guard let text = String(validating: body, as: UTF8.self) else { return nil }
        if let json = try? JSONValue(parsing: text) {
            if let words = json["text"]?.string ?? json["transcript"]?.string { return spoken(words) }
            if case .array(let segments) = json["segments"] {
                let texts = segments.compactMap { $0["text"]?.string }
                return texts.count == segments.count ? spoken(texts.joined(separator: " ")) : nil
            }
            if case .object = json { return nil }
        }
        guard type?.lowercased().hasPrefix("text/plain") == true, isPlain(text) else { return nil }
        return spoken(text)
    }

    private static func spoken(_ text: String) -> String {
        WhisperText.spoken(text.split(whereSeparator: \.isWhitespace).joined(separator: " "))
    }

    /// Whether this can be what somebody said, and not a page, a broken document or bytes.
    private static func isPlain(_ text: String) -> Bool {
        let start = text.drop(while: \.isWhitespace)
        let isTag = ["<|", "<s>", "<unk>"].contains { start.hasPrefix($0) }
        guard let first = start.first, !"<{".contains(first) || isTag else { return false }
        return text.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control || $0.properties.isWhitespace }
    }
}
