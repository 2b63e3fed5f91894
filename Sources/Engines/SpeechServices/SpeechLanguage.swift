/// The language that callers speak, as recognisers want to be told: `pt` of `pt-BR`.
package struct SpeechLanguage: Sendable, Hashable {
    /// The ISO 639-1 code; three letters for a few languages without one that recognisers know.
    package let code: String

    /// Reads a language tag such as `en`, `pt-BR`, `pt_BR`, `zh-Hant-TW` or `por`; nil if it names no language.
    package init?(_ tag: String) {
        let parts = tag.lowercased().split(omittingEmptySubsequences: false) { $0 == "-" || $0 == "_" }
        let isTag = parts.allSatisfy { part in
            (1...8).contains(part.count) && part.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber) }
        }
        guard isTag, let first = parts.first.map(String.init) else { return nil }
        if Self.codes.contains(first) {
            code = Self.replaced[first] ?? first
        } else if let known = Self.longCodes[first] {
            code = known
        } else {
            return nil
        }
    }

    /// ISO 639-1, and languages without a code there that recognisers know.
    private static let codes = Set(
        """
        aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv dz ee el en eo es et eu fa ff fi fj \
        fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik io is it iu ja jv ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la \
        lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my na nb nd ne ng nl nn no nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa \
        sc sd se sg si sk sl sm sn so sq sr ss st su sv sw ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu \
        iw in ji jw mo haw yue
        """.split(whereSeparator: \.isWhitespace).map(String.init)
    )

    /// Codes that ISO 639-1 has replaced.
    private static let replaced = ["iw": "he", "in": "id", "ji": "yi", "jw": "jv", "mo": "ro", "nb": "no"]

    /// The codes of ISO 639-2 and 639-3 for common languages.
    private static let longCodes = Dictionary(
        uniqueKeysWithValues: """
            afr:af amh:am ara:ar arb:ar aze:az bel:be ben:bn bos:bs bul:bg cat:ca ces:cs cze:cs cmn:zh zho:zh chi:zh cym:cy wel:cy dan:da \
            deu:de ger:de ell:el gre:el eng:en est:et eus:eu baq:eu fas:fa per:fa pes:fa fil:tl tgl:tl fin:fi fra:fr fre:fr gle:ga glg:gl guj:gu \
            hau:ha heb:he hin:hi hrv:hr hun:hu hye:hy arm:hy ibo:ig ind:id isl:is ice:is ita:it jpn:ja jav:jv kan:kn kat:ka geo:ka kaz:kk khm:km \
            kor:ko lao:lo lat:la lav:lv lit:lt ltz:lb mal:ml mar:mr mkd:mk mac:mk mlt:mt mon:mn mri:mi mao:mi msa:ms may:ms zsm:ms mya:my bur:my \
            nep:ne nld:nl dut:nl nno:nn nob:no nor:no pan:pa pol:pl por:pt pus:ps ron:ro rum:ro rus:ru sin:si slk:sk slo:sk slv:sl som:so spa:es \
            sqi:sq alb:sq srp:sr sun:su swa:sw swh:sw swe:sv tam:ta tel:te tgk:tg tha:th tur:tr ukr:uk urd:ur uzb:uz vie:vi xho:xh yid:yi yor:yo \
            zul:zu
            """.split(whereSeparator: \.isWhitespace).map { pair in
                let parts = pair.split(separator: ":").map(String.init)
                return (parts[0], parts[1])
            }
    )
}
