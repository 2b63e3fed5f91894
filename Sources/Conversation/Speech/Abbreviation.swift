/// A word that is written short, with a full stop that ends no sentence.
struct Abbreviation: Sendable, Equatable {
    /// What stands around it.
    enum Kind: Sendable {
        /// Before a name: never the end of a sentence.
        case title
        /// Between parts of a sentence: never its end.
        case connecting
        /// Short for something only before a number.
        case numbered
        /// May be the last word of a sentence.
        case closing
    }

    /// What is said for it.
    let spoken: String
    /// What stands around it.
    let kind: Kind

    /// The abbreviation that a word without its last full stop is, if it is one.
    static func of(_ word: String) -> Abbreviation? {
        if let exact = all[word] { return exact }
        guard word.first?.isUppercase == true, word.count <= 6, let small = all[word.lowercased()], small.kind != .closing else { return nil }
        return Abbreviation(spoken: small.spoken.prefix(1).uppercased() + small.spoken.dropFirst(), kind: small.kind)
    }

    private static let all: [String: Abbreviation] = {
        var all: [String: Abbreviation] = [:]
        for (kind, words) in byKind { for (word, spoken) in words { all[word] = Abbreviation(spoken: spoken, kind: kind) } }
        return all
    }()

    private static let byKind: [(Kind, [String: String])] = [
        (
            .title,
            [
                "Dr": "Doctor", "Mr": "Mister", "Mrs": "Missus", "Ms": "Ms", "Prof": "Professor", "St": "Saint", "Gen": "General", "Sen": "Senator",
                "Rep": "Representative", "Gov": "Governor", "Sgt": "Sergeant", "Capt": "Captain", "Lt": "Lieutenant", "Col": "Colonel",
                "Rev": "Reverend", "Hon": "Honorable", "Mt": "Mount", "Ft": "Fort",
            ]
        ),
        (
            .connecting,
            [
                "e.g": "for example", "eg": "for example", "i.e": "that is", "ie": "that is", "vs": "versus", "approx": "approximately",
                "cf": "compare", "incl": "including", "excl": "excluding", "a.k.a": "also known as",
            ]
        ),
        (
            .numbered,
            [
                "no": "number", "nos": "numbers", "nr": "number", "p": "page", "pp": "pages", "vol": "volume", "ch": "chapter", "fig": "figure",
                "sec": "section", "ver": "version", "ext": "extension", "art": "article", "max": "maximum", "min": "minimum", "tel": "telephone",
                "apt": "apartment", "rm": "room", "jan": "January", "feb": "February", "mar": "March", "apr": "April", "jun": "June",
                "jul": "July", "aug": "August", "sep": "September", "sept": "September", "oct": "October", "nov": "November", "dec": "December",
            ]
        ),
        (
            .closing,
            [
                "etc": "et cetera", "a.m": "a m", "p.m": "p m", "A.M": "a m", "P.M": "p m", "Jr": "Junior", "Sr": "Senior", "Inc": "Incorporated",
                "Ltd": "Limited", "Corp": "Corporation", "Co": "Company", "Ave": "Avenue", "Rd": "Road", "Blvd": "Boulevard", "Hwy": "Highway",
                "Dept": "Department", "dept": "department", "Ln": "Lane", "est": "established", "hrs": "hours", "lbs": "pounds",
            ]
        ),
    ]
}
