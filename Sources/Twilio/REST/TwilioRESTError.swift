import Foundation

/// What Twilio's REST API answers to a request that it refuses.
///
/// Source: Twilio, "Twilio's response" (docs/usage/twilios-response).
package struct TwilioRESTError: Error, Sendable, Equatable, CustomStringConvertible {
    /// Characters of a message that are kept.
    private static let longestMessage = 200

    /// The HTTP status.
    package var status: Int
    /// Twilio's own number of the error, such as 20404; nil where it gave none.
    package var code: Int?
    /// What it says, on one line.
    package var message: String

    /// Makes an error.
    package init(status: Int, code: Int?, message: String) {
        self.status = status
        self.code = code
        self.message = message
    }

    /// Reads an answer's body: Twilio's error object, or one of RFC 9457.
    ///
    /// A body that is neither leaves the status alone to speak: it may be a proxy's page.
    package init(status: Int, body: some Collection<UInt8>) {
        let object = try? JSONDecoder().decode(ErrorObject.self, from: Data(body))
        let words = Self.oneLine(object?.message ?? object?.detail ?? object?.title ?? "")
        self.init(status: status, code: object?.code, message: words.isEmpty ? "no reason was given" : words)
    }

    /// The error as Twilio writes it.
    package var json: String {
        let url = code.map { "https://www.twilio.com/docs/errors/\($0)" }
        return RESTJSON.text(ErrorObject(code: code, message: message, moreInfo: url, status: status))
    }

    package var description: String {
        "HTTP \(status)\(code.map { ", Twilio error \($0)" } ?? ""): \(message)"
    }

    /// The members that are of use, in both spellings.
    private struct ErrorObject: Codable {
        var code: Int?
        var message: String?
        var moreInfo: String?
        var status: Int?
        var title: String?
        var detail: String?

        enum CodingKeys: String, CodingKey {
            case code, message, status, title, detail
            case moreInfo = "more_info"
        }
    }

    private static func oneLine(_ text: String) -> String {
        let words = text.split { $0.isWhitespace || $0.unicodeScalars.contains { $0.properties.generalCategory == .control } }
        return String(words.joined(separator: " ").prefix(longestMessage))
    }
}

/// The errors that this product knows by number.
extension TwilioRESTError {
    /// 20003: the account's SID and token are not the ones.
    package static let notAuthenticated = TwilioRESTError(status: 401, code: 20003, message: "Authenticate")
    /// 21220: the call is over, or has not begun.
    package static let notInProgress = TwilioRESTError(status: 400, code: 21220, message: "Call is not in-progress. Cannot redirect.")

    /// 20404: there is nothing at this path.
    package static func notFound(_ path: String) -> TwilioRESTError {
        TwilioRESTError(status: 404, code: 20404, message: "The requested resource \(path) was not found")
    }

    /// A request that makes no sense.
    package static func badRequest(_ code: Int, _ message: String) -> TwilioRESTError {
        TwilioRESTError(status: 400, code: code, message: message)
    }
}
