extension TurnWords {
    static let german = TurnWords(
        digits: """
            null eins zwei zwo drei vier fünf sechs sieben acht neun zehn elf zwölf dreizehn vierzehn fünfzehn sechzehn siebzehn achtzehn neunzehn
            zwanzig dreißig dreissig vierzig fünfzig sechzig siebzig achtzig neunzig hundert doppel doppelt dreifach strich bindestrich punkt
            unterstrich schrägstrich minus \(germanCompounds)
            """,
        announcing: """
            ist lautet nummer telefonnummer handynummer rufnummer kundennummer rechnungsnummer kontonummer vertragsnummer hausnummer kartennummer
            postleitzahl plz code pin karte konto vorwahl durchwahl geburtsdatum referenz dann und
            """,
        suffixes: "h uhr km kg m k cm x",
        units: """
            uhr euro cent prozent personen person gäste leute erwachsene kinder kind minuten minute stunden stunde tage tagen tag wochen woche
            monate monaten monat jahre jahren jahr nächte nächten mal stück zimmer tickets karten kilometer meter kilo grad
            januar februar märz april mai juni juli august september oktober november dezember
            """,
        moments: """
            um gegen bis ab seit vor nach am im jahr von circa ungefähr etwa zirka kurz
            januar februar märz april mai juni juli august september oktober november dezember
            """,
        closed: """
            ja nein nee nö jawohl jep okay ok klar sicher genau richtig stimmt korrekt natürlich selbstverständlich gerne gern danke dankeschön
            bitte bitteschön tschüss tschüs wiederhören wiedersehen auf gut stopp stop halt abbrechen hallo hi hey hilfe wiederholen prima super
            passt perfekt alles falsch nicht doch entschuldigung verzeihung wie moment warten warte das wars war's war schön schönen schöne
            sehr vielen dank tag abend noch gleichfalls ebenso guten morgen einverstanden
            """,
        farewell: """
            tschüss tschüs wiederhören wiedersehen auf stopp stop abbrechen hilfe danke vielen dank bitte ja genau fertig das war's wars war alles
            okay ok richtig korrekt entschuldigung moment
            """,
        // Some prepositions end a sentence as a part of its verb, "ich rufe an": they are left out.
        open: """
            und oder aber sondern denn weil wenn dass ob als während mit ohne über für von vom zu zum zur in im am bei beim bis gegen um durch
            unter zwischen der die das den dem des ein eine einen einem einer eines mein meine meinen meinem meiner dein deine ihr ihre ihren
            ihrem unser unsere dieser diese dieses diesen kein keine keinen ist bin wäre ich wir man habe hätte möchte würde könnte müsste brauche
            suche also äh ähm öh hm hmm nun nummer namens heißt heiße lautet straße
            """,
        decisive: """
            stopp stop halt nein nee nö nicht warte warten moment sekunde augenblick abbrechen hilfe mitarbeiter mitarbeiterin mensch menschen
            berater person chef entschuldigung verzeihung bitte was wer warum wieso weshalb wann wo wie aber eigentlich hallo hey wiederholen
            nochmal nochmals langsamer lauter falsch weiterleiten verbinden sprechen frage tschüss danke ich mein meine zurück genug ruhe kurz
            """,
        listening: """
            ach okay ok ja jaja jo jep jawohl gut genau richtig klar sicher stimmt super prima schön toll verstehe verstanden alles so
            """,
        phrases: """
            ich verstehe, ach so, alles klar, kein problem, ich weiß, ja ich verstehe, aha ich verstehe, ich höre, ich bin noch da
            """,
        openers: "können kannst könnten könntest würden darf haben sind sagen geben ist das",
        persons: "sie du wir mir uns falsch"
    )

    /// "einundzwanzig" to "neunundneunzig": one word each.
    private static let germanCompounds: String = {
        let units = ["ein", "zwei", "drei", "vier", "fünf", "sechs", "sieben", "acht", "neun"]
        let tens = ["zwanzig", "dreißig", "dreissig", "vierzig", "fünfzig", "sechzig", "siebzig", "achtzig", "neunzig"]
        return tens.flatMap { ten in units.map { "\($0)und\(ten)" } }.joined(separator: " ")
    }()
}
