extension SpokenLanguage {
    static let german = SpokenLanguage(
        locale: "de_DE",
        words: Words(
            comma: "Komma",
            minus: "minus",
            plus: "plus",
            percent: "Prozent",
            and: "und",
            at: "ät",
            dot: "Punkt",
            dash: "Strich",
            underscore: "Unterstrich",
            slash: "Schrägstrich",
            equals: "gleich",
            degrees: "Grad",
            number: "Nummer",
            to: "bis",
            one: "ein",
            oneHour: "ein",
            hours: "Uhr",
            hourJoiner: "",
            cents: "Cent",
            centJoiner: "",
            currencies: [
                "€": ("Euro", "Euro"), "EUR": ("Euro", "Euro"), "Euro": ("Euro", "Euro"), "$": ("Dollar", "Dollar"), "USD": ("Dollar", "Dollar"),
                "£": ("Pfund", "Pfund"), "CHF": ("Franken", "Franken"),
            ],
            units: [
                "km": ("Kilometer", "Kilometer"), "m": ("Meter", "Meter"), "cm": ("Zentimeter", "Zentimeter"), "mm": ("Millimeter", "Millimeter"),
                "kg": ("Kilogramm", "Kilogramm"), "g": ("Gramm", "Gramm"), "l": ("Liter", "Liter"), "ml": ("Milliliter", "Milliliter"),
                "h": ("Stunde", "Stunden"), "min": ("Minute", "Minuten"), "Min": ("Minute", "Minuten"), "Std": ("Stunde", "Stunden"),
                "m²": ("Quadratmeter", "Quadratmeter"), "°C": ("Grad Celsius", "Grad Celsius"),
                "km/h": ("Kilometer pro Stunde", "Kilometer pro Stunde"),
                "Mio": ("Million", "Millionen"), "Mrd": ("Milliarde", "Milliarden"),
            ],
            short: [
                "z.B": "zum Beispiel", "bzw": "beziehungsweise", "ca": "circa", "usw": "und so weiter", "Nr": "Nummer", "Str": "Straße",
                "Dr": "Doktor", "Prof": "Professor", "Hr": "Herr", "Fr": "Frau", "d.h": "das heißt", "u.a": "unter anderem", "inkl": "inklusive",
                "zzgl": "zuzüglich", "evtl": "eventuell", "Tel": "Telefon", "ggf": "gegebenenfalls",
            ],
            months: ["Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober", "November", "Dezember"],
            dateJoiner: "",
            ordinalSigns: [:]
        ),
        ordinal: { number, cardinal in
            let irregular = [1: "ersten", 3: "dritten", 7: "siebten", 8: "achten"]
            return irregular[number] ?? cardinal(number) + (number < 20 ? "ten" : "sten")
        },
        year: { year, cardinal in
            guard (1100...1999).contains(year) else { return cardinal(year) }
            return cardinal(year / 100) + "hundert" + (year % 100 == 0 ? "" : cardinal(year % 100))
        }
    )

