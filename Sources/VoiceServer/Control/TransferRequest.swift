import Conversation
import Crypto
import Foundation
import Twilio

/// A caller who is to be put through.
struct TransferRequest: Sendable {
    /// The id of the tool's call, unique within the session.
    var id: String
    var session: SessionRecord
    var destination: AgentDefinition.Transfer
    /// Why the caller calls, in the assistant's words; empty if it gave none.
    var reason: String
    /// What is said to people who are called.
    var voice: LineVoice

    /// Tells the transfer from all others.
    var key: TransferKey { TransferKey(session: session.id, id: id) }

    /// What the called person sees as the caller.
    var callerID: String? { destination.callerID ?? TwiML.Dial.Party.callerID(session.to) }
}

/// Tells one transfer from all others.
struct TransferKey: Sendable, Hashable {
    var session: String
    /// The id of the tool's call.
    var id: String

    /// The query parameters of callbacks.
    static let parameters = (session: "s", transfer: "c", party: "p", token: "t")
}

/// The tokens that prove a callback of a transfer to come from a document or a request of our own.
struct TransferTokens: Sendable {
    /// Hex digits of a token and of a conference's name.
    private static let length = 32
    private let key: SymmetricKey

    /// Derives all tokens from a secret.
    init(secret: String) {
        key = SymmetricKey(data: SHA256.hash(data: Data("transfer tokens of \(secret)".utf8)))
    }

    /// The query of a party's callbacks.
    func query(_ transfer: TransferKey, party: Int) -> [WebhookParameters.Pair] {
        let names = TransferKey.parameters
        return [
            .init(names.session, transfer.session), .init(names.transfer, transfer.id), .init(names.party, "\(party)"),
            .init(names.token, code("\(transfer.session) \(transfer.id) \(party)")),
        ]
    }

    /// Reads the query of a callback; nil if it names no transfer, or the token is wrong.
    func read(_ parameters: WebhookParameters) -> (transfer: TransferKey, party: Int)? {
        let names = TransferKey.parameters
        guard let session = parameters[names.session], let id = parameters[names.transfer], let party = parameters[names.party].flatMap({ Int($0) }),
            let token = parameters[names.token], ConstantTime.areEqual(token, code("\(session) \(id) \(party)"))
        else { return nil }
        return (TransferKey(session: session, id: id), party)
    }

    /// The name of the conference in which the two meet: random to others, without anything personal in it.
    func conference(_ transfer: TransferKey) -> String { code("conference \(transfer.session) \(transfer.id)") }

    private func code(_ text: String) -> String {
        let code = HMAC<SHA256>.authenticationCode(for: Data(text.utf8), using: key)
        return String(code.map { byte in (byte < 16 ? "0" : "") + String(byte, radix: 16) }.joined().prefix(Self.length))
    }
}
