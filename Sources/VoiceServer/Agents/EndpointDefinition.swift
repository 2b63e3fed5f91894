package import Engines

/// A chat or speech service that speaks OpenAI's protocol, as the configuration file declares it.
package struct EndpointDefinition: Sendable, Equatable {
    /// What agents call it.
    package var name: String
    /// What paths such as `/chat/completions` are put behind; no slash at its end.
    package var url: String
    /// Sent as a bearer token; nil for services that want none.
    package var key: Secret?
    /// The model that is asked for; nil for the server's setting.
    package var model: String?
    /// The voice that is asked for, where it is a service for voices; nil for the server's setting.
    package var voice: String?
    /// Samples a second of its bare samples, in Hz, where it is a service for voices; nil for the server's setting.
    package var sampleRate: Int?

    /// Makes one.
    package init(name: String, url: String, key: Secret? = nil, model: String? = nil, voice: String? = nil, sampleRate: Int? = nil) {
        self.name = name
        self.url = url
        self.key = key
        self.model = model
        self.voice = voice
        self.sampleRate = sampleRate
    }
}

extension EndpointDefinition {
    private static let known = ["url", "key", "model", "voice", "sample_rate"]

    /// The rates that voices have, in Hz.
    static let sampleRates = 8_000...48_000

    /// Reads one.
    static func read(_ member: YAMLMember) -> EndpointDefinition? {
        if !DeclaredName.isValid(member.name) {
            member.value.faults.add("a name has letters, digits, - and _ alone, 64 at most", at: member.place, path: "endpoints")
        }
        let fields = member.value.fields(known, of: "key of an endpoint")
        let url = fields.required("url")?.url(mayHaveQuery: false)
        let key = fields["key"]?.filledWords().map { Secret($0) }
        if let key, key.value.utf8.contains(where: { $0 < 0x20 || $0 >= 0x7F }) { fields["key"]?.note("holds characters that a key cannot have") }
        fields["key"]?.noteLiteralSecret()
        let model = fields["model"]?.filledWords()
        let voice = fields["voice"]?.filledWords()
        let rate = fields["sample_rate"]?.number(in: sampleRates)
        guard let url else { return nil }
        return EndpointDefinition(name: member.name, url: ServiceURL.base(url), key: key, model: model, voice: voice, sampleRate: rate)
    }
}

extension YAMLValue {
    /// The address of a service, with its environment variables put in.
    ///
    /// - Parameters:
    ///   - mayHaveQuery: whether it may have a part behind `?`.
    ///   - mayHavePlaces: whether it may have places for arguments, as in `{id}`.
    /// - Returns: the address; nil, with a fault noted, if it cannot be used.
    func url(mayHaveQuery: Bool, mayHavePlaces: Bool = false) -> String? {
        guard let text = filledWords() else { return nil }
        // A place may be filled with anything; what else is wrong with it is the tool's to say.
        let filled = mayHavePlaces ? text.replacing(/{[^{}]*}/, with: "x") : text
        guard let problem = ServiceURL.problem(filled, mayHaveQuery: mayHaveQuery) else { return text }
        note(problem)
        return nil
    }
}
