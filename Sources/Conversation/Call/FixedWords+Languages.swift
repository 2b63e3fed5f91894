// The words of FixedWords in other languages than English.
extension FixedWords {
    static let german = FixedWords(
        welcome: "Sie werden verbunden.",
        lost: "Entschuldigung, die Verbindung ist abgebrochen. Bitte rufen Sie noch einmal an.",
        error: "Entschuldigung, es ist ein Fehler aufgetreten. Bitte versuchen Sie es später noch einmal.",
        unavailable: "Entschuldigung, wir können Ihren Anruf gerade nicht annehmen. Bitte rufen Sie in ein paar Minuten noch einmal an.",
        refused: "Entschuldigung, wir können Ihren Anruf nicht annehmen.",
        calledTooOften: "Entschuldigung, Sie haben sehr oft angerufen. Bitte warten Sie eine Stunde, bevor Sie wieder anrufen.",
        overloaded: "Entschuldigung, gerade rufen sehr viele Menschen an. Bitte versuchen Sie es in ein paar Minuten noch einmal.",
        busy: "Entschuldigung, alle Leitungen sind gerade belegt. Bitte rufen Sie in ein paar Minuten noch einmal an.",
        resumed: "Entschuldigung, die Verbindung war kurz unterbrochen.",
        goodbye: "Auf Wiederhören.",
        timeLimit: "Dieser Anruf hat die längste mögliche Dauer erreicht, deshalb lege ich jetzt auf. Auf Wiederhören.",
        repeatRequest: "Entschuldigung, das habe ich nicht verstanden. Können Sie es noch einmal sagen?",
        handover: "Es tut mir leid, ich kann Ihnen gerade nicht helfen. Ich verbinde Sie mit jemandem.",
        apology: "Entschuldigung, das hat nicht geklappt. Bitte versuchen Sie es noch einmal.",
        failureGoodbye: "Es tut mir leid, ich kann Ihnen gerade nicht helfen. Auf Wiederhören.",
        idlePrompt: "Sind Sie noch da?",
        idleGoodbye: "Ich kann Sie nicht hören, deshalb lege ich jetzt auf. Auf Wiederhören.",
        fillers: ["Einen Moment, bitte.", "Noch einen kleinen Moment.", "Ich bin noch dabei."]
    )

    static let spanish = FixedWords(
        welcome: "Le estamos conectando.",
        lost: "Lo sentimos, se ha perdido la conexión. Por favor, vuelva a llamar.",
        error: "Lo sentimos, se ha producido un error. Por favor, inténtelo de nuevo más tarde.",
        unavailable: "Lo sentimos, ahora no podemos atender su llamada. Por favor, vuelva a llamar en unos minutos.",
        refused: "Lo sentimos, no podemos atender su llamada.",
        calledTooOften: "Lo sentimos, ha llamado muchas veces. Por favor, espere una hora antes de volver a llamar.",
        overloaded: "Lo sentimos, ahora recibimos muchas llamadas. Por favor, vuelva a llamar en unos minutos.",
        busy: "Lo sentimos, todas nuestras líneas están ocupadas. Por favor, vuelva a llamar en unos minutos.",
        resumed: "Perdone, la llamada se ha cortado un momento.",
        goodbye: "Adiós.",
        timeLimit: "Esta llamada ha alcanzado su duración máxima, así que voy a colgar. Adiós.",
        repeatRequest: "Perdone, no le he entendido. ¿Puede repetirlo?",
        handover: "Lo siento, ahora no puedo ayudarle. Le paso con otra persona.",
        apology: "Perdone, no lo he conseguido. Por favor, inténtelo otra vez.",
        failureGoodbye: "Lo siento, ahora no puedo ayudarle. Adiós.",
        idlePrompt: "¿Sigue ahí?",
        idleGoodbye: "No le oigo, así que voy a colgar. Adiós.",
        fillers: ["Un momento, por favor.", "Solo un momento más.", "Sigo en ello."]
    )

