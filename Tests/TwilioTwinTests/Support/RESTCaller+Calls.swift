import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import Twilio

extension RESTCaller {
    /// Places a call.
    func place(_ call: CallCreation) async throws -> Answer {
        try await send(path: CallCreation.path(accountSid: accountSid), .POST, body: try call.parameters.formEncoded)
    }

    /// Lists calls.
    func list(_ query: String) async throws -> [CallResource] {
        let answer = try await send(path: CallCreation.path(accountSid: accountSid) + "?" + query, .GET, body: nil)
        return CallList(json: answer.body)?.calls ?? []
    }

    private func send(path: String, _ method: HTTPMethod, body: String?) async throws -> Answer {
        var request = HTTPClientRequest(url: url + path)
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
