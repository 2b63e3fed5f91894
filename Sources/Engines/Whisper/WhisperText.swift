/// What of a recogniser's result was said, for Whisper in this process and for services.
enum WhisperText {
    private static let closing: [Character: Character] = ["[": "]", "(": ")", "*": "*", "♪": "♪"]
    /// Tags of engines in square brackets: words that a tokenizer has for itself, and whisper.cpp's `[_BEG_]` and `[_TT_50]`.
    private static let bracketTags: Set<Substring> = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    /// The longest tag, in characters.
    private static let maximumTag = 60

    /// The result trimmed and without the engine's tags; empty if it holds nothing but remarks on the sound, such as `[BLANK_AUDIO]`, `(music)`
    /// or `...`.
    ///
    /// Remarks beside words stay, because words in brackets may have been said.
    static func spoken(_ result: String) -> String {
        let result = withoutTags(result)
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

    /// The text without tags such as `<|en|>`, `<|0.00|>`, `</s>`, `<unk>`, `[_BEG_]` and `[00:00.000 --> 00:02.000]`.
    private static func withoutTags(_ text: String) -> String {
        guard text.contains(where: { "<[▁".contains($0) }) else { return text }
        var kept = ""
        var rest = text[...]
        var wasTag = false
        while let character = rest.first {
            if let tag = tag(at: rest) {
                rest = rest.dropFirst(tag.count)
                wasTag = true
                continue
            }
            let next: Character = character == "▁" ? " " : character
            // A tag may stand between two words without a space.
            if wasTag, next.isLetter || next.isNumber, kept.last?.isWhitespace == false { kept.append(" ") }
            if !(wasTag && next.isWhitespace && kept.last?.isWhitespace == true) { kept.append(next) }
            wasTag = false
            rest = rest.dropFirst()
        }
        return kept
    }

    /// The tag that a text begins with; one that starts as an engine's and is cut off at the text's end counts, too.
    private static func tag(at text: Substring) -> Substring? {
        let start = text.prefix(maximumTag)
        switch text.first {
        case "<":
            let end = start.dropFirst().firstIndex { $0 == ">" || $0 == "<" || $0.isWhitespace }
            guard let end else { return text.hasPrefix("<|") && start.count == text.count ? start : nil }
            let tag = start[...end]
            return start[end] == ">" && tag.count > 2 ? tag : nil
        case "[":
            guard let end = start.firstIndex(of: "]") else { return text.hasPrefix("[_") && start.count == text.count ? start : nil }
            let tag = start[...end]
            return tag.hasPrefix("[_") || bracketTags.contains(tag) || tag.contains("-->") ? tag : nil
        default: return nil
        }
    }
}
