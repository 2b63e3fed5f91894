extension TurnWords {
    static let portuguese = TurnWords(
        digits: """
            zero um dois duas três tres quatro cinco seis meia sete oito nove dez onze doze treze quatorze catorze quinze dezesseis dezasseis
            dezessete dezassete dezoito dezenove dezanove vinte trinta quarenta cinquenta sessenta setenta oitenta noventa cem cento duzentos
            trezentos quatrocentos quinhentos seiscentos setecentos oitocentos novecentos mil duplo traço ponto barra hífen
            """,
        joiners: "e",
        letterWords: "a e o é à",
        announcing: """
            é número telefone celular telemóvel código cep conta cartão senha ramal referência então depois e cpf
            """,
        suffixes: "h km kg m k x º ª",
        units: """
            horas hora reais real euros euro centavos por pessoas pessoa adultos crianças minutos minuto dias dia semanas semana meses mês anos
            ano noites vezes quartos ingressos bilhetes quilômetros metros graus de
            janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro
            """,
        moments: """
            às as pelas até desde antes depois em do de para
            janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro
            """,
        closed: """
            sim não nao claro certo correto exato exatamente isso perfeito obrigado obrigada por favor tchau adeus até logo mais tudo bem está bom
            tá ok okay olá oi alô ajuda pare cancelar repita repetir só é errado nunca desculpe desculpa quê como espere espera muito de nada
            igualmente boa tarde noite dia
            """,
        farewell: """
            tchau adeus obrigado obrigada por favor cancelar ajuda sim isso é tudo só ok okay tá certo correto desculpe pronto até logo
            """,
        open: """
            e ou mas porque se que quando enquanto com sem sobre para pra por de do da dos das em no na nos nas a ao à até desde entre um uma uns
            umas o os as meu minha meus minhas seu sua nosso nossa este esta esse essa é são sou era estou eu nós quero queria gostaria preciso
            posso poderia pode tenho como né hum éh então número rua chamo
            """,
        decisive: """
            pare parar não espere espera momento segundo minuto instante cancelar ajuda atendente operador pessoa humano gerente desculpe desculpa
            perdão quê quem favor mas como quando onde olá alô oi repita repetir devagar errado transferir transfira falar pergunta tchau obrigado
            obrigada eu meu minha quero preciso chega silêncio escute
            """,
        listening: """
            ahã aham sim claro certo tá bom bem ok okay isso exato perfeito ótimo entendi entendo sei legal uhum pois é
            """,
        phrases: "eu entendo, eu sei, tudo bem, sem problema, não tem problema, está bem, pois não, ah entendi",
        openers: "pode poderia você me quer diga dê está",
        persons: "me você repetir falar ajudar dizer pode"
    )
}
