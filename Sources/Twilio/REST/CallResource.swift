import Foundation

/// An account as the REST API tells it, with the members that are used here.
package struct AccountResource: Sendable, Equatable, Codable {
    /// The account's SID.
    package var sid: String
    /// `active`, `suspended` or `closed`.
    package var status: String

    /// Where an account is told.
    package static func path(_ sid: String) -> String {
        RESTPath.account(sid) + ".json"
    }

    /// Makes a resource.
    package init(sid: String, status: String) {
        self.sid = sid
        self.status = status
    }

    /// Reads an answer's body; nil where it is no account.
    package init?(json: some Collection<UInt8>) {
        guard let account = try? JSONDecoder().decode(AccountResource.self, from: Data(json)) else { return nil }
        self = account
    }

    /// The resource as JSON.
    package var json: String { RESTJSON.text(self) }
}

/// A call as the REST API tells it, with the members that are used here.
package struct CallResource: Sendable, Equatable, Codable {
    /// The call's SID.
    package var sid: String
    /// `queued`, `ringing`, `in-progress`, `completed`, `busy`, `failed`, `no-answer` or `canceled`.
    package var status: String
    /// The account it belongs to.
    package var accountSid: String?
    /// The caller.
    package var from: String?
    /// The number called.
    package var to: String?
    /// The call whose `<Dial>` this one is of.
    package var parentCallSid: String?
    /// What machine detection found: `human`, `machine_start` and others.
    package var answeredBy: String?
    /// `inbound`, `outbound-api` or `outbound-dial`.
    package var direction: String?

    private enum CodingKeys: String, CodingKey {
        case sid, status, from, to, direction
        case accountSid = "account_sid"
        case parentCallSid = "parent_call_sid"
        case answeredBy = "answered_by"
    }

    /// Makes a resource.
    package init(
        sid: String,
        status: String,
        accountSid: String? = nil,
        from: String? = nil,
        to: String? = nil,
        parentCallSid: String? = nil,
        answeredBy: String? = nil,
        direction: String? = nil
    ) {
        self.sid = sid
        self.status = status
        self.accountSid = accountSid
        self.from = from
        self.to = to
        self.parentCallSid = parentCallSid
        self.answeredBy = answeredBy
        self.direction = direction
    }

    /// Reads an answer's body; nil where it is no call.
    ///
    /// Members that are not known are passed over.
    package init?(json: some Collection<UInt8>) {
        guard let call = try? JSONDecoder().decode(CallResource.self, from: Data(json)) else { return nil }
        self = call
    }

    /// The resource as JSON.
    package var json: String { RESTJSON.text(self) }
}

/// Calls as the REST API lists them, with the members that are used here.
package struct CallList: Sendable, Equatable, Codable {
    /// The calls, the newest first.
    package var calls: [CallResource]

    /// Makes a list.
    package init(calls: [CallResource]) { self.calls = calls }

    /// Reads an answer's body; nil if it is not a list of calls.
    package init?(json: some Collection<UInt8>) {
        guard let list = try? JSONDecoder().decode(CallList.self, from: Data(json)) else { return nil }
        self = list
    }

    /// The list as JSON.
    package var json: String { RESTJSON.text(self) }
}
