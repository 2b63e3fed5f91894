import Testing
import Twilio

@Suite struct RequestSignatureTests {
    private let form = WebhookParameters([.init("CallSid", "CA1"), .init("From", "+15005550001")])
    private let url = "https://voice.example.com/twilio/voice"

    @Test(arguments: SignatureVector.all)
    func publishedSignaturesAreMadeAndAccepted(vector: SignatureVector) {
        let made = RequestSignature.sign(url: vector.url, parameters: vector.parameters, authToken: vector.token, algorithm: vector.algorithm)
        #expect(made == vector.signature)
        let validator = RequestSignature(authTokens: [vector.token], algorithm: vector.algorithm)
        #expect(validator.validate(vector.signature, url: vector.url, parameters: vector.parameters))
        if let body = vector.body {
            #expect(validator.validate(vector.signature, url: vector.url, body: Array(body.utf8)))
            #expect(!validator.validate(vector.signature, url: vector.url, body: Array((body + " ").utf8)))
        }
    }

    @Test(arguments: SignatureVector.all)
    func oneChangeAnywhereInvalidates(vector: SignatureVector) {
        let validator = RequestSignature(authTokens: [vector.token], algorithm: vector.algorithm)
        var more = vector.parameters
        more.pairs.append(.init("Extra", ""))
        #expect(!validator.validate(vector.signature, url: vector.url, parameters: more))
        #expect(!validator.validate(vector.signature, url: vector.url + "x", parameters: vector.parameters))
        #expect(!validator.validate(String(vector.signature.dropLast()), url: vector.url, parameters: vector.parameters))
        #expect(
            !RequestSignature(authTokens: [vector.token + "0"], algorithm: vector.algorithm)
                .validate(vector.signature, url: vector.url, parameters: vector.parameters)
        )
    }

    @Test func aPortMayBeAddedOrDropped() {
        let validator = RequestSignature(authTokens: [SignatureVector.firstToken])
        let parameters = SignatureVector.documented.parameters
        let path = "mycompany.com/myapp.php?foo=1&bar=2"
        #expect(validator.validate("kvajT1Ptam85bY51eRf/AJRuM3w=", url: "https://" + path, parameters: parameters))
        #expect(validator.validate("0ZXoZLH/DfblKGATFgpif+LLRf4=", url: "http://" + path, parameters: parameters))
        let signature = RequestSignature.sign(url: url, parameters: form, authToken: SignatureVector.firstToken)
        for spelling in ["https://voice.example.com:443/twilio/voice", "https://voice.example.com:8443/twilio/voice"] {
            #expect(validator.validate(signature, url: spelling, parameters: form))
        }
        for spelling in [
            "http://voice.example.com/twilio/voice", "https://voice.example.com/twilio/voice/", "https://voice.example.org/twilio/voice",
            "https://voice.example.com:443@evil.example/twilio/voice",
        ] {
            #expect(!validator.validate(signature, url: spelling, parameters: form))
        }
    }

    @Test func fragmentAndPasswordAreNotSigned() {
        let validator = RequestSignature(authTokens: ["t"])
        let signature = RequestSignature.sign(url: "https://h.example:8443/p?q=1", parameters: form, authToken: "t")
        #expect(validator.validate(signature, url: "https://user:p%40ss@h.example:8443/p?q=1#ct=2000&rc=1", parameters: form))
    }

    @Test func addressesOfTheSixthVersionKeepTheirColons() {
        let validator = RequestSignature(authTokens: ["t"])
        let signature = RequestSignature.sign(url: "https://[2001:db8::1]/p", parameters: form, authToken: "t")
        #expect(validator.validate(signature, url: "https://[2001:db8::1]:8443/p", parameters: form))
        #expect(validator.validate(signature, url: "https://[2001:db8::1]/p", parameters: form))
    }

    @Test(arguments: ["3Wv0T80qzAY3OCARW9y1gnUJZtE=", "emydRDSHhLvuug6wCkjTHD/G0T0="])
    func aSocketsURLMayEndInASlash(signature: String) {
        let validator = RequestSignature(authTokens: [SignatureVector.secondToken])
        for url in ["wss://voice.example.com/twilio/media", "wss://voice.example.com/twilio/media/", "wss://voice.example.com:443/twilio/media"] {
            #expect(validator.validate(signature, url: url, parameters: WebhookParameters()))
        }
        #expect(!validator.validate(signature, url: "https://voice.example.com/twilio/media", parameters: WebhookParameters()))
        #expect(!validator.validate("3T4ShCTJZ08o+v3LKmVwwJswU58=", url: "wss://voice.example.com/twilio/media", parameters: WebhookParameters()))
    }

    @Test func anyOfTheTokensWillDo() {
        let signature = RequestSignature.sign(url: url, parameters: form, authToken: "new")
        #expect(RequestSignature(authTokens: ["old", "new"]).validate(signature, url: url, parameters: form))
        #expect(!RequestSignature(authTokens: ["old"]).validate(signature, url: url, parameters: form))
    }

    @Test(arguments: ["", " "])
    func aBlankTokenValidatesNothing(token: String) {
        let signature = RequestSignature.sign(url: url, parameters: form, authToken: token)
        #expect(!RequestSignature(authTokens: [token]).validate(signature, url: url, parameters: form))
        #expect(!RequestSignature(authTokens: []).validate(signature, url: url, parameters: form))
    }

    @Test(arguments: ["", "=", "garbage", "é", "\u{0}", String(repeating: "A", count: 28), String(repeating: "A", count: 100_000)])
    func garbageIsNoSignature(signature: String) {
        #expect(!RequestSignature(authTokens: ["t"]).validate(signature, url: url, parameters: form))
    }

    @Test(arguments: ["", "not a url", "://", "https://", "https://:/", "#", "https://[::1", "wss://"])
    func oddURLsAreSignedAsTheyStand(odd: String) {
        let signature = RequestSignature.sign(url: odd, parameters: form, authToken: "t")
        #expect(!RequestSignature(authTokens: ["other"]).validate(signature, url: odd, parameters: form))
    }

    @Test func theOrderOfParametersDoesNotMatter() {
        let reversed = WebhookParameters(form.pairs.reversed())
        #expect(
            RequestSignature.sign(url: url, parameters: form, authToken: "t") == RequestSignature.sign(url: url, parameters: reversed, authToken: "t")
        )
    }

    @Test func aBodyWithoutItsHashInTheURLIsRefused() {
        let signature = RequestSignature.sign(url: url, parameters: WebhookParameters(), authToken: "t")
        #expect(!RequestSignature(authTokens: ["t"]).validate(signature, url: url, body: []))
    }

    @Test func theAlgorithmIsPinned() {
        let signature = RequestSignature.sign(url: url, parameters: form, authToken: "t", algorithm: .hmacSHA256)
        #expect(!RequestSignature(authTokens: ["t"]).validate(signature, url: url, parameters: form))
        #expect(RequestSignature(authTokens: ["t"], algorithm: .hmacSHA256).validate(signature, url: url, parameters: form))
    }
}
