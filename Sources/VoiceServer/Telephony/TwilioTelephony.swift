import AsyncHTTPClient
import Conversation
import Engines
import Twilio

/// Changes and places calls by Twilio's REST API.
final class TwilioTelephony: CallControl {
    private let http: HTTPClient
    private let api: TwilioAPI
    let address: WebhookAddress

    /// Makes a telephony of an account; `address` says where Twilio comes back to.
    init(baseURL: String?, accountSid: String, authToken: Secret, address: WebhookAddress) {
        http = HTTPClient(eventLoopGroupProvider: .singleton, configuration: TwilioAPI.clientConfiguration)
        api = TwilioAPI(baseURL: baseURL ?? TwilioAPI.defaultBaseURL, accountSid: accountSid, authToken: authToken, http: http)
        self.address = address
    }

    deinit {
        http.shutdown { _ in }
    }

    func transfer(_ session: SessionRecord, by dial: TwiML.Dial) async -> ToolOutcome {
        await api.transfer(call: session.callID, by: dial)
    }

    func sendDigits(_ session: SessionRecord, _ digits: String) async -> ToolOutcome {
        guard let wayBack = address.inbound else { return Self.addressUnknown }
        return await api.sendDigits(call: session.callID, digits: digits, wayBack: wayBack)
    }

    func place(_ call: CallCreation) async throws -> CallResource { try await api.place(call) }

    func change(_ callSid: String, _ update: CallUpdate) async throws { try await api.update(call: callSid, with: update) }

    func call(_ callSid: String) async throws -> CallResource { try await api.call(callSid) }

    func legs(of callSid: String) async throws -> [CallResource] { try await api.legs(of: callSid) }

    func participants(ofConference name: String) async throws -> Int { try await api.participants(ofConference: name) }

    static let addressUnknown = ToolOutcome(.failed, "this server does not know its own address yet")
}
