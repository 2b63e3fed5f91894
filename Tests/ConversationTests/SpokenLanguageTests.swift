import Testing

@testable import Conversation

/// What is said for numbers and signs in languages other than English.
@Suite struct SpokenLanguageTests {
    @Test(arguments: [
        ("Das macht 3,50 €.", "Das macht drei Euro fünfzig."), ("Das macht 21 Euro.", "Das macht einundzwanzig Euro."),
        ("nur 1 € heute", "nur ein Euro heute"),
        ("0,99 €", "neunundneunzig Cent"), ("um 14:30 Uhr", "um vierzehn Uhr dreißig"), ("um 1:00", "um ein Uhr"),
        ("um 14.30 Uhr geht es", "um vierzehn Uhr dreißig geht es"),
        ("am 3. Mai 2026", "am dritten Mai zweitausendsechsundzwanzig"),
        ("am 24.12.1984 geboren", "am vierundzwanzigsten Dezember neunzehnhundertvierundachtzig geboren"),
        ("Raum B12", "Raum B zwölf"), ("20 % Rabatt", "zwanzig Prozent Rabatt"), ("2,5 km", "zwei Komma fünf Kilometer"), ("1 km", "ein Kilometer"),
        ("EUR 20", "zwanzig Euro"),
        ("1.200 Plätze", "eintausendzweihundert Plätze"), ("030 1234567", "null drei null eins zwei drei vier fünf sechs sieben"),
        ("+49 30", "plus vier neun dreißig"), ("Müller & Sohn", "Müller und Sohn"), ("info@beispiel.de", "info ät beispiel Punkt de"),
        ("z.B. morgen", "zum Beispiel morgen"), ("10-12 Personen", "zehn bis zwölf Personen"), ("-5 °C", "minus fünf Grad Celsius"),
        ("**Wichtig:** bis 18:00", "Wichtig: bis achtzehn Uhr"),
    ])
    func germanIsReadInGerman(written: String, spoken: String) {
        #expect(SpokenText(written, in: "de").text == spoken)
    }

    @Test(arguments: [
        ("es", "Son 3,50 €.", "Son tres euros con cincuenta."), ("es", "21 euros", "veintiún euros"),
        ("es", "a las 14:30", "a las catorce y treinta"),
        ("es", "el 24/12/2026", "el veinticuatro de diciembre de dos mil veintiséis"), ("es", "el 2º piso", "el segundo piso"),
        ("es", "20 %", "veinte por ciento"),
        ("fr", "C'est 3,50 €.", "C'est trois euros cinquante."), ("fr", "à 14h30", "à quatorze heures trente"), ("fr", "à 1h", "à une heure"),
        ("fr", "le 1er mai", "le premier mai"), ("fr", "le 24/12/2026", "le vingt-quatre décembre deux mille vingt-six"),
        ("pt", "São R$ 3,50", "São três reais e cinquenta"), ("pt", "às 14:30", "às catorze horas e trinta"),
        ("it", "Sono 3,50 €.", "Sono tre euro e cinquanta."),
        ("it", "alle 14:30", "alle quattordici e trenta"), ("it", "info@esempio.it", "info chiocciola esempio punto it"),
    ])
    func otherLanguagesAreReadInTheirOwn(language: String, written: String, spoken: String) {
        #expect(SpokenText(written, in: language).text == spoken)
    }

    @Test func anAmountTooLongToCountKeepsItsCurrency() {
        let spoken = SpokenText("1234567890123456 €", in: "de").text
        #expect(spoken.hasPrefix("eins zwei drei vier") && spoken.hasSuffix("sechs Euro"), "\(spoken)")
    }

    @Test func numbersStayAsWrittenInALanguageWithoutData() {
        let spoken = SpokenText("To **20 zł** o 14:30 😀.", in: "pl")
        #expect(spoken.text == "To 20 zł o 14:30.")
        #expect(spoken.sources == [0, 1, 2, 3, 4])
    }

    @Test func everySpokenWordKnowsItsSource() {
        let spoken = SpokenText("Um 14:30 Uhr für 3,50 € kommen", in: "de")
        #expect(spoken.text == "Um vierzehn Uhr dreißig für drei Euro fünfzig kommen")
        #expect(spoken.sources == [0, 1, 1, 1, 3, 4, 5, 5, 6])
    }

    @Test func aSentenceIsNotCutAtADateOrAnAbbreviation() {
        var pieces: [String] = []
        var text = "Wir sehen uns am 3. Mai in der Bergstraße Nr. 5 wieder. Bis dann."
        while let piece = SpeechPiece.take(from: &text, isLast: true, language: "de") { pieces.append(piece) }
        #expect(pieces == ["Wir sehen uns am 3. Mai in der Bergstraße Nr. 5 wieder.", "Bis dann."])
    }

    @Test(arguments: ["de", "es", "fr", "it", "pt", "pl"]) func nothingIsSaidInEnglish(language: String) {
        let text = "A 1, 23. 4/5 6% $7 8:30 9-10 +11 12@13 #14 15° a_b & c = d 1.234,5 12.34.56 x1y2"
        let english: Set<String> = [
            "one", "two", "three", "point", "percent", "and", "to", "at", "dot", "equals", "degrees", "number",
        ]
        let words = SpokenText(text, in: language).text.split(separator: " ").map { $0.lowercased() }
        #expect(english.isDisjoint(with: words), "\(words)")
    }
}
