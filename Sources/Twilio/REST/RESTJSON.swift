import Foundation

/// JSON as the REST API writes it.
enum RESTJSON {
    /// An object on one line, its members in order of their names.
    static func text(_ object: some Encodable) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return (try? encoder.encode(object)).map { String(decoding: $0, as: UTF8.self) } ?? "{}"
    }
}

/// Paths of the REST API.
enum RESTPath {
    /// Where everything of an account is, without a slash at the end.
    static func account(_ sid: String) -> String { "/2010-04-01/Accounts/\(segment(sid))" }

    /// One part of a path: SIDs are letters and digits; anything else must not become another path.
    static func segment(_ text: String) -> String { text.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? "" }
}
