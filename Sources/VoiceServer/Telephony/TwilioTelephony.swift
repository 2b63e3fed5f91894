import AsyncHTTPClient
import Conversation
import Engines

/// Changes calls by Twilio's REST API.
final class TwilioTelephony: Telephony {
    private let http: HTTPClient
    private let api: TwilioAPI
    private let address: WebhookAddress

    /// Makes a telephony of an account; `address` says where Twilio comes back to.
    init(baseURL: String?, accountSid: String, authToken: Secret, address: WebhookAddress) {
        http = HTTPClient(eventLoopGroupProvider: .singleton, configuration: TwilioAPI.clientConfiguration)
        api = TwilioAPI(baseURL: baseURL ?? TwilioAPI.defaultBaseURL, accountSid: accountSid, authToken: authToken, http: http)
        self.address = address
    }

    deinit {
        http.shutdown { _ in }
    }

    func transfer(_ session: SessionRecord, to target: String) async -> ToolOutcome {
        guard let action = address.dialStatus else { return Self.addressUnknown }
        return await api.transfer(call: session.callID, to: target, callerID: session.to, action: action)
    }

    func sendDigits(_ session: SessionRecord, _ digits: String) async -> ToolOutcome {
        guard let wayBack = address.inbound else { return Self.addressUnknown }
        return await api.sendDigits(call: session.callID, digits: digits, wayBack: wayBack)
    }

    private static let addressUnknown = ToolOutcome(.failed, "this server does not know its own address yet")
}
