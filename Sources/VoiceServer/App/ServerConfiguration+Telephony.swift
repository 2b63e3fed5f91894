import Engines

extension ServerConfiguration {
    /// Twilio's REST API; nil without an account's id and token, and where the caller is only listened to.
    func telephony(_ address: WebhookAddress) -> (any CallControl)? {
        guard streamMode == .connect, let twilioAccountSid, let token = twilioAuthTokens.first else { return nil }
        return TwilioTelephony(baseURL: twilioAPIBaseURL, accountSid: twilioAccountSid, authToken: Secret(token), address: address)
    }

    /// Credentials that do not look like Twilio's: they are not refused, since programs that play Twilio may have others.
    var credentialRemarks: [SettingRemark] {
        let sid = twilioAccountSid.flatMap { TwilioCredential.problem(accountSid: $0) }.map { (SettingKey.twilioAccountSid, $0) }
        let keys = [SettingKey.twilioAuthToken, .twilioAuthTokenSecondary]
        let tokens = keys.compactMap { key in given[key].flatMap { TwilioCredential.problem(authToken: $0) }.map { (key, $0) } }
        return ([sid].compactMap(\.self) + tokens).map { SettingRemark(.warning, "\($0.environmentName) \($1)") }
    }

    /// Where Twilio's REST API is, without a slash at its end.
    package var twilioAPI: String { twilioAPIBaseURL ?? TwilioAPI.defaultBaseURL }

    /// Tells an oversight before the first caller does: OpenAI's own service wants a key.
    func checkServices() throws(StartError) {
        let usesOpenAI = [chat, stt, tts].contains(AgentDefinition.Chat.openai.rawValue)
        let isOpenAIsOwn = openAI.endpoint.url == OpenAISettings().endpoint.url
        guard usesOpenAI, isOpenAIsOwn, openAI.endpoint.key == nil, agentFile.endpoints.isEmpty else { return }
        let name = SettingKey.openaiAPIKey.environmentName
        let other = SettingKey.openaiBaseURL.environmentName
        throw StartError(.configuration, "\(name) is not set, which \(openAI.endpoint.url) wants; set it, or \(other) for a service of your own")
    }
}
