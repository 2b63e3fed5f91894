/// The environment variables that are settings.
///
/// Values are trimmed, variables that Kubernetes adds are ignored, and misspelt names are errors.
struct SettingsEnvironment {
    /// How the names of our own variables begin.
    static let prefix = "AGENTOS_"

    /// The variables.
    let variables: [String: String]
    /// The names of the variables that Kubernetes added.
    let serviceLinks: [String]

    /// Sorts an environment.
    ///
    /// - Throws: ``StartError`` that names an unknown variable and the nearest known one.
    init(_ environment: [String: String]) throws(StartError) {
        let links = environment.filter { Self.isServiceLink($0.key, $0.value) }.keys.sorted()
        let known = Set(SettingKey.allCases.map(\.environmentName)).union(SettingKey.otherVariables)
        let own = environment.filter { $0.key.hasPrefix(Self.prefix) && !links.contains($0.key) }
        if let unknown = own.keys.filter({ !known.contains($0) }).min() { throw Self.unknown(unknown) }
        variables = environment.filter { !links.contains($0.key) }
        serviceLinks = links
    }

    /// What is said of the variables that Kubernetes added; nil if there are none.
    var remark: SettingRemark? {
        guard !serviceLinks.isEmpty else { return nil }
        let shown = serviceLinks.prefix(3).joined(separator: ", ") + (serviceLinks.count > 3 ? ", ..." : "")
        return SettingRemark(
            .notice,
            "Variables that Kubernetes adds for services are ignored (\(shown)); `enableServiceLinks: false` in the pod keeps them out"
        )
    }

    /// Whether a variable is one that Kubernetes adds to the pods of a service named `agentos` or `agentos-...`.
    ///
    /// Source: Kubernetes, "Service: Environment variables": `{NAME}_SERVICE_HOST`, `{NAME}_SERVICE_PORT`, and `{NAME}_PORT` with those below it in
    /// the manner of Docker's links.
    private static func isServiceLink(_ name: String, _ value: String) -> Bool {
        guard name.hasPrefix(prefix) else { return false }
        let isAddress = ["tcp://", "udp://", "sctp://"].contains { SettingText.trimmed(value).hasPrefix($0) }
        if name.hasSuffix("_PORT"), isAddress { return true }
        if SettingKey.allCases.contains(where: { $0.environmentName == name }) { return false }
        if name.contains("_SERVICE_") { return true }
        guard let port = name.firstRange(of: "PORT") else { return false }
        return ["_TCP", "_UDP", "_SCTP"].contains { name[port.upperBound...].contains($0) }
    }

    private static func unknown(_ name: String) -> StartError {
        // Without the prefix: it would make all names look alike. A name of Twilio's or OpenAI's with our prefix is a name, too.
        let stem = name.dropFirst(prefix.count).lowercased()
        let others = SettingKey.otherVariables.map { ($0.dropFirst(prefix.count).lowercased(), $0) }
        let names = Dictionary(SettingKey.allCases.map { ($0.rawValue, $0.environmentName) } + others) { first, _ in first }
        let near = Word.nearest(to: stem, among: Array(names.keys)).flatMap { names[$0] }
        let advice = near.map { "did you mean \($0)?" } ?? "unset it; docs/reference.md lists the settings"
        return StartError(.configuration, "\(name) is no setting; \(advice)")
    }
}

/// The text of a setting.
package enum SettingText {
    /// A value without the white space and the pair of quotes around it that copying and files of variables leave there.
    package static func trimmed(_ text: String) -> String {
        let bare = withoutSpace(text[...])
        guard let quote = bare.first, bare.count >= 2, quote == bare.last, quote == "\"" || quote == "'" else { return String(bare) }
        let inner = bare.dropFirst().dropLast()
        // Quotes within are part of a text: `"Yes," she said, "no."`
        return inner.contains(quote) ? String(bare) : String(withoutSpace(inner))
    }

    private static func withoutSpace(_ text: Substring) -> Substring {
        let isSpace = { (character: Character) in character.isWhitespace || character == "\u{FEFF}" || character == "\u{200B}" }
        var rest = text.drop(while: isSpace)
        while let last = rest.last, isSpace(last) { rest.removeLast() }
        return rest
    }
}

/// Something about the settings that an operator should know although the server starts.
package struct SettingRemark: Sendable, Equatable {
    /// How much it matters.
    package enum Level: Sendable {
        /// Nothing is wrong.
        case notice
        /// Something will probably not work.
        case warning
    }

    /// How much it matters.
    package var level: Level
    /// What, why and how to mend it, without values that could be secrets.
    package var message: String

    /// Makes a remark.
    init(_ level: Level, _ message: String) {
        self.level = level
        self.message = message
    }
}

/// What Twilio's account ids and auth tokens look like.
package enum TwilioCredential {
    private static let digits = 32

    /// What is wrong with an account's id; nil if nothing is.
    package static func problem(accountSid: String) -> String? {
        guard !accountSid.hasPrefix("AC") || !isHex(accountSid.dropFirst(2)) else { return nil }
        return "is not an account's id (AC and \(digits) digits 0-9 and a-f), so Twilio's API will refuse it; copy it from Twilio's console"
    }

    /// What is wrong with an auth token, without showing it; nil if nothing is.
    package static func problem(authToken: String) -> String? {
        guard !isHex(authToken[...]) else { return nil }
        let kind = ["AC": "looks like an account's id", "SK": "looks like an API key's id"].first { authToken.hasPrefix($0.key) }?.value
        return "\(kind ?? "is not an auth token (\(digits) digits 0-9 and a-f)"), so Twilio's requests will be refused; "
            + "copy the auth token of the account from Twilio's console"
    }

    private static func isHex(_ text: Substring) -> Bool {
        text.utf8.count == digits
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"), UInt8(ascii: "A")...UInt8(ascii: "F"): true
                default: false
                }
            }
    }
}