    static let spanish = SpokenLanguage(
        locale: "es_ES",
        words: Words(
            comma: "coma",
            minus: "menos",
            plus: "más",
            percent: "por ciento",
            and: "y",
            at: "arroba",
            dot: "punto",
            dash: "guion",
            underscore: "guion bajo",
            slash: "barra",
            equals: "igual a",
            degrees: "grados",
            number: "número",
            to: "a",
            one: "un",
            oneHour: "una",
            hours: "",
            hourJoiner: "y",
            cents: "céntimos",
            centJoiner: "con",
            currencies: [
                "€": ("euro", "euros"), "EUR": ("euro", "euros"), "euros": ("euro", "euros"), "$": ("dólar", "dólares"), "USD": ("dólar", "dólares"),
                "£": ("libra", "libras"), "MXN": ("peso", "pesos"),
            ],
            units: [
                "km": ("kilómetro", "kilómetros"), "m": ("metro", "metros"), "cm": ("centímetro", "centímetros"), "kg": ("kilo", "kilos"),
                "g": ("gramo", "gramos"), "l": ("litro", "litros"), "h": ("hora", "horas"), "min": ("minuto", "minutos"),
                "m²": ("metro cuadrado", "metros cuadrados"), "°C": ("grado", "grados"), "km/h": ("kilómetro por hora", "kilómetros por hora"),
            ],
            short: [
                "Sr": "señor", "Sra": "señora", "Srta": "señorita", "Dr": "doctor", "Dra": "doctora", "Ud": "usted", "Uds": "ustedes",
                "etc": "etcétera", "p.ej": "por ejemplo", "Av": "avenida", "Avda": "avenida", "núm": "número", "tel": "teléfono",
            ],
            months: [
                "enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre",
            ],
            dateJoiner: "de",
            ordinalSigns: [
                "º": ["primero", "segundo", "tercero", "cuarto", "quinto", "sexto", "séptimo", "octavo", "noveno", "décimo"],
                "ª": ["primera", "segunda", "tercera", "cuarta", "quinta", "sexta", "séptima", "octava", "novena", "décima"],
            ]
        )
    )

    static let french = SpokenLanguage(
        locale: "fr_FR",
        words: Words(
            comma: "virgule",
            minus: "moins",
            plus: "plus",
            percent: "pour cent",
            and: "et",
            at: "arobase",
            dot: "point",
            dash: "tiret",
            underscore: "tiret bas",
            slash: "slash",
            equals: "égal",
            degrees: "degrés",
            number: "numéro",
            to: "à",
            one: "un",
            oneHour: "une heure",
            hours: "heures",
            hourJoiner: "",
            cents: "centimes",
            centJoiner: "",
            currencies: [
                "€": ("euro", "euros"), "EUR": ("euro", "euros"), "euros": ("euro", "euros"), "$": ("dollar", "dollars"),
                "USD": ("dollar", "dollars"),
                "£": ("livre", "livres"), "CHF": ("franc", "francs"),
            ],
            units: [
                "km": ("kilomètre", "kilomètres"), "m": ("mètre", "mètres"), "cm": ("centimètre", "centimètres"), "kg": ("kilo", "kilos"),
                "g": ("gramme", "grammes"), "l": ("litre", "litres"), "h": ("heure", "heures"), "min": ("minute", "minutes"),
                "m²": ("mètre carré", "mètres carrés"), "°C": ("degré", "degrés"), "km/h": ("kilomètre à l'heure", "kilomètres à l'heure"),
            ],
            short: [
                "M": "monsieur", "Mme": "madame", "Mlle": "mademoiselle", "Dr": "docteur", "etc": "et cetera", "p.ex": "par exemple",
                "av": "avenue", "bd": "boulevard", "tél": "téléphone", "env": "environ", "n°": "numéro",
            ],
            months: [
                "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre",
            ],
            dateJoiner: "",
            ordinalSigns: [
                "er": ["premier"], "ère": ["première"], "re": ["première"],
                "e": ["unième", "deuxième", "troisième", "quatrième", "cinquième", "sixième", "septième", "huitième", "neuvième", "dixième"],
                "ème": ["unième", "deuxième", "troisième", "quatrième", "cinquième", "sixième", "septième", "huitième", "neuvième", "dixième"],
            ]
        )
    )