    static let french = FixedWords(
        welcome: "Nous vous mettons en relation.",
        lost: "Désolé, la communication a été coupée. Veuillez rappeler.",
        error: "Désolé, une erreur s'est produite. Veuillez réessayer plus tard.",
        unavailable: "Désolé, nous ne pouvons pas prendre votre appel pour le moment. Veuillez rappeler dans quelques minutes.",
        refused: "Désolé, nous ne pouvons pas prendre votre appel.",
        calledTooOften: "Désolé, vous avez appelé très souvent. Veuillez attendre une heure avant de rappeler.",
        overloaded: "Désolé, nous recevons beaucoup d'appels. Veuillez rappeler dans quelques minutes.",
        busy: "Désolé, toutes nos lignes sont occupées. Veuillez rappeler dans quelques minutes.",
        resumed: "Désolé, nous avons été coupés un instant.",
        goodbye: "Au revoir.",
        timeLimit: "Cet appel a atteint sa durée maximale, je vais donc raccrocher. Au revoir.",
        repeatRequest: "Désolé, je n'ai pas compris. Pouvez-vous répéter ?",
        handover: "Désolé, je ne peux pas vous aider pour le moment. Je vous passe quelqu'un.",
        apology: "Désolé, je n'y suis pas arrivé. Veuillez réessayer.",
        failureGoodbye: "Désolé, je ne peux pas vous aider pour le moment. Au revoir.",
        idlePrompt: "Êtes-vous toujours là ?",
        idleGoodbye: "Je ne vous entends pas, je vais donc raccrocher. Au revoir.",
        fillers: ["Un instant, s'il vous plaît.", "Encore un petit instant.", "Je m'en occupe toujours."]
    )

    static let portuguese = FixedWords(
        welcome: "Estamos conectando você.",
        lost: "Desculpe, a ligação caiu. Por favor, ligue novamente.",
        error: "Desculpe, ocorreu um erro. Por favor, tente novamente mais tarde.",
        unavailable: "Desculpe, não podemos atender sua ligação agora. Por favor, ligue novamente em alguns minutos.",
        refused: "Desculpe, não podemos atender sua ligação.",
        calledTooOften: "Desculpe, você ligou muitas vezes. Por favor, espere uma hora antes de ligar de novo.",
        overloaded: "Desculpe, estamos recebendo muitas ligações. Por favor, ligue novamente em alguns minutos.",
        busy: "Desculpe, todas as nossas linhas estão ocupadas. Por favor, ligue novamente em alguns minutos.",
        resumed: "Desculpe, a ligação foi interrompida por um momento.",
        goodbye: "Até logo.",
        timeLimit: "Esta ligação atingiu a duração máxima, por isso vou desligar. Até logo.",
        repeatRequest: "Desculpe, não entendi. Pode repetir?",
        handover: "Desculpe, não posso ajudar agora. Vou passar a ligação para outra pessoa.",
        apology: "Desculpe, não consegui. Por favor, tente de novo.",
        failureGoodbye: "Desculpe, não posso ajudar agora. Até logo.",
        idlePrompt: "Você ainda está aí?",
        idleGoodbye: "Não consigo ouvir você, por isso vou desligar. Até logo.",
        fillers: ["Um momento, por favor.", "Só mais um momento.", "Ainda estou vendo isso."]
    )

    static let italian = FixedWords(
        welcome: "La stiamo collegando.",
        lost: "Ci dispiace, la linea è caduta. La preghiamo di richiamare.",
        error: "Ci dispiace, si è verificato un errore. La preghiamo di riprovare più tardi.",
        unavailable: "Ci dispiace, al momento non possiamo rispondere. La preghiamo di richiamare tra qualche minuto.",
        refused: "Ci dispiace, non possiamo rispondere alla sua chiamata.",
        calledTooOften: "Ci dispiace, ha chiamato molto spesso. La preghiamo di attendere un'ora prima di richiamare.",
        overloaded: "Ci dispiace, in questo momento riceviamo molte chiamate. La preghiamo di richiamare tra qualche minuto.",
        busy: "Ci dispiace, tutte le linee sono occupate. La preghiamo di richiamare tra qualche minuto.",
        resumed: "Mi scusi, la linea si è interrotta per un momento.",
        goodbye: "Arrivederci.",
        timeLimit: "Questa chiamata ha raggiunto la durata massima, quindi ora riattacco. Arrivederci.",
        repeatRequest: "Mi scusi, non ho capito. Può ripetere?",
        handover: "Mi dispiace, al momento non posso aiutarla. La passo a un'altra persona.",
        apology: "Mi scusi, non ci sono riuscito. La prego di riprovare.",
        failureGoodbye: "Mi dispiace, al momento non posso aiutarla. Arrivederci.",
        idlePrompt: "È ancora in linea?",
        idleGoodbye: "Non la sento, quindi ora riattacco. Arrivederci.",
        fillers: ["Un momento, per favore.", "Ancora un momento.", "Ci sto ancora lavorando."]
    )
}
