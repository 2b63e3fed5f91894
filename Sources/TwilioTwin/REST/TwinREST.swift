import Foundation
import Synchronization
import Twilio

/// Twilio's REST API, as far as it concerns calls in progress.
///
/// Calls that have it in their configuration can be updated and looked up through it, with the account's SID and token:
/// ```
///  server ── POST .../Calls/CA....json ──▶ TwinREST ── CallLine.take ──▶ the call leaves its verb and does as told
///         ◀── the call, or Twilio's error ──┘
/// ```
/// ``withServer(port:_:)`` puts it on a port.
package final class TwinREST: Sendable {
    /// A call that is or was placed.
    private struct Call: Sendable {
        /// Nil when the call is over.
        var line: CallLine?
        var from: String
        var to: String
    }

    /// The account that the calls belong to.
    package let accountSid: String
    /// What requests prove themselves with, and what the calls' webhooks are signed with.
    package let authToken: String
    private let calls = Mutex<[String: Call]>([:])

    /// Makes the API of an account without calls.
    package init(accountSid: String = Sid.random(.account), authToken: String) {
        self.accountSid = accountSid
        self.authToken = authToken
    }

    /// A call begins.
    func enter(_ configuration: TwinCallConfiguration, line: CallLine) {
        calls.withLock { $0[configuration.callSid] = Call(line: line, from: configuration.from, to: configuration.to) }
    }

    /// A call is over; it can still be looked up.
    func leave(_ callSid: String) { calls.withLock { $0[callSid]?.line = nil } }

    /// Answers a request as Twilio does.
    func answer(_ request: RESTRequest) -> RESTAnswer {
        do throws(TwilioRESTError) {
            guard request.authorization == authorization else { throw .notAuthenticated }
            if request.method == "GET", request.path == AccountResource.path(accountSid) {
                return RESTAnswer(status: 200, body: AccountResource(sid: accountSid, status: "active").json)
            }
            return RESTAnswer(status: 200, body: try call(request).json)
        } catch {
            return RESTAnswer(status: error.status, body: error.json)
        }
    }

    private func call(_ request: RESTRequest) throws(TwilioRESTError) -> CallResource {
        let entry = calls.withLock { calls in
            calls.first { CallUpdate.path(accountSid: accountSid, callSid: $0.key) == request.path }
        }
        guard let (callSid, call) = entry else { throw .notFound(request.path) }
        switch request.method {
        case "GET": break
        case "POST": try update(call, by: request)
        default: throw TwilioRESTError(status: 405, code: 20004, message: "Method not allowed")
        }
        let status = call.line?.status ?? "completed"
        return CallResource(sid: callSid, status: status, accountSid: accountSid, from: call.from, to: call.to)
    }

    private func update(_ call: Call, by request: RESTRequest) throws(TwilioRESTError) {
        let update = try CallUpdate(WebhookParameters(formEncoded: request.body))
        guard call.line?.take(update) == true else { throw .notInProgress }
    }

    /// The one `Authorization` header that is right.
    var authorization: String { "Basic " + Data("\(accountSid):\(authToken)".utf8).base64EncodedString() }
}
