import Testing
import Twilio

/// A signature made by Twilio's own library, or printed in its documentation.
struct SignatureVector: Sendable, CustomTestStringConvertible {
    static let firstToken = "12345"
    static let secondToken = "0123456789abcdef0123456789abcdef"

    var name: String
    var token: String
    var url: String
    var parameters = WebhookParameters()
    var body: String?
    var algorithm = RequestSignature.Algorithm.hmacSHA1
    var signature: String

    var testDescription: String { name }

    /// The example in Twilio's Python library.
    static let documented = SignatureVector(
        name: "library example",
        token: firstToken,
        url: "https://mycompany.com/myapp.php?foo=1&bar=2",
        parameters: form([
            ("CallSid", "CA1234567890ABCDE"), ("Digits", "1234"), ("From", "+14158675309"), ("To", "+18005551212"), ("Caller", "+14158675309"),
        ]),
        signature: "RSOYDt4T1cUTdK1PDd93/VVr8B8="
    )

    static let all: [SignatureVector] =
        [documented] + firstTokenVectors
        + [
            inbound("https, no port", "https://voice.example.com/twilio/voice", "zoNR88qd6DAoDtjJclAQhvMAa2s="),
            inbound("https, port", "https://voice.example.com:443/twilio/voice", "lf9INaFjD/4cLPvrTn8+46ozkeE="),
            inbound("http, port", "http://voice.example.com:8080/twilio/voice", "ymdDbmLWpGL3muJiHvzRt5JuycU="),
        ] + secondTokenVectors

    private static let firstTokenVectors: [SignatureVector] = [
        SignatureVector(
            name: "documentation example",
            token: firstToken,
            url: "https://example.com/myapp.php?foo=1&bar=2",
            parameters: form([
                ("CallSid", "CA1234567890ABCDE"), ("Caller", "+14158675310"), ("Digits", "1234"), ("From", "+14158675310"), ("To", "+18005551212"),
            ]),
            signature: "L/OH5YylLD5NRKLltdqwSvS0BnU="
        ),
        SignatureVector(
            name: "names that are prefixes, repeated values",
            token: firstToken,
            url: documented.url,
            parameters: form([("Sid", "CA123"), ("SidAccount", "AC123"), ("Digits", "5678"), ("Digits", "1234"), ("Digits", "1234")]),
            signature: "IK+Dwps556ElfBT0I3Rgjkr1wJU="
        ),
        SignatureVector(
            name: "JSON body, library example",
            token: firstToken,
            url: documented.url + "&bodySHA256=0a1ff7634d9ab3b95db5c9a2dfe9416e41502b283a80c7cf19632632f96e6620",
            body: #"{"property": "value", "boolean": true}"#,
            signature: "a9nBmqA0ju/hNViExpshrM61xv4="
        ),
        SignatureVector(
            name: "explicit port 443",
            token: firstToken,
            url: "https://mycompany.com:443/myapp.php?foo=1&bar=2",
            parameters: documented.parameters,
            signature: "kvajT1Ptam85bY51eRf/AJRuM3w="
        ),
        SignatureVector(
            name: "explicit port 80",
            token: firstToken,
            url: "http://mycompany.com:80/myapp.php?foo=1&bar=2",
            parameters: documented.parameters,
            signature: "0ZXoZLH/DfblKGATFgpif+LLRf4="
        ),
    ]

    private static let secondTokenVectors: [SignatureVector] = [
        SignatureVector(
            name: "GET",
            token: secondToken,
            url: "https://voice.example.com/twilio/voice?tenant=a&CallSid=CA00000000000000000000000000000001&From=%2B15005550001&To=%2B15005550006",
            signature: "KLIcE6Q/QHnjRasrOzKF9gvZ1PU="
        ),
        SignatureVector(
            name: "WebSocket",
            token: secondToken,
            url: "wss://voice.example.com/twilio/media",
            signature: "3Wv0T80qzAY3OCARW9y1gnUJZtE="
        ),
        SignatureVector(
            name: "repeated parameter",
            token: secondToken,
            url: "https://voice.example.com/twilio/status",
            parameters: form([
                ("StatusCallbackEvent", "ringing"), ("StatusCallbackEvent", "answered"), ("StatusCallbackEvent", "ringing"),
                ("CallSid", "CA00000000000000000000000000000001"),
            ]),
            signature: "kakC53Wzw2Wp70ITAscSpOC3v/Q="
        ),
        SignatureVector(
            name: "JSON body",
            token: secondToken,
            url: "https://example.com/myapp?bodySHA256=5ccde7145dfb8f56479710896586cb9d5911809d83afbe34627818790db0aec9",
            body: #"{"CallSid":"CA1234567890ABCDE","Caller":"+12349013030"}"#,
            signature: "3lxyqZYkLcUfcPFyH0pS2x3qlNY="
        ),
        SignatureVector(
            name: "white space and letters beyond ASCII",
            token: secondToken,
            url: "https://voice.example.com/twilio/voice",
            parameters: form([("CallSid", "CA00000000000000000000000000000001"), ("CallerName", " Zoë  "), ("From", "client:zoë")]),
            signature: "6tU46ocxSfS5ICL8V0AKLVVbCHs="
        ),
        SignatureVector(
            name: "SHA-256",
            token: secondToken,
            url: "https://voice.example.com/twilio/voice",
            parameters: form([("CallSid", "CA00000000000000000000000000000001"), ("From", "+15005550001")]),
            algorithm: .hmacSHA256,
            signature: "DsozoiFpEqREbmYiKloYB1EE3ttDzXBF3BO6Qq+XnVA="
        ),
    ]

    private static func inbound(_ name: String, _ url: String, _ signature: String) -> SignatureVector {
        let parameters = form([
            ("AccountSid", "AC00000000000000000000000000000001"), ("ApiVersion", "2010-04-01"), ("CallSid", "CA00000000000000000000000000000001"),
            ("CallStatus", "ringing"), ("Called", "+15005550006"), ("Caller", "+15005550001"), ("Direction", "inbound"), ("From", "+15005550001"),
            ("FromCity", ""), ("FromCountry", "US"), ("To", "+15005550006"), ("ToCity", "SAN FRANCISCO"),
        ])
        return SignatureVector(name: name, token: secondToken, url: url, parameters: parameters, signature: signature)
    }

    private static func form(_ pairs: [(String, String)]) -> WebhookParameters {
        WebhookParameters(pairs.map { WebhookParameters.Pair($0.0, $0.1) })
    }
}
