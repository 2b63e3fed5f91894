/// Abbreviations said in full.
enum SpokenAbbreviation {
    /// Short words that are written without a full stop too.
    private static let withoutStop: [String: [String]] = [
        "e.g": ["for", "example"], "i.e": ["that", "is"], "vs": ["versus"], "approx": ["approximately"], "etc": ["et", "cetera"],
        "Dr": ["Doctor"], "Mr": ["Mister"], "Mrs": ["Missus"], "w/": ["with"], "w/o": ["without"], "and/or": ["and", "or"],
        "N/A": ["N", "A"], "n/a": ["n", "a"],
    ]

    /// Reads an abbreviation.
    static func read(_ point: ReadingPoint) -> Reading? {
        let text = point.word.text
        guard point.word.trail.hasPrefix("."), let short = Abbreviation.of(text) else { return withoutStop[text].map { .one($0) } }
        switch short.kind {
        case .title:
            if let street = street(text, at: point) { return .one([street], dropsStop: !point.canEndSentence) }
            return point.next?.isCapitalised == true ? .one([short.spoken], dropsStop: true) : nil
        case .connecting:
            return .one(split(short.spoken), dropsStop: true)
        case .numbered:
            return point.next?.core.first?.isDigit == true ? .one(split(short.spoken), dropsStop: true) : nil
        case .closing:
            return .one(split(short.spoken), dropsStop: !point.canEndSentence)
        }
    }

    private static func split(_ words: String) -> [String] { words.split(separator: " ").map(String.init) }

    /// "St." and "Dr." after a name are a street and a drive.
    private static func street(_ text: String, at point: ReadingPoint) -> String? {
        guard let name = ["St": "Street", "Dr": "Drive"][text], let previous = point.joinedPrevious else { return nil }
        let isAfterOrdinal = previous.core.first?.isDigit == true && previous.core.last?.isLetter == true
        guard previous.isCapitalised || isAfterOrdinal else { return nil }
        guard point.word.trail == ".", point.word.pause == nil, point.next?.isCapitalised == true else { return name }
        // "12 Main St. Springfield", but "Visit St. Louis".
        let before = point.index > 1 ? point.words[point.index - 2].core.first : nil
        return isAfterOrdinal || before?.isDigit == true ? name : nil
    }
}
