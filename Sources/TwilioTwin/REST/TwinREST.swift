import Foundation
import Synchronization
import Twilio

/// Twilio's REST API, as far as it concerns calls: it places, updates and tells them.
///
/// Calls that have it in their configuration can be updated and looked up through it, with the account's SID and token. While such a call lasts the
/// server can place others, which are part of it:
/// ```
///  server ── POST .../Calls/CA....json ──▶ TwinREST ── CallLine.take, Leg.take ──▶ the call leaves its verb and does as told
///         ── POST .../Calls.json ────────▶          ── LegDesk.place ───────────▶ a callee is called
///         ◀── the call, or Twilio's error ──┘
/// ```
/// ``withServer(port:_:)`` puts it on a port.
package final class TwinREST: Sendable {
    /// A call that is or was placed.
    private struct Call: Sendable {
        var number: Int
        var resource: @Sendable () -> CallResource
        /// Takes an update; nil when the call is over.
        var take: (@Sendable (CallUpdate) -> Bool)?
    }

    private struct State {
        var calls: [String: Call] = [:]
        /// What places calls, by the simulated call that they are part of; the newest last.
        var desks: [(callSid: String, desk: LegDesk)] = []
    }

    /// The account that the calls belong to.
    package let accountSid: String
    /// What requests prove themselves with, and what the calls' webhooks are signed with.
    package let authToken: String
    /// The account's conferences.
    let rooms = ConferenceRooms()
    private let state = Mutex(State())

    /// Makes the API of an account without calls.
    package init(accountSid: String = Sid.random(.account), authToken: String) {
        self.accountSid = accountSid
        self.authToken = authToken
    }

    /// A simulated call begins.
    func enter(_ configuration: TwinCallConfiguration, line: CallLine, desk: LegDesk? = nil) {
        let resource = CallResource(
            sid: configuration.callSid,
            status: "",
            accountSid: accountSid,
            from: configuration.from,
            to: configuration.to,
            direction: "inbound"
        )
        state.withLock { state in
            state.calls[configuration.callSid] = Call(
                number: state.calls.count,
                resource: {
                    var resource = resource
                    resource.status = line.status
                    return resource
                },
                take: line.take
            )
            if let desk { state.desks.append((configuration.callSid, desk)) }
        }
    }

    /// A callee is called.
    func enter(_ leg: Leg) {
        let accountSid = accountSid
        state.withLock { state in
            state.calls[leg.callSid] = Call(
                number: state.calls.count,
                resource: {
                    CallResource(
                        sid: leg.callSid,
                        status: leg.status,
                        accountSid: accountSid,
                        from: leg.from,
                        to: leg.to,
                        parentCallSid: leg.parentCallSid,
                        answeredBy: leg.answeredBy,
                        direction: leg.direction
                    )
                },
                take: leg.take
            )
        }
    }

    /// A simulated call is over; it can still be looked up.
    func leave(_ callSid: String) {
        state.withLock { state in
            state.desks.removeAll { $0.callSid == callSid }
            guard var resource = state.calls[callSid]?.resource() else { return }
            resource.status = "completed"
            state.calls[callSid]?.resource = { [resource] in resource }
            state.calls[callSid]?.take = nil
        }
    }

    /// The one `Authorization` header that is right.
    var authorization: String { "Basic " + Data("\(accountSid):\(authToken)".utf8).base64EncodedString() }
}

/// The requests.
extension TwinREST {
    /// Answers a request as Twilio does.
    func answer(_ request: RESTRequest) -> RESTAnswer {
        do throws(TwilioRESTError) {
            guard request.authorization == authorization else { throw .notAuthenticated }
            switch (request.method, request.path) {
            case ("GET", AccountResource.path(accountSid)):
                return RESTAnswer(status: 200, body: AccountResource(sid: accountSid, status: "active").json)
            case ("GET", CallCreation.path(accountSid: accountSid)):
                return RESTAnswer(status: 200, body: calls(request.query).json)
            case ("POST", CallCreation.path(accountSid: accountSid)):
                return RESTAnswer(status: 201, body: try place(request).json)
            case ("GET", ConferenceList.path(accountSid: accountSid)):
                return RESTAnswer(status: 200, body: conferences(request.query).json)
            case ("GET", let path) where path.hasSuffix("/Participants.json"):
                return RESTAnswer(status: 200, body: try participants(path).json)
            default:
                return RESTAnswer(status: 200, body: try call(request).json)
            }
        } catch {
            return RESTAnswer(status: error.status, body: error.json)
        }
    }

    private func conferences(_ query: String) -> ConferenceList {
        let filters = WebhookParameters(formEncoded: query.utf8)
        let status = filters["Status"]
        return ConferenceList(conferences: rooms.conferences(named: filters["FriendlyName"]).filter { status == nil || $0.status == status })
    }

    private func participants(_ path: String) throws(TwilioRESTError) -> ParticipantList {
        let conferenceSid = path.split(separator: "/").dropLast().last.map(String.init) ?? ""
        guard path == ParticipantList.path(accountSid: accountSid, conferenceSid: conferenceSid),
            let participants = rooms.participants(of: conferenceSid)
        else { throw .notFound(path) }
        return ParticipantList(participants: participants)
    }

    private func call(_ request: RESTRequest) throws(TwilioRESTError) -> CallResource {
        let call = state.withLock { state in
            state.calls.first { CallUpdate.path(accountSid: accountSid, callSid: $0.key) == request.path }?.value
        }
        guard let call else { throw .notFound(request.path) }
        switch request.method {
        case "GET": break
        case "POST":
            let update = try CallUpdate(WebhookParameters(formEncoded: request.body))
            guard call.take?(update) == true else { throw .notInProgress }
        default: throw TwilioRESTError(status: 405, code: 20004, message: "Method not allowed")
        }
        return call.resource()
    }

    /// The calls that a query asks for, the newest first; filters other than these are passed over.
    private func calls(_ query: String) -> CallList {
        let filters = WebhookParameters(formEncoded: query.utf8)
        let (parent, to, status) = (filters["ParentCallSid"], filters["To"], filters["Status"])
        let calls = state.withLock { state in
            state.calls.values.sorted { $0.number > $1.number }.map { $0.resource() }
        }
        return CallList(
            calls: calls.filter { call in
                (parent == nil || call.parentCallSid == parent) && (to == nil || call.to == to) && (status == nil || call.status == status)
            }
        )
    }

    /// Places a call as part of the simulated call whose number it is from, or of the newest.
    private func place(_ request: RESTRequest) throws(TwilioRESTError) -> CallResource {
        let creation = try CallCreation(WebhookParameters(formEncoded: request.body))
        let desk = state.withLock { state in
            (state.desks.last { $0.desk.configuration.to == creation.from } ?? state.desks.last)?.desk
        }
        guard let leg = desk?.place(creation) else {
            throw .badRequest(20001, "The simulator places calls only while a simulated call lasts")
        }
        return CallResource(
            sid: leg.callSid,
            status: "queued",
            accountSid: accountSid,
            from: leg.from,
            to: leg.to,
            direction: leg.direction
        )
    }
}
