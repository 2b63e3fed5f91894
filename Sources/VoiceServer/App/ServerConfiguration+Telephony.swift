import Engines

extension ServerConfiguration {
    /// Twilio's REST API; nil without an account's id and token, and where the caller is only listened to.
    func telephony(_ address: WebhookAddress) -> (any Telephony)? {
        guard streamMode == .connect, let twilioAccountSid, let token = twilioAuthTokens.first else { return nil }
        return TwilioTelephony(baseURL: twilioAPIBaseURL, accountSid: twilioAccountSid, authToken: Secret(token), address: address)
    }
}
