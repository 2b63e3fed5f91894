import Testing

@testable import Conversation

/// What is said for what is written, topic by topic.
@Suite struct SpokenTextTests {
    private func expect(_ written: String, isSaidAs spoken: String, _ location: SourceLocation = #_sourceLocation) {
        #expect(SpokenText(written).text == spoken, "\(written)", sourceLocation: location)
    }

    @Test(arguments: [
        "You said: seven three one five nine", "Hello there.", "Well, that's fine; isn't it?", "He said \"stop\" (twice), didn't he?",
        "A well-known café in the U.S. is open.", "It’s “fine”!", "one", "Wait... what?", "The item(s) you ordered, Anna-Maria.",
        "Sorry, I did not catch that. Could you say it again?", "I am here", "No. I won't.", "It is in the list.",
    ])
    func speakableTextStaysAsItIs(text: String) {
        expect(text, isSaidAs: text)
        #expect(SpokenText(text).sources == Array(0..<text.split(separator: " ").count))
    }

    @Test(arguments: ["", " ", "\n\n", "🎉", "---", "***", "| --- | :--: |", "👍🏽 👩‍👩‍👧‍👦 ❤️", "```", "```swift", "<br/>", "...", "<!-- note -->"])
    func nothingToSayIsNoText(text: String) {
        #expect(SpokenText(text) == SpokenText(""))
        #expect(SpokenText(text).text.isEmpty)
    }

    @Test(arguments: [
        ("0", "zero"), ("7", "seven"), ("12", "twelve"), ("20", "twenty"), ("42", "forty two"), ("100", "one hundred"), ("101", "one hundred one"),
        ("999", "nine hundred ninety nine"), ("1000", "one thousand"),
        ("1,234,567", "one million two hundred thirty four thousand five hundred sixty seven"),
        ("10,000", "ten thousand"), ("45000", "forty five thousand"), ("3.5", "three point five"), ("0.05", "zero point zero five"),
        ("costs .5 more", "costs point five more"), ("-5", "minus five"), ("−3.2", "minus three point two"), ("1, 2 and 3", "one, two and three"),
        ("1,2,3", "one two three"), ("(3)", "(three)"), ("3-5", "three to five"), ("3–5", "three to five"), ("1/2", "one half"),
        ("3/4", "three quarters"), ("2/3", "two thirds"), ("1 1/2", "one and one half"), ("2½ cups", "two and one half cups"),
        ("24/7", "twenty four seven"),
        ("1st", "first"), ("2nd", "second"), ("23rd", "twenty third"), ("12th", "twelfth"), ("40th", "fortieth"), ("101st", "one hundred first"),
        ("٣ ５ ⑫", "three five twelve"), ("5️⃣", "five"), ("1.2.3", "one point two point three"),
        ("192.168.0.1", "one hundred ninety two dot one hundred sixty eight dot zero dot one"),
        ("10k", "ten thousand"), ("1.5M", "one point five million"), ("3x", "three times"), ("100+", "one hundred plus"), ("9 - 5", "nine to five"),
    ])
    func numbersAreSaidInWords(written: String, spoken: String) { expect(written, isSaidAs: spoken) }

    @Test(arguments: [
        ("1999", "nineteen ninety nine"), ("2005", "two thousand five"), ("2000", "two thousand"), ("1900", "nineteen hundred"),
        ("1905", "nineteen oh five"), ("2026", "twenty twenty six"), ("in 1984.", "in nineteen eighty four."), ("1066", "one thousand sixty six"),
        ("2019-2021", "twenty nineteen to twenty twenty one"), ("1990s", "nineteen nineties"), ("the '80s", "the 'eighties"),
        ("2000s", "two thousands"), ("100s of them", "hundreds of them"),
        ("2,005", "two thousand five"), ("1999 km", "one thousand nine hundred ninety nine kilometers"),
        ("2026-11-24", "November twenty fourth, twenty twenty six"), ("11/24/2026", "November twenty fourth, twenty twenty six"),
        ("24.11.2026", "November twenty fourth, twenty twenty six"),
        ("2026-11-24T10:30:00Z", "November twenty fourth, twenty twenty six at ten thirty"),
        ("November 24, 2026", "November twenty fourth, twenty twenty six"), ("24 November", "twenty fourth of November"),
        ("Dec. 5", "December fifth"),
        ("Jan 1", "January first"), ("May I?", "May I?"), ("2026-13-99", "twenty twenty six to thirteen to ninety nine"),
    ])
    func yearsAndDatesAreSaidAsSuch(written: String, spoken: String) { expect(written, isSaidAs: spoken) }

