extension TurnWords {
    static let french = TurnWords(
        digits: """
            zéro un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize vingt vingts trente quarante cinquante
            soixante septante huitante octante nonante cent cents mille double triple tiret point slash
            """,
        joiners: "et",
        letterWords: "a à y ô",
        announcing: """
            est c'est numéro téléphone portable code postal compte carte poste référence puis et alors
            """,
        suffixes: "h km kg m k x er ère e ème eme",
        units: """
            heures heure euros euro centimes pour personnes personne adultes enfants minutes minute jours jour semaines semaine mois ans an années
            nuits fois chambres billets kilomètres mètres degrés
            janvier février mars avril mai juin juillet août septembre octobre novembre décembre
            """,
        moments: """
            à vers jusqu'à depuis avant après dès en le du
            janvier février mars avril mai juin juillet août septembre octobre novembre décembre
            """,
        closed: """
            oui non ouais d'accord ok okay merci beaucoup bien sûr exact exactement correct parfait absolument s'il vous te plaît au revoir bonne
            journée soirée bonjour bonsoir salut allô aide stop arrêtez annuler répétez c'est tout rien d'autre ça va faux jamais pardon quoi
            comment attendez très voilà volontiers
            """,
        farewell: """
            revoir au merci beaucoup stop annuler aide oui d'accord voilà c'est tout ok okay pardon terminé fini bonne journée correct exact
            """,
        open: """
            et ou mais donc or ni car parce que qui quand comme si avec sans sur sous pour par de du des dans à au aux chez entre vers un une le
            la les mon ma mes ton ta tes son sa ses notre nos votre vos ce cet cette ces c'est est sont suis était je j'ai j'aimerais nous on il
            elle voudrais voudrait veux peux pourrais pourriez dois ai avons besoin euh heu hum ben alors numéro rue appelle très en
            """,
        decisive: """
            stop arrêtez arrête non pas attendez attends moment seconde minute instant annuler aide opérateur conseiller conseillère humain
            personne responsable pardon excusez désolé désolée quoi qui pourquoi comment quand où s'il plaît mais allô bonjour répétez répéter
            encore lentement fort faux mauvais transférez parler question revoir merci je j'ai j'aimerais mon ma assez silence écoutez
            """,
        listening: """
            oui ouais d'accord ok okay bien bon très sûr exact exactement parfait super voilà entendu compris ça marche va si
            """,
        phrases: """
            je vois, ah je vois, je comprends, je sais, pas de problème, pas de souci, c'est bon, je comprends bien, oui je vois
            """,
        openers: "pouvez pourriez peux puis est dites donnez avez",
        persons: "vous tu moi nous que"
    )
}
