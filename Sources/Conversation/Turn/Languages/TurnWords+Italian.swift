extension TurnWords {
    static let italian = TurnWords(
        digits: """
            zero uno due tre quattro cinque sei sette otto nove dieci undici dodici tredici quattordici quindici sedici diciassette diciotto
            diciannove cento duecento trecento quattrocento cinquecento seicento settecento ottocento novecento mille doppio triplo trattino punto
            barra \(italianCompounds)
            """,
        joiners: "e",
        letterWords: "a e è i o",
        announcing: "è numero telefono cellulare codice cap conto carta pin interno riferimento poi allora e fiscale",
        suffixes: "h km kg m k x º °",
        units: """
            euro centesimi per persone persona adulti bambini minuti minuto ore ora giorni giorno settimane settimana mesi mese anni anno notti
            volte camere biglietti chilometri metri gradi
            gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre
            """,
        moments: """
            alle all' verso fino dalle dal prima dopo nel il del
            gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre
            """,
        closed: """
            sì si no certo certamente esatto esattamente corretto giusto perfetto grazie mille prego per favore piacere va bene d'accordo
            arrivederci ciao buongiorno buonasera pronto aiuto stop basta annulla annullare ripeta ripetere ok okay tutto nient'altro sicuro
            sbagliato mai scusi scusa cosa come aspetti aspetta è questo buona giornata serata molto
            """,
        farewell: """
            arrivederci ciao grazie mille favore annulla aiuto sì tutto basta ok okay scusi d'accordo va bene fatto corretto giusto stop
            """,
        open: """
            e ed o oppure ma però perché se che quando mentre con senza su per di del della dei delle da dal dalla in nel nella a al alla tra fra
            un uno una il lo la i gli le l' mio mia miei mie tuo suo sua nostro vostro è sono era io noi vorrei voglio posso potrei può devo ho
            abbiamo bisogno ehm eh uhm allora cioè numero via chiamo
            """,
        decisive: """
            stop fermo ferma no non aspetti aspetta attenda momento secondo minuto attimo annulla annullare aiuto operatore operatrice persona
            umano responsabile scusi scusa cosa chi perché come quando dove favore piacere ma però veramente pronto ripeta ripetere ancora
            lentamente sbagliato trasferisca parlare domanda arrivederci grazie io mio mia vorrei voglio basta silenzio ascolti
            """,
        listening: "sì si ok okay certo bene esatto giusto perfetto capisco capito va d'accordo benissimo ottimo già eh",
        phrases: "ho capito, lo so, va bene, nessun problema, non c'è problema, capisco bene, ah ho capito, sì ho capito",
        openers: "può puoi potrebbe potresti mi vuole vuoi dica dimmi ha",
        persons: "ripetere dire dare aiutare lei tu può"
    )

    /// "venti", "ventuno" to "novantanove": one word each.
    private static let italianCompounds: String = {
        let tens = ["venti", "trenta", "quaranta", "cinquanta", "sessanta", "settanta", "ottanta", "novanta"]
        let units = ["due", "tre", "tré", "quattro", "cinque", "sei", "sette", "nove"]
        return tens.flatMap { ten in [ten] + units.map { ten + $0 } + ["uno", "otto"].map { ten.dropLast() + $0 } }.joined(separator: " ")
    }()
}