    @Test(arguments: [
        ("7:30", "seven thirty"), ("7:30 pm", "seven thirty p m"), ("7:00", "seven o'clock"), ("7:00 pm", "seven p m"), ("7:05", "seven oh five"),
        ("7pm", "seven p m"), ("at 7 p.m. today", "at seven p m today"), ("at 7 p.m.", "at seven p m."), ("10AM", "ten a m"),
        ("19:00", "nineteen hundred"), ("9:00-17:00", "nine o'clock to seventeen hundred"), ("9am-5pm", "nine a m to five p m"),
        ("9-5pm", "nine to five p m"), ("I am 7", "I am seven"), ("16:9", "sixteen to nine"), ("3:2.", "three to two."),
        ("15:45 UTC", "fifteen forty five UTC"), ("9:00 am - 5:00 pm", "nine a m to five p m"),
    ])
    func timesAreSaidAsTheClockTellsThem(written: String, spoken: String) { expect(written, isSaidAs: spoken) }

    @Test(arguments: [
        ("$5.20", "five dollars and twenty cents"), ("$1", "one dollar"), ("$0.99", "ninety nine cents"), ("€3", "three euros"),
        ("3 €", "three euros"),
        ("£1,200", "one thousand two hundred pounds"), ("$5.00", "five dollars"), ("$3.5 million", "three point five million dollars"),
        ("$10k", "ten thousand dollars"), ("-$5", "minus five dollars"), ("$5-10", "five to ten dollars"), ("$5-$10", "five dollars to ten dollars"),
        ("$1999", "one thousand nine hundred ninety nine dollars"), ("$5/month", "five dollars per month"), ("20 USD", "twenty dollars"),
        ("$1.01.", "one dollar and one cent."), ("¥500", "five hundred yen"), ("50%", "fifty percent"), ("3.5 %", "three point five percent"),
        ("10-15%", "ten to fifteen percent"), ("(5%)", "(five percent)"), ("$1500000", "one million five hundred thousand dollars"),
    ])
    func moneyAndSharesAreSaidInWords(written: String, spoken: String) { expect(written, isSaidAs: spoken) }

    @Test(arguments: [
        ("5 km", "five kilometers"), ("1 km", "one kilometer"), ("5km away", "five kilometers away"), ("1.5kg", "one point five kilograms"),
        ("21°C", "twenty one degrees celsius"), ("-5 °F.", "minus five degrees fahrenheit."), ("16 GB", "sixteen gigabytes"),
        ("60 mph", "sixty miles per hour"),
        ("100 km/h", "one hundred kilometers per hour"), ("90°", "ninety degrees"), ("20 m²", "twenty square meters"),
        ("5 min. walk", "five minutes walk"),
        ("30s", "thirties"), ("500ms", "five hundred milliseconds"), ("4x4", "four by four"), ("5 in the list", "five in the list"),
    ])
    func unitsAreSaidInFull(written: String, spoken: String) { expect(written, isSaidAs: spoken) }

    @Test(arguments: [
        ("+1 415-555-1234", "plus one, four one five, five five five, one two three four"),
        ("(415) 555-1234.", "four one five, five five five, one two three four."),
        ("415 555 1234", "four one five, five five five, one two three four"),
        ("555-1234", "five five five, one two three four"), ("+14155551234", "plus one, four one five, five five five, one two three four"),
        ("1-800-555-1234", "one, eight zero zero, five five five, one two three four"), ("8675309", "eight six seven, five three zero nine"),
        ("007", "zero zero seven"), ("code 4821", "code four eight two one"), ("the PIN is 1999", "the PIN is one nine nine nine"),
        ("1234 5678 9012 3456", "one two three four, five six seven eight, nine zero one two, three four five six"),
        ("call 911", "call nine one one"), ("0800 123 456", "zero eight zero zero, one two three, four five six"),
        ("123-45-6789", "one two three, four five, six seven eight nine"),
        ("+44 20 7946 0958", "plus four four, two zero, seven nine four six, zero nine five eight"),
    ])
    func telephoneNumbersAndCodesAreSaidDigitByDigit(written: String, spoken: String) { expect(written, isSaidAs: spoken) }

