import Testing

@testable import Conversation

/// Turns and interruptions in languages other than English.
@Suite struct TurnLanguageTests {
    @Test(arguments: [
        ("de", "Ja, bitte."), ("de", "Nein danke"), ("de", "Auf Wiederhören."), ("de", "Mhm."), ("de", "Alles klar, vielen Dank."),
        ("es", "Sí, por favor."), ("es", "No, gracias"), ("es", "Hasta luego."), ("es", "Está bien"), ("fr", "Oui, merci."), ("fr", "Au revoir !"),
        ("fr", "D’accord."), ("fr", "S'il vous plaît"), ("pt", "Não, obrigado."), ("pt", "Tudo bem"), ("it", "Sì, grazie mille."), ("it", "Va bene."),
    ])
    func aWholeAnswerIsAnsweredSoon(language: String, text: String) {
        #expect(EndpointRule.phrase(segments: [text], in: language) == .closed)
    }

    @Test(arguments: [
        ("de", "Ich möchte einen"), ("de", "Meine Nummer ist"), ("de", "einen Tisch für"), ("de", "Ich hätte gern, äh"),
        ("es", "quisiera una mesa para"),
        ("es", "mi número es"), ("fr", "je voudrais une table pour"), ("fr", "mon numéro est"), ("fr", "et puis euh"), ("pt", "eu gostaria de"),
        ("pt", "meu número é"), ("it", "vorrei un tavolo per"), ("it", "il mio numero è"), ("de", "weil,"),
    ])
    func wordsThatGoOnAreWaitedFor(language: String, text: String) {
        #expect(EndpointRule.phrase(segments: [text], in: language) == .trailing)
    }

    @Test(arguments: [
        ("de", "null eins sieben sechs"), ("de", "einundzwanzig dreiundvierzig"), ("de", "Meine Nummer ist vier"), ("de", "0 1 7 6"),
        ("es", "seis uno dos"), ("es", "treinta y tres cuarenta y cinco"), ("es", "mi código es siete"), ("fr", "zéro six"),
        ("fr", "vingt-trois trente"),
        ("pt", "nove oito sete"), ("pt", "vinte e um trinta e dois"), ("it", "tre quattro due"), ("it", "ventuno trentadue"), ("de", "IB4"),
    ])
    func aDictationIsWaitedFor(language: String, text: String) {
        #expect(EndpointRule.phrase(segments: [text], in: language) == .digits)
    }

    @Test(arguments: [
        ("de", "Ich hätte gern einen Tisch für morgen Abend"), ("de", "Morgen um 14 Uhr"), ("de", "Ein Tisch für 12 Personen"),
        ("de", "Können Sie das wiederholen?"),
        ("de", "Das kostet 20 Euro."), ("es", "una mesa para 4 personas"), ("es", "mañana a las 7.30"), ("fr", "demain à 10h30"),
        ("fr", "une table pour 4 personnes"),
        ("pt", "amanhã às 10 horas"), ("it", "domani alle 19:30"), ("it", "un tavolo per 4 persone"),
    ])
    func aWholeSentenceIsNoDictation(language: String, text: String) {
        #expect([.complete, .ended].contains(EndpointRule.phrase(segments: [text], in: language)))
    }

    @Test func aDictationSurvivesAMisreadWordAndEndsWithThanks() {
        #expect(EndpointRule.phrase(segments: ["null eins sieben", "Heben"], in: "de") == .digits)
        #expect(EndpointRule.phrase(segments: ["null eins sieben", "danke"], in: "de") == .closed)
    }

    @Test func aLanguageWithoutListsWaitsTheUsualTime() {
        for text in ["tak", "nie dziękuję", "cztery pięć", "i", "4 5 6"] {
            #expect(EndpointRule.phrase(segments: [text], in: "pl") == .unclear, "\(text)")
        }
        #expect(EndpointRule.phrase(segments: ["", "…"], in: "pl") == .nothing)
        #expect(!EndpointRule.hasWords(of: "pl") && EndpointRule.hasWords(of: "de"))
    }

    private func verdict(_ text: String, _ language: String, ms: Int = 500, asked: Bool = false) -> Interruption.Verdict {
        Interruption.judge(text: text, speechMs: ms, agentAsked: asked, in: language)
    }

    @Test(arguments: [
        ("de", "Moment, bitte"), ("de", "Stopp!"), ("de", "Nein."), ("de", "Können Sie"), ("de", "Das ist falsch"), ("de", "eins zwei drei"),
        ("es", "Espere"), ("es", "No."), ("es", "¿Cómo?"), ("es", "¿Puede repetir?"), ("fr", "Attendez"), ("fr", "Non, non"), ("fr", "Pouvez-vous"),
        ("pt", "Espera"), ("pt", "Não"), ("pt", "Você pode"), ("it", "Aspetti"), ("it", "Mi scusi"), ("it", "Può ripetere"),
        ("de", "Ich habe eine Frage dazu"),
    ])
    func whatAsksTheAgentToStopTakesTheFloor(language: String, text: String) {
        #expect(verdict(text, language) == .floor)
    }

    @Test(arguments: [
        ("de", "Ja, ja, ja, genau."), ("de", "Alles klar"), ("de", "Ich verstehe"), ("de", "Mhm, mhm"), ("es", "Sí, sí, claro, vale"),
        ("es", "No pasa nada"),
        ("fr", "D'accord, d'accord"), ("fr", "Je vois."), ("fr", "Oui oui oui oui oui"), ("pt", "Tá bom, tá bom"), ("pt", "Sem problema"),
        ("it", "Sì, sì, certo, certo"), ("it", "Ho capito"), ("it", "Va bene"),
    ])
    func aListenerIsNoInterruption(language: String, text: String) {
        #expect(verdict(text, language) == .backchannel)
    }

    @Test func theSameWordsAnswerAQuestion() {
        #expect(verdict("Ja, genau", "de", asked: true) == .floor)
    }

    @Test func withoutListsTheLengthDecides() {
        #expect(verdict("tak", "pl", ms: 400) == .backchannel)
        #expect(verdict("proszę poczekać", "pl", ms: 900) == .floor)
        #expect(verdict("to", "pl", ms: 200) == .tooShort)
        #expect(verdict("…", "pl", ms: 900) == .noWords)
    }
}
