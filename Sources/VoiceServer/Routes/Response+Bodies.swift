import Engines
import HTTPTypes
import Hummingbird
import NIOCore
import Twilio

extension Response {
    /// A TwiML document; Twilio wants 200 whatever it says.
    init(_ document: TwiML) {
        self.init(status: .ok, headers: [.contentType: "application/xml"], body: .init(byteBuffer: ByteBuffer(string: document.xml)))
    }

    /// Plain text with a line end.
    init(text: String, status: HTTPResponse.Status) {
        self.init(status: status, headers: [.contentType: "text/plain; charset=utf-8"], body: .init(byteBuffer: ByteBuffer(string: text + "\n")))
    }

    /// A JSON document.
    init(json: JSONValue, status: HTTPResponse.Status = .ok) throws {
        self.init(status: status, headers: [.contentType: "application/json"], body: .init(byteBuffer: ByteBuffer(string: try json.text() + "\n")))
    }

    /// An error of the REST API: what, why, how to mend it.
    static func problem(_ message: String, status: HTTPResponse.Status) throws -> Response {
        try Response(json: .object(["error": .string(message)]), status: status)
    }
}
