/// A currency and how its amounts are said.
struct Currency: Sendable {
    /// Its name after one, and after any other number.
    let names: (one: String, many: String)
    /// The name of its hundredth part, where it has one.
    let hundredths: (one: String, many: String)?

    private static let dollar = Currency(names: ("dollar", "dollars"), hundredths: ("cent", "cents"))
    private static let euro = Currency(names: ("euro", "euros"), hundredths: ("cent", "cents"))
    private static let pound = Currency(names: ("pound", "pounds"), hundredths: ("penny", "pence"))
    private static let yen = Currency(names: ("yen", "yen"), hundredths: nil)
    private static let known: [String: Currency] = [
        "$": dollar, "USD": dollar, "€": euro, "EUR": euro, "£": pound, "GBP": pound, "¥": yen, "JPY": yen,
        "₹": Currency(names: ("rupee", "rupees"), hundredths: nil), "₩": Currency(names: ("won", "won"), hundredths: nil),
        "₽": Currency(names: ("ruble", "rubles"), hundredths: nil), "¢": Currency(names: ("cent", "cents"), hundredths: nil),
    ]

    /// The currency of a sign or an international code.
    static func of(_ text: String) -> Currency? { known[text] }

    /// The currency of a sign.
    static func of(_ sign: Character) -> Currency? { sign.isLetter ? nil : known[String(sign)] }

    /// An amount in words: "five dollars and twenty cents".
    func words(_ number: WrittenNumber) -> [String] {
        guard let hundredths, let fraction = number.fraction, fraction.count == 2, let part = Int(String(fraction)) else {
            return number.words(.amount) + [number.isOne ? names.one : names.many]
        }
        let isNothing = number.whole.allSatisfy { $0 == "0" }
        let isOne = number.whole == ["1"]
        let whole = isNothing && part > 0 ? [] : number.wholeWords(.amount) + [isOne ? names.one : names.many]
        guard part > 0 else { return whole }
        let cents = SpokenNumber.cardinal(part) + [part == 1 ? hundredths.one : hundredths.many]
        return whole + (whole.isEmpty ? [] : ["and"]) + cents
    }
}
