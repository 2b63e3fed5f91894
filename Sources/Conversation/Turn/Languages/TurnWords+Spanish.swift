extension TurnWords {
    static let spanish = TurnWords(
        digits: """
            cero uno dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince dieciséis dieciseis diecisiete dieciocho
            diecinueve veinte veintiuno veintiún veintidós veintidos veintitrés veintitres veinticuatro veinticinco veintiséis veintiseis
            veintisiete veintiocho veintinueve treinta cuarenta cincuenta sesenta setenta ochenta noventa cien ciento cientos doscientos
            trescientos cuatrocientos quinientos seiscientos setecientos ochocientos novecientos mil doble triple guion guión punto barra
            """,
        joiners: "y",
        letterWords: "a y e o u",
        announcing: """
            es número teléfono móvil celular código postal cuenta tarjeta pin extensión referencia entonces luego y dni clave
            """,
        suffixes: "h am pm º ª km kg m k x",
        units: """
            euros euro dólares dólar pesos céntimos centavos por personas persona adultos niños minutos minuto horas hora días día semanas semana
            meses mes años año noches veces habitaciones entradas kilómetros metros grados de am pm
            enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre
            """,
        moments: """
            a las sobre hacia hasta desde antes después en del de año
            enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre
            """,
        closed: """
            sí si no vale bueno claro correcto exacto perfecto gracias muchas adiós hasta luego por favor de acuerdo está bien eso es todo nada más
            hola ayuda repita repetir cancelar alto para stop ok okay seguro cierto verdad falso nunca perdón qué cómo espera espere igualmente
            chao buenos buenas días tardes noches
            """,
        farewell: """
            adiós hasta luego gracias muchas por favor cancelar ayuda sí vale eso es todo nada más perdón de acuerdo ok okay correcto listo ya
            está stop chao
            """,
        open: """
            y o u e pero sino porque que cuando mientras con sin sobre para por de del en a al desde hasta entre hacia un una unos unas el la los
            las mi mis tu su sus nuestro nuestra este esta estos estas es son soy era estoy yo quiero quería quisiera necesito puedo podría puede
            tengo busco como muy eh em pues número calle llamo
            """,
        decisive: """
            para pare alto stop no espera espere esperen momento segundo minuto cancelar ayuda operador operadora persona humano agente encargado
            perdón disculpe disculpa perdone qué quién favor pero cómo cuándo dónde hola oiga oye repita repite repetir otra despacio mal
            equivocado transfiera pase hablar pregunta adiós gracias yo mi quiero necesito basta silencio escuche
            """,
        listening: """
            ajá aja sí si vale bueno claro bien ok okay correcto exacto perfecto genial entiendo ya eso de acuerdo
            """,
        phrases: "lo entiendo, ya veo, está bien, de acuerdo, no pasa nada, sin problema, ya entiendo, no hay problema",
        openers: "puede puedes podría podrías me quiere quieres dígame dime deme dame es está",
        persons: "usted tú decir dar ayudar repetir me puede"
    )
}
