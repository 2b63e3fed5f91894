extension TurnWords {
    static let english = TurnWords(
        digits: """
            zero oh one two three four five six seven eight nine ten eleven twelve twenty thirty forty fifty sixty seventy eighty ninety hundred
            double triple dash dot underscore slash
            """,
        letterWords: "a i",
        announcing: "is number it's its code zip postcode account card pin extension phone then and reference",
        suffixes: "am pm st nd rd th h k km kg m x",
        units: """
            am pm o'clock oclock dollar dollars euro euros pound pounds cent cents percent people persons person guests adults children kids
            minutes minute hours hour days day weeks week months month years year nights times tickets rooms pieces miles kilometers
            january february march april may june july august september october november december
            """,
        moments: """
            at by until till around about before after past since in from
            january february march april may june july august september october november december
            """,
        closed: """
            yes no yeah yep yup nope nah okay ok sure right correct exactly absolutely definitely thanks thank you please goodbye bye good stop
            cancel hello hi hey help repeat operator alright great perfect fine wrong never mind that's all it not really very much sorry pardon
            what wait
            """,
        // "bye" and "no" are written for "five" and "nine".
        farewell: """
            goodbye stop cancel help thanks thank you yes yeah operator sorry that's that is all it done okay ok right correct
            """,
        open: """
            and or but so because if that than then when while with without about for from to of in on at by into under a an the my your his her
            our their this is are am was were be i i'm i'd i'll i've it's we they he she would could can will should like want need have has do
            does uh um er erm hmm well let's number named called street between through
            """,
        decisive: """
            stop no nope not don't wait hold hang cancel help operator agent human person manager sorry pardon excuse what who why how please but
            actually hello hey repeat again slowly slower louder wrong transfer speak question goodbye bye thanks thank i i'm i'd i've my skip
            back enough quiet listen moment minute second
            """,
        listening: "uh huh okay ok right yeah yep yup yes sure alright good great fine cool",
        phrases: "i see, oh i see, i understand, i know, no problem, no worries",
        openers: "can could would will do are let tell give that's it's",
        persons: "you we me us not wrong enough"
    )
}
