import Foundation

/// Paths of the REST API.
enum RESTPath {
    /// Where everything of an account is, without a slash at the end.
    static func account(_ sid: String) -> String { "/2010-04-01/Accounts/\(segment(sid))" }

    /// One part of a path: SIDs are letters and digits; anything else must not become another path.
    static func segment(_ text: String) -> String { text.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? "" }
}