    @Test(arguments: [
        ("https://www.example.com/help?x=1", "example dot com slash help"), ("See https://example.com/.", "See example dot com."),
        ("www.example.org", "example dot org"), ("example.com", "example dot com"), ("anna.b@example.com", "anna dot b at example dot com"),
        ("anna99@mail-host.example.com,", "anna ninety nine at mail dash host dot example dot com,"), ("Node.js", "Node dot js"),
        ("<https://example.com>", "example dot com"),
        ("http://user:pw@example.com:8080/a_b", "example dot com colon eight thousand eighty slash a underscore b"),
        ("@anna", "at anna"),
    ])
    func addressesAreSpelledOut(written: String, spoken: String) { expect(written, isSaidAs: spoken) }

    @Test(arguments: [
        ("Dr. Smith", "Doctor Smith"), ("Mr. and Mrs. Jones", "Mr. and Missus Jones"), ("12 Elm Dr. is here", "twelve Elm Drive is here"),
        ("St. Louis", "Saint Louis"), ("Visit St. Louis", "Visit Saint Louis"), ("on Main St. today", "on Main Street today"),
        ("12 Main St. Springfield", "twelve Main Street. Springfield"), ("5 Main St.", "five Main Street."), ("e.g. tea", "for example tea"),
        ("fruit (e.g., apples)", "fruit (for example, apples)"), ("i.e. now", "that is now"), ("tea, etc.", "tea, et cetera."),
        ("tea, etc., and", "tea, et cetera, and"), ("us vs. them", "us versus them"), ("approx. 5", "approximately five"), ("No. 5", "Number five"),
        ("Say no. Then go.", "Say no. Then go."), ("pp. 3-5", "pages three to five"), ("and/or", "and or"), ("N/A.", "N A."),
        ("42 Elm St., Apt. 5", "forty two Elm Street, Apartment five"), ("J. Smith", "J. Smith"),
    ])
    func abbreviationsAreSaidInFull(written: String, spoken: String) { expect(written, isSaidAs: spoken) }

    @Test(arguments: [
        ("R&D", "R and D"), ("salt & pepper", "salt and pepper"), ("2 + 2 = 4", "two plus two equals four"), ("2+2=4", "two plus two equals four"),
        ("#1", "number one"), ("C++ and C#", "C plus plus and C sharp"), ("5 * 3", "five times three"), ("5*3", "five times three"),
        ("~5", "about five"), ("a != b", "a is not b"), ("5 >= 3", "five at least three"),
        ("x < 5", "x less than five"), ("A -> B", "A to B"), ("he/she", "he slash she"), ("one — two", "one, two"), ("one—two", "one, two"),
        ("one - two", "one, two"),
        ("COVID-19", "COVID nineteen"), ("GPT-4o", "GPT four o"), ("B2B", "B two B"), ("20-year-old", "twenty year old"), ("my_name", "my name"),
        ("Hello🎉there 🙂 you", "Hello there you"), ("end.Next", "end.Next"), ("Quoi ?", "Quoi?"), ("a;b", "a; b"), ("™ sign", "sign"),
    ])
    func signsAreSaidByName(written: String, spoken: String) { expect(written, isSaidAs: spoken) }

    @Test func eachSpokenWordKnowsTheWrittenWordItComesFrom() {
        let spoken = SpokenText("It costs **$5.20** 🎉 at 7:30 pm, see [our page](https://example.com/a b) now.")
        #expect(spoken.text == "It costs five dollars and twenty cents at seven thirty p m, see our page now.")
        #expect(spoken.sources == [0, 1, 2, 2, 2, 2, 2, 4, 5, 5, 6, 6, 7, 8, 9, 11])
    }

    @Test func wordsOfANumberOverSeveralWordsKnowTheirOwn() {
        #expect(SpokenText("call (415) 555-1234 now").sources == [0, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2, 3])
        #expect(SpokenText("$3 million more").sources == [0, 1, 1, 2])
    }
}
