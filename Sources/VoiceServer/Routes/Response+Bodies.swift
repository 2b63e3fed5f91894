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

    /// A JSON document.
    init(json: JSONValue, status: HTTPResponse.Status = .ok) throws {
        self.init(jsonText: try json.text(), status: status)
    }

    /// An error: what is wrong and how to mend it, and a code for programs.
    init(error message: String, code: String, status: HTTPResponse.Status) {
        let json = try? JSONValue.object(["error": .string(message), "code": .string(code)]).text()
        self.init(jsonText: json ?? "{}", status: status)
    }

    /// A JSON document that is text already.
    init(jsonText: String, status: HTTPResponse.Status = .ok) {
        self.init(status: status, headers: [.contentType: "application/json"], body: .init(byteBuffer: ByteBuffer(string: jsonText + "\n")))
    }
}
