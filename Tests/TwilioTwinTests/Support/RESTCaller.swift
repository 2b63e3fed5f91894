import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import Twilio

@testable import TwilioTwin

/// A server that uses Twilio's REST API.
struct RESTCaller: Sendable {
    /// What the API answered.
    struct Answer: Sendable {
        var status: Int
        var body: [UInt8]

        /// The call, where the answer is one.
        var call: CallResource? { CallResource(json: body) }
        /// Twilio's number of the error, where the answer is one.
        var code: Int? { TwilioRESTError(status: status, body: body).code }
    }

    let url: String
    let accountSid: String
    var token: String

    init(_ rest: TwinREST, url: String) {
        self.url = url
        accountSid = rest.accountSid
        token = rest.authToken
    }

    /// Updates a call with these parameters.
    func update(_ call: String, _ name: String, _ value: String) async throws -> Answer {
        try await send(call, .POST, body: WebhookParameters([.init(name, value)]).formEncoded)
    }

    /// Looks a call up.
    func status(_ call: String) async throws -> Answer { try await send(call, .GET) }

    /// Sends a request.
    func send(_ call: String, _ method: HTTPMethod, body: String? = nil) async throws -> Answer {
        var request = HTTPClientRequest(url: url + CallUpdate.path(accountSid: accountSid, callSid: call))
        request.method = method
        request.headers.add(name: "Authorization", value: "Basic " + Data("\(accountSid):\(token)".utf8).base64EncodedString())
        if let body {
            request.headers.add(name: "Content-Type", value: "application/x-www-form-urlencoded")
            request.body = .bytes(ByteBuffer(string: body))
        }
        let response = try await HTTPClient.shared.execute(request, timeout: .seconds(20))
        return Answer(status: Int(response.status.code), body: Array(try await response.body.collect(upTo: 1 << 20).readableBytesView))
    }
}