    static let portuguese = SpokenLanguage(
        locale: "pt_BR",
        words: Words(
            comma: "vírgula",
            minus: "menos",
            plus: "mais",
            percent: "por cento",
            and: "e",
            at: "arroba",
            dot: "ponto",
            dash: "hífen",
            underscore: "sublinhado",
            slash: "barra",
            equals: "igual a",
            degrees: "graus",
            number: "número",
            to: "a",
            one: "um",
            oneHour: "uma hora",
            hours: "horas",
            hourJoiner: "e",
            cents: "centavos",
            centJoiner: "e",
            currencies: [
                "€": ("euro", "euros"), "EUR": ("euro", "euros"), "euros": ("euro", "euros"), "R$": ("real", "reais"), "BRL": ("real", "reais"),
                "reais": ("real", "reais"), "$": ("dólar", "dólares"), "USD": ("dólar", "dólares"), "£": ("libra", "libras"),
            ],
            units: [
                "km": ("quilômetro", "quilômetros"), "m": ("metro", "metros"), "cm": ("centímetro", "centímetros"), "kg": ("quilo", "quilos"),
                "g": ("grama", "gramas"), "l": ("litro", "litros"), "h": ("hora", "horas"), "min": ("minuto", "minutos"),
                "m²": ("metro quadrado", "metros quadrados"), "°C": ("grau", "graus"), "km/h": ("quilômetro por hora", "quilômetros por hora"),
            ],
            short: [
                "Sr": "senhor", "Sra": "senhora", "Dr": "doutor", "Dra": "doutora", "etc": "etcétera", "Av": "avenida", "tel": "telefone",
                "p.ex": "por exemplo", "nº": "número",
            ],
            months: [
                "janeiro", "fevereiro", "março", "abril", "maio", "junho", "julho", "agosto", "setembro", "outubro", "novembro", "dezembro",
            ],
            dateJoiner: "de",
            ordinalSigns: [
                "º": ["primeiro", "segundo", "terceiro", "quarto", "quinto", "sexto", "sétimo", "oitavo", "nono", "décimo"],
                "ª": ["primeira", "segunda", "terceira", "quarta", "quinta", "sexta", "sétima", "oitava", "nona", "décima"],
            ]
        )
    )

    static let italian = SpokenLanguage(
        locale: "it_IT",
        words: Words(
            comma: "virgola",
            minus: "meno",
            plus: "più",
            percent: "per cento",
            and: "e",
            at: "chiocciola",
            dot: "punto",
            dash: "trattino",
            underscore: "trattino basso",
            slash: "barra",
            equals: "uguale",
            degrees: "gradi",
            number: "numero",
            to: "a",
            one: "un",
            oneHour: "una",
            hours: "",
            hourJoiner: "e",
            cents: "centesimi",
            centJoiner: "e",
            currencies: [
                "€": ("euro", "euro"), "EUR": ("euro", "euro"), "euro": ("euro", "euro"), "$": ("dollaro", "dollari"), "USD": ("dollaro", "dollari"),
                "£": ("sterlina", "sterline"),
            ],
            units: [
                "km": ("chilometro", "chilometri"), "m": ("metro", "metri"), "cm": ("centimetro", "centimetri"), "kg": ("chilo", "chili"),
                "g": ("grammo", "grammi"), "l": ("litro", "litri"), "h": ("ora", "ore"), "min": ("minuto", "minuti"),
                "m²": ("metro quadrato", "metri quadrati"), "°C": ("grado", "gradi"), "km/h": ("chilometro all'ora", "chilometri all'ora"),
            ],
            short: [
                "Sig": "signor", "Sig.ra": "signora", "Dott": "dottor", "Dott.ssa": "dottoressa", "ecc": "eccetera", "p.es": "per esempio",
                "tel": "telefono", "n": "numero",
            ],
            months: [
                "gennaio", "febbraio", "marzo", "aprile", "maggio", "giugno", "luglio", "agosto", "settembre", "ottobre", "novembre", "dicembre",
            ],
            dateJoiner: "",
            ordinalSigns: [
                "º": ["primo", "secondo", "terzo", "quarto", "quinto", "sesto", "settimo", "ottavo", "nono", "decimo"],
                "ª": ["prima", "seconda", "terza", "quarta", "quinta", "sesta", "settima", "ottava", "nona", "decima"],
            ]
        )
    )
}
