import Foundation
import Synchronization

/// How numbers and signs are read in a language other than English.
///
/// ICU puts whole numbers in words. What else a language needs is data, such as the lists of `SpokenLanguage+Data.swift`.
final class SpokenLanguage: Sendable {
    /// The words of a language.
    struct Words: Sendable {
        var comma: String
        var minus: String
        var plus: String
        var percent: String
        var and: String
        var at: String
        var dot: String
        var dash: String
        var underscore: String
        var slash: String
        var equals: String
        var degrees: String
        var number: String
        /// Between the ends of a range.
        var to: String
        /// One, before what is counted.
        var one: String
        /// The whole hour one, "one o'clock".
        var oneHour: String
        /// After the hour: "Uhr"; empty where nothing is said.
        var hours: String
        /// Between hours and minutes.
        var hourJoiner: String
        /// The name of hundredths, for an amount below one: "99 cents".
        var cents: String
        /// Between whole coins and hundredths.
        var centJoiner: String
        /// Names of currencies by sign and code, after one and after more.
        var currencies: [String: (one: String, many: String)]
        /// Names of units by sign, after one and after more.
        var units: [String: (one: String, many: String)]
        /// What abbreviations stand for, without their last full stop.
        var short: [String: String]
        var months: [String]
        /// Between day, month and year.
        var dateJoiner: String
        /// "first" to "tenth" by their sign, such as "º"; empty where ordinals are not written so.
        var ordinalSigns: [String: [String]]
    }

    let words: Words
    /// The signs and names of currencies, longest first.
    let currencySigns: [String]
    /// Spells the ordinal number of a date; nil if dates use cardinal numbers.
    let ordinal: (@Sendable (Int, (Int) -> String) -> String)?
    /// Spells a year; nil if years are spelled as other numbers are.
    let year: (@Sendable (Int, (Int) -> String) -> String)?
    private let speller: Mutex<NumberFormatter>

    init(
        locale: String,
        words: Words,
        ordinal: (@Sendable (Int, (Int) -> String) -> String)? = nil,
        year: (@Sendable (Int, (Int) -> String) -> String)? = nil
    ) {
        let formatter = NumberFormatter()
        formatter.locale = Locale(identifier: locale)
        formatter.numberStyle = .spellOut
        speller = Mutex(formatter)
        self.words = words
        currencySigns = words.currencies.keys.sorted { $0.count > $1.count }
        self.ordinal = ordinal
        self.year = year
    }

    /// Whether a language (ISO 639-1) is English, which has separate rules; nil means English.
    static func isEnglish(_ language: String?) -> Bool { language ?? "en" == "en" }

    /// Returns the data of a language (ISO 639-1); nil for English and for languages without data.
    static func of(_ language: String?) -> SpokenLanguage? { language.flatMap { all[$0] } }

    private static let all: [String: SpokenLanguage] = [
        "de": .german, "es": .spanish, "fr": .french, "it": .italian, "pt": .portuguese,
    ]

    /// A whole number in words.
    func cardinal(_ number: Int) -> String {
        let text = speller.withLock { $0.string(from: NSNumber(value: number)) } ?? String(number)
        // ICU marks where words may be parted.
        return text.replacing("\u{AD}", with: "")
    }

    /// Each digit by itself.
    func digits(_ digits: some Sequence<Character>) -> [String] {
        digits.compactMap(\.wholeNumberValue).map(cardinal)
    }
}
