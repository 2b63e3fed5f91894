/// What of a Whisper result was said.
enum WhisperText {
    private static let closing: [Character: Character] = ["[": "]", "(": ")", "*": "*", "♪": "♪"]

    /// The result trimmed; empty when it holds nothing but remarks on the sound, such as `[BLANK_AUDIO]`, `(music)` or `...`.
    ///
    /// Remarks beside words stay, because words in brackets may have been said.
    static func spoken(_ result: String) -> String {
        let isSpeech = withoutRemarks(result).contains { $0.isLetter || $0.isNumber }
        guard isSpeech else { return "" }
        let start = result.drop(while: \.isWhitespace)
        return String(start.reversed().drop(while: \.isWhitespace).reversed())
    }

    private static func withoutRemarks(_ text: String) -> String {
        var kept = ""
        var expected: Character?
        for character in text {
            if let end = expected {
                if character == end { expected = nil }
            } else if let end = closing[character] {
                expected = end
            } else {
                kept.append(character)
            }
        }
        return kept
    }
}
