import Crypto

/// Twilio's request signature, `X-Twilio-Signature`.
///
/// Base64 of the HMAC of the URL followed by every form parameter's name and value, sorted by name, nothing between them.
/// The scheme has no time stamp and no nonce, so a valid signature says who wrote a request, not when.
/// Source: Twilio, "Security" (docs/usage/security).
package struct RequestSignature: Sendable {
    /// The hash under the HMAC.
    package enum Algorithm: String, Sendable {
        /// What Twilio uses with an account's auth token.
        case hmacSHA1 = "HMAC_SHA1"
        /// What a shared webhook key may be set to use.
        case hmacSHA256 = "HMAC_SHA256"
    }

    private let authTokens: [String]
    private let algorithm: Algorithm

    /// Makes a validator that accepts a signature made with any of `authTokens` (two while a token is rotated).
    ///
    /// Blank tokens are ignored, since anyone can sign with those; with no token left, nothing is valid. The algorithm is pinned
    /// here because the request's own header may not choose it.
    package init(authTokens: [String], algorithm: Algorithm = .hmacSHA1) {
        self.authTokens = authTokens.filter { !$0.allSatisfy(\.isWhitespace) }
        self.algorithm = algorithm
    }

    /// The signature that Twilio sends for a form-encoded request: base64 of HMAC-SHA1.
    package static func sign(url: String, parameters: WebhookParameters, authToken: String) -> String {
        sign(url: url, parameters: parameters, authToken: authToken, algorithm: .hmacSHA1)
    }

    /// The signature of exactly this URL and these parameters (empty for GET, WebSocket handshakes and bodies that are not forms).
    package static func sign(url: String, parameters: WebhookParameters, authToken: String, algorithm: Algorithm) -> String {
        let message = Array(url.utf8) + signedText(of: parameters)
        let key = SymmetricKey(data: Array(authToken.utf8))
        var base64: [UInt8] = []
        switch algorithm {
        case .hmacSHA1: Base64.encode(Array(HMAC<Insecure.SHA1>.authenticationCode(for: message, using: key)).span, into: &base64)
        case .hmacSHA256: Base64.encode(Array(HMAC<SHA256>.authenticationCode(for: message, using: key)).span, into: &base64)
        }
        return String(decoding: base64, as: UTF8.self)
    }

    /// Whether `signature` is valid for a request with these form parameters (empty for GET and WebSocket handshakes).
    ///
    /// The URL may be given with or without its port; see `SignedURL`.
    package func validate(_ signature: String, url: String, parameters: WebhookParameters) -> Bool {
        var isValid = false
        for candidate in SignedURL(url).candidates {
            for token in authTokens {
                let expected = Self.sign(url: candidate, parameters: parameters, authToken: token, algorithm: algorithm)
                // Every candidate is tried whatever came before, so that the time taken does not tell which one matched.
                let matches = Self.isEqual(expected, signature)
                isValid = isValid || matches
            }
        }
        return isValid
    }

    /// Whether `signature` is valid for a request with a body that is not a form, hashed in the URL's `bodySHA256`.
    package func validate(_ signature: String, url: String, body: [UInt8]) -> Bool {
        guard let stated = SignedURL(url).bodySHA256 else { return false }
        let digits = SHA256.hash(data: body).flatMap { [$0 >> 4, $0 & 0x0F] }
        let actual = digits.map { String($0, radix: 16) }.joined()
        let isSigned = validate(signature, url: url, parameters: WebhookParameters())
        return Self.isEqual(actual, stated) && isSigned
    }

    /// Names in byte order, each with its distinct values in byte order, as Twilio's own libraries do for repeated names.
    private static func signedText(of parameters: WebhookParameters) -> [UInt8] {
        let pairs = parameters.pairs.map { (name: Array($0.name.utf8), value: Array($0.value.utf8)) }
        let sorted = pairs.sorted { first, second in
            first.name == second.name
                ? first.value.lexicographicallyPrecedes(second.value)
                : first.name.lexicographicallyPrecedes(second.name)
        }
        var text: [UInt8] = []
        for (index, pair) in sorted.enumerated() where index == 0 || sorted[index - 1] != pair {
            text += pair.name + pair.value
        }
        return text
    }

    /// Whether two texts are the same bytes, in a time that depends on their length alone.
    private static func isEqual(_ first: String, _ second: String) -> Bool {
        let (first, second) = (Array(first.utf8), Array(second.utf8))
        guard first.count == second.count else { return false }
        return zip(first, second).reduce(UInt8(0)) { difference, pair in difference | (pair.0 ^ pair.1) } == 0
    }
}
