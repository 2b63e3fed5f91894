import VoiceServer

/// The settings of a server that `doctor` looks at, with flags, environment and file already weighed.
struct CheckedSettings: Sendable, Equatable {
    var host: String
    var port: Int
    var dataDirectory: String
    var stt: String
    var whisperModel: String?
    var knowsTwilioToken: Bool
    var knowsPublicURL: Bool

    /// Takes them out of a configuration, whose properties are the server's own.
    ///
    /// - Throws: ``CheckFailure`` where the configuration has no such property (any more).
    init(_ configuration: ServerConfiguration) throws(CheckFailure) {
        let mirror = Mirror(reflecting: configuration)
        host = try Self.read("host", mirror)
        port = try Self.read("port", mirror)
        dataDirectory = try Self.read("dataDirectory", mirror)
        stt = try Self.read("stt", mirror)
        whisperModel = try Self.content(of: "whisperModel", mirror) as? String
        let tokens: [String] = try Self.read("twilioAuthTokens", mirror)
        knowsTwilioToken = !tokens.isEmpty
        knowsPublicURL = try Self.content(of: "publicURL", mirror) != nil
    }

    private static func value(_ name: String, _ mirror: Mirror) throws(CheckFailure) -> Any {
        for child in mirror.children where child.label == name { return child.value }
        throw CheckFailure("the server's configuration has no \(name)")
    }

    /// What is in an optional property.
    private static func content(of name: String, _ mirror: Mirror) throws(CheckFailure) -> Any? {
        Mirror(reflecting: try value(name, mirror)).children.first?.value
    }

    private static func read<Value>(_ name: String, _ mirror: Mirror) throws(CheckFailure) -> Value {
        guard let value = try value(name, mirror) as? Value else { throw CheckFailure("the server's \(name) is of another kind") }
        return value
    }
}
