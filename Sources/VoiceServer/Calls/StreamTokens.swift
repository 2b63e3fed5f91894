import Conversation
import Crypto
import Foundation

/// The one-time tokens that prove a media stream to come from our own TwiML.
struct StreamTokens: Sendable {
    private let key: SymmetricKey

    /// Derives all tokens from a secret.
    init(secret: String) {
        key = SymmetricKey(data: SHA256.hash(data: Data("stream tokens of \(secret)".utf8)))
    }

    /// The token of a session's next stream; opening a stream makes it worthless.
    func next(for session: SessionRecord) -> String {
        let code = HMAC<SHA256>.authenticationCode(for: Data("\(session.id)#\(session.streamCount)".utf8), using: key)
        return code.map { byte in (byte < 16 ? "0" : "") + String(byte, radix: 16) }.joined()
    }
}
