import Twilio

extension FuzzTarget {
    /// Signatures: what was signed is accepted, and with another token, URL or parameter it is not.
    static let signature = FuzzTarget(
        name: "signature",
        seeds: [
            "12345\nhttps://example.com/myapp?foo=1&bar=2\nCallSid=CA1&From=%2B1415&To=%2B1416",
            "t\nwss://[::1]:8443/api/voice/twilio/stream/twilio-CA1/\n", "t\nhttp://u:p@h:80/x?bodySHA256=00#f\na=%00&a=b",
        ].map { Array($0.utf8) },
        alphabet: "\n:/?#@&=%[]0"
    ) { bytes in
        let parts = bytes.split(separator: UInt8(ascii: "\n"), maxSplits: 2, omittingEmptySubsequences: false)
        let texts = parts.map { String(decoding: $0, as: UTF8.self) }
        let (token, url) = ("t" + texts[0], texts.count > 1 ? texts[1] : "")
        let parameters = WebhookParameters(formEncoded: parts.count > 2 ? Array(parts[2]) : [])
        let guardian = RequestSignature(authTokens: [token])
        let signed = RequestSignature.sign(url: url, parameters: parameters, authToken: token)
        // Twilio signs a URL without its fragment and password; what has no scheme is no URL.
        let isPlain = ["http://", "https://", "wss://"].contains { url.hasPrefix($0) } && !url.contains("#") && !url.contains("@")
        if isPlain { try BrokenPromise.unless(guardian.validate(signed, url: url, parameters: parameters), "a good signature was refused") }
        let another = RequestSignature(authTokens: [token + "x"])
        try BrokenPromise.unless(!another.validate(signed, url: url, parameters: parameters), "a signature of another token was accepted")
        let more = WebhookParameters(parameters.pairs + [.init("more", "more")])
        try BrokenPromise.unless(!guardian.validate(signed, url: url, parameters: more), "a signature of other parameters was accepted")
        try BrokenPromise.unless(!guardian.validate(signed, url: url + "/more/", parameters: parameters), "a signature of another URL was accepted")
        for guess in texts { try BrokenPromise.unless(!guardian.validate(guess, url: url, parameters: parameters), "a guess was accepted") }
        _ = guardian.validate(signed, url: url, body: bytes)
    }

    /// Forms: any bytes are one, and it reads the same when it is written again.
    static let form = FuzzTarget(
        name: "form",
        seeds: [
            Array(
                WebhookParameters([.init("CallSid", "CA1"), .init("From", "+1415"), .init("To", "client:zoë"), .init("City", "SAN FRANCISCO")])
                    .formEncoded.utf8
            )
        ],
        alphabet: "%&=+0fF"
    ) { bytes in
        let form = WebhookParameters(formEncoded: bytes)
        try BrokenPromise.unless(WebhookParameters(formEncoded: form.formEncoded.utf8) == form, "\(form) reads otherwise when written again")
        try BrokenPromise.unless(form.pairs.allSatisfy { !$0.name.isEmpty }, "a parameter without a name")
        guard let call = try? InboundCallRequest(form) else { return }
        try BrokenPromise.unless(InboundCallRequest.isCallSid(call.callSid), "\(call.callSid) was taken for a call's id")
    }
}
