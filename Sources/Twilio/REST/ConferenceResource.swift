import Foundation

/// A conference as the REST API tells it, with the members that are used here.
///
/// Source: Twilio, "Conference resource" (docs/voice/api/conference-resource).
package struct ConferenceResource: Sendable, Equatable, Codable {
    /// The conference's SID.
    package var sid: String
    /// Its name.
    package var friendlyName: String
    /// `init`, `in-progress` or `completed`.
    package var status: String

    private enum CodingKeys: String, CodingKey {
        case sid, status
        case friendlyName = "friendly_name"
    }

    /// Makes a resource.
    package init(sid: String, friendlyName: String, status: String) {
        self.sid = sid
        self.friendlyName = friendlyName
        self.status = status
    }
}

/// A page of conferences, and of the calls in one.
package struct ConferenceList: Sendable, Equatable, Codable {
    /// The conferences.
    package var conferences: [ConferenceResource]

    /// Makes a list.
    package init(conferences: [ConferenceResource]) { self.conferences = conferences }

    /// Reads an answer's body; nil if it is not a list of conferences.
    package init?(json: some Collection<UInt8>) {
        guard let list = try? JSONDecoder().decode(ConferenceList.self, from: Data(json)) else { return nil }
        self = list
    }

    /// The list as JSON.
    package var json: String { RESTJSON.text(self) }

    /// Where the account's conferences are listed.
    package static func path(accountSid: String) -> String { RESTPath.account(accountSid) + "/Conferences.json" }
}

/// The calls that are in a conference now.
package struct ParticipantList: Sendable, Equatable, Codable {
    /// One call in a conference.
    package struct Participant: Sendable, Equatable, Codable {
        /// The call's SID.
        package var callSid: String
        /// The participant's label, if it has one.
        package var label: String?

        private enum CodingKeys: String, CodingKey {
            case label
            case callSid = "call_sid"
        }

        /// Makes a participant.
        package init(callSid: String, label: String?) {
            self.callSid = callSid
            self.label = label
        }
    }

    /// The participants.
    package var participants: [Participant]

    /// Makes a list.
    package init(participants: [Participant]) { self.participants = participants }

    /// Reads an answer's body; nil if it is not a list of participants.
    package init?(json: some Collection<UInt8>) {
        guard let list = try? JSONDecoder().decode(ParticipantList.self, from: Data(json)) else { return nil }
        self = list
    }

    /// The list as JSON.
    package var json: String { RESTJSON.text(self) }

    /// Where the participants of a conference are listed.
    package static func path(accountSid: String, conferenceSid: String) -> String {
        RESTPath.account(accountSid) + "/Conferences/\(RESTPath.segment(conferenceSid))/Participants.json"
    }
}
