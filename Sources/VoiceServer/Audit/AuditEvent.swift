import Engines

/// Something that is audited: what the log says of it, and what the trail holds.
struct AuditEvent: Sendable {
    /// How the names begin of what the trail says about itself.
    static let findingPrefix = "audit."
    /// Characters of a text that is open to read in the trail; most are shorter by far.
    static let longestText = 512
    /// Characters of a person's text; an answer of a talkative model has fewer.
    static let longestPersonalText = 20_000

    /// For example `server.started`.
    var name: String
    /// What may be read by whoever reads the file.
    var fields: [String: JSONValue]
    /// What belongs to a person, and who that is.
    var personal: (owner: AuditOwner, fields: [String: JSONValue])?
    /// Among which others it is counted in a flood; nil for what is always recorded.
    var throttle: String?
    /// The line of the log; nil for what the log does not say or says elsewhere.
    var line: (@Sendable (NumberMask) -> AuditLine)?

    /// Makes an event; texts are cut to what a record holds.
    init(
        _ name: String,
        _ fields: [String: JSONValue] = [:],
        of owner: AuditOwner? = nil,
        personal: [String: JSONValue] = [:],
        throttle: String? = nil,
        line: (@Sendable (NumberMask) -> AuditLine)? = nil
    ) {
        self.name = name
        self.fields = fields.mapValues { $0.cut(to: Self.longestText) }
        self.personal = owner.map { ($0, personal.mapValues { $0.cut(to: Self.longestPersonalText) }) }
        self.throttle = throttle
        self.line = line
    }

    /// One record for many of a kind, without what tells them apart.
    func summed(_ count: Int, since: Int) -> AuditEvent {
        let common = fields.filter { $0.key == "reason" }
        return AuditEvent(name, common.merging(["count": .number(count), "since": .string(Timestamp.text(since))]) { _, new in new })
    }
}

extension JSONValue {
    /// A text with as many characters at most; anything else as it is.
    fileprivate func cut(to most: Int) -> JSONValue {
        guard case .string(let text) = self, text.unicodeScalars.count > most else { return self }
        return .string(String(String.UnicodeScalarView(text.unicodeScalars.prefix(most))))
    }

    /// A text, or null.
    static func text(_ text: String?) -> JSONValue { text.map { .string($0) } ?? .null }
}
