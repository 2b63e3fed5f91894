import TestSupport
import Testing

@testable import Engines

/// Regular expressions are matched in time proportional to the text, with ECMAScript's meaning.
@Suite struct PatternTests {
    /// A pattern, texts that it matches and texts that it does not.
    struct Case: Sendable, CustomTestStringConvertible {
        var pattern: String
        var matching: [String]
        var others: [String]

        init(_ pattern: String, _ matching: [String], not others: [String]) {
            self.pattern = pattern
            self.matching = matching
            self.others = others
        }

        var testDescription: String { pattern }
    }

    static let cases = [
        Case("", ["", "x"], not: []),
        Case("b", ["b", "abc"], not: ["", "a"]),
        Case("^[0-2]\\d:[0-5]\\d$", ["19:30"], not: ["19:3", "x19:30", "19:30\n", "١٩:٣٠"]),
        Case("^(red|green|)$", ["red", "green", ""], not: ["blue", "redgreen"]),
        Case("^a{2,3}$", ["aa", "aaa"], not: ["a", "aaaa"]),
        Case("^(ab){2}c?$", ["abab", "ababc"], not: ["ab", "ababcc"]),
        Case("^a{2,}$", ["aa", "aaaaaa"], not: ["a"]),
        Case("^a+?b*?$", ["a", "aab"], not: ["b"]),
        Case("a{,2}", ["a{,2}"], not: ["aa"]),
        Case("x{y}", ["x{y}"], not: ["xy"]),
        Case("^\\w+@[\\w.-]+\\.[a-z]{2,}$", ["ann@mail.example.com"], not: ["ann@example", "änn@example.com"]),
        Case("^[^@\\s]+$", ["ann"], not: ["a@b", "a b", "a\u{A0}b"]),
        Case("^[]$", [], not: ["", "]"]),
        Case("^[^]$", ["\n", "x"], not: ["", "xx"]),
        Case("^.$", ["é", "😀"], not: ["\n", "\u{2028}", ""]),
        Case("^[\\w-.]+$", ["a-b.c"], not: ["a b"]),
        Case("^[a\\-z]+$", ["a-z"], not: ["b"]),
        Case("^[\\D]$", ["x"], not: ["1"]),
        Case("\\bcat\\b", ["a cat.", "cat"], not: ["cats", "scat"]),
        Case("\\Bcat", ["scat"], not: ["cat"]),
        Case("^\\x41\\u0042\\u{1F600}\\t$", ["AB😀\t"], not: ["ab"]),
        Case("^\\p{L}+$", ["Größe", "名前"], not: ["a1", ""]),
        Case("^\\P{L}+$", ["12-3"], not: ["1a"]),
        Case("^[\\p{Lu}\\d_]+$", ["ÄB_1"], not: ["ab"]),
        Case("^(?:a|b)(?<rest>c)$", ["ac", "bc"], not: ["c"]),
        Case("\\A\\d{3}\\z", ["123"], not: ["1234"]),
        Case("^\\/\\.\\^\\$\\_$", ["/.^$_"], not: []),
        Case("^(a*)*$", ["", "aaa"], not: ["b"]),
        Case("(|a)+$", ["", "aa", "b"], not: []),
        Case("(){1000}$", [""], not: []),
        Case("^(a?){30}a{30}$", [String(repeating: "a", count: 30)], not: ["a"]),
    ]

    @Test(arguments: cases)
    func aPatternMatchesWhatItSays(_ example: Case) throws {
        let pattern = try Pattern(example.pattern)
        for text in example.matching { #expect(pattern.matches(text), "\(text)") }
        for text in example.others { #expect(!pattern.matches(text), "\(text)") }
    }

    @Test(arguments: ["(", ")", "a)", "[a", "*a", "+", "a**", "a{3,2}", "[z-a]", "\\", "(?<>a)", "\\x4", "\\u{110000}", "\\p{L", "(?<a"])
    func whatIsNoPatternIsMalformed(_ text: String) {
        let error = #expect(throws: PatternError.self) { try Pattern(text) }
        guard case .malformed? = error else { return #expect(Bool(false), "\(String(describing: error))") }
    }

    @Test(arguments: [
        "(a)\\1", "\\k<a>", "(?=a)", "(?!a)b", "(?<=a)b", "(?<!a)b", "(?i)a", "a++", "(?>a)", "\\p{Script=Latin}", "\\Gx", "a{5000}",
        "(a{100}){100}", String(repeating: "(", count: 200) + String(repeating: ")", count: 200),
    ])
    func whatNeedsBacktrackingOrTooMuchRoomIsUnsupported(_ text: String) {
        let error = #expect(throws: PatternError.self) { try Pattern(text) }
        guard case .unsupported? = error else { return #expect(Bool(false), "\(String(describing: error))") }
    }

    @Test(arguments: ["(a+)+$", "(a*)*b$", "(a|a)*$", "(a|aa)+$", "^(([a-z])+.)+[A-Z]([a-z])+$", "(.*)*x", "((a{0,10}){0,10})+$"])
    func theWorkGrowsWithTheTextAndNoFaster(_ text: String) throws {
        let pattern = try Pattern(text)
        for length in [64, 4_096] {
            var work = 0
            _ = pattern.matches(String(repeating: "a", count: length) + "!", work: &work)
            #expect(work <= pattern.cost(ofCharacters: length + 1), "\(length)")
        }
        #expect(pattern.cost(ofCharacters: 4_096) < 4_097 * 2_001)
    }

    @Test func nestedRepetitionsAreTakenInOneStepForEachPlace() throws {
        var work = 0
        #expect(try !Pattern("(a+)+$").matches(String(repeating: "a", count: 4_096) + "b", work: &work))
        #expect(work < 50_000)
    }

    @Test(arguments: 0..<400)
    func itAgreesWithSwiftsOwnEngine(_ seed: Int) throws {
        var random = SeededRandom(seed: seed)
        let text = Self.pattern(&random, depth: 3)
        let pattern = try Pattern(text)
        let regex = try Regex(text).matchingSemantics(.unicodeScalar)
        for _ in 0..<20 {
            let sample = String((0..<Int.random(in: 0...8, using: &random)).map { _ in "ab-".randomElement(using: &random) ?? "a" })
            #expect(pattern.matches(sample) == (sample.firstMatch(of: regex) != nil), "\(text) on \(sample)")
        }
    }

    private static func pattern(_ random: inout SeededRandom, depth: Int) -> String {
        guard depth > 0 else { return ["a", "b", "-", ".", "[ab]", "[^a]", "\\w", "\\W"].randomElement(using: &random) ?? "a" }
        let part = { (random: inout SeededRandom) in pattern(&random, depth: depth - 1) }
        switch Int.random(in: 0..<8, using: &random) {
        case 0: return part(&random) + part(&random)
        case 1: return "(?:\(part(&random))|\(part(&random)))"
        case 2: return "(\(part(&random)))*"
        case 3: return "(\(part(&random)))+"
        case 4: return "(?:\(part(&random))){\(Int.random(in: 0...2, using: &random)),\(Int.random(in: 2...3, using: &random))}"
        case 5: return "^" + part(&random)
        case 6: return part(&random) + "$"
        default: return part(&random) + "(\(part(&random)))?"
        }
    }
}
