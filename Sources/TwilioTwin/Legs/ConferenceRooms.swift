import Synchronization
import Twilio

/// The conferences of an account, by name: who is in them, and whether they have begun.
///
/// What is said in them is not simulated.
final class ConferenceRooms: Sendable {
    /// A call in a conference.
    struct Member: Sendable {
        let callSid: String
        let noun: TwiML.Dial.Conference
        /// Where the conference's events are told if this call is the first in it; absolute.
        let callback: String?
        /// Who tells them when they are about this call.
        let desk: LegDesk
    }

    /// What a call in a conference can notice of it.
    struct Company: Sendable {
        /// Whether it has begun: those in it hear each other.
        var isTalking: Bool
        /// The calls in it.
        var callSids: [String]
    }

    /// Why a call leaves.
    enum Leaving: String, Sendable {
        case hungUp = "participant_hung_up"
        case updated = "participant_updated_via_api"
        case conferenceEnded = "moderator_ended_conference"
    }

    private struct Room: Sendable {
        let sid = Sid.random(.conference)
        var members: [Member] = []
        var hasStarted = false
        var number = Undocumented.firstNumberOfConference
        /// The first member's, which stand.
        let callback: String?
        let events: [String]
    }

    private let rooms = Mutex<[String: Room]>([:])

    /// A call comes in; the conference begins when there are two, and one of them may begin it.
    func join(_ member: Member) {
        rooms.withLock { rooms in
            var room = rooms[member.noun.name] ?? Room(callback: member.callback, events: member.noun.statusCallbackEvents)
            room.members.append(member)
            let starts = !room.hasStarted && room.members.count > 1 && room.members.contains { $0.noun.startOnEnter }
            room.hasStarted = room.hasStarted || starts
            for event in Undocumented.eventsOfJoining(startsConference: starts) { Self.tell(event, of: member, in: &room) }
            rooms[member.noun.name] = room
        }
    }

    /// What a call notices; nil where it is not in the conference any more.
    func company(of callSid: String, in name: String) -> Company? {
        rooms.withLock { rooms in
            guard let room = rooms[name], room.members.contains(where: { $0.callSid == callSid }) else { return nil }
            return Company(isTalking: room.hasStarted && room.members.count > 1, callSids: room.members.map(\.callSid))
        }
    }

    /// The conferences of this name that go on now.
    func conferences(named name: String?) -> [ConferenceResource] {
        rooms.withLock { rooms in
            rooms.filter { name == nil || $0.key == name }.map { name, room in
                ConferenceResource(sid: room.sid, friendlyName: name, status: room.hasStarted ? "in-progress" : "init")
            }
        }
    }

    /// The calls in a conference; nil if it is over, or never was.
    func participants(of conferenceSid: String) -> [ParticipantList.Participant]? {
        rooms.withLock { rooms in
            rooms.values.first { $0.sid == conferenceSid }?.members
                .map { ParticipantList.Participant(callSid: $0.callSid, label: $0.noun.participantLabel) }
        }
    }

    /// A call goes; with it the conference, where it says so or is the last.
    func leave(_ callSid: String, _ name: String, _ reason: Leaving) {
        rooms.withLock { rooms in
            guard var room = rooms[name], let index = room.members.firstIndex(where: { $0.callSid == callSid }) else { return }
            let member = room.members.remove(at: index)
            Self.tell("participant-leave", of: member, leaving: reason, in: &room)
            guard room.members.isEmpty || member.noun.endOnExit else {
                rooms[name] = room
                return
            }
            let isLast = room.members.isEmpty
            for other in room.members { Self.tell("participant-leave", of: other, leaving: .conferenceEnded, in: &room) }
            Self.tellEnd(by: member, isLast: isLast, in: &room)
            rooms[name] = nil
        }
    }
}

/// The events that the server is told.
extension ConferenceRooms {
    private static func tell(_ event: String, of member: Member, leaving: Leaving? = nil, in room: inout Room) {
        var pairs: [WebhookParameters.Pair] = [
            .init("CallSid", member.callSid), .init("Muted", "false"), .init("Hold", "false"), .init("Coaching", "false"),
            .init("StartConferenceOnEnter", "\(member.noun.startOnEnter)"), .init("EndConferenceOnExit", "\(member.noun.endOnExit)"),
        ]
        if let label = member.noun.participantLabel { pairs.append(.init("ParticipantLabel", label)) }
        if let leaving {
            pairs.append(.init("ParticipantCallStatus", leaving == .hungUp ? "completed" : "in-progress"))
            pairs.append(.init("ReasonParticipantLeft", leaving.rawValue))
        }
        send(event, event == "conference-start" ? [.init("CallSid", member.callSid)] : pairs, by: member, in: &room)
    }

    private static func tellEnd(by member: Member, isLast: Bool, in room: inout Room) {
        var pairs: [WebhookParameters.Pair] = [
            .init("ReasonConferenceEnded", isLast ? "last-participant-left" : "participant-with-end-conference-on-exit-left"),
            .init("CallSidEndingConference", member.callSid),
            .init("Reason", isLast ? "Last participant left" : "Participant with endConferenceOnExit left"),
        ]
        if let label = member.noun.participantLabel { pairs.append(.init("ParticipantLabelEndingConference", label)) }
        send("conference-end", pairs, by: member, in: &room)
    }

    private static func send(_ event: String, _ pairs: [WebhookParameters.Pair], by member: Member, in room: inout Room) {
        defer { room.number += 1 }
        let word = event.split(separator: "-").last.map(String.init) ?? event
        guard let url = room.callback, room.events.contains(word) else { return }
        let standard: [WebhookParameters.Pair] = [
            .init("ConferenceSid", room.sid), .init("FriendlyName", member.noun.name), .init("AccountSid", member.desk.configuration.accountSid),
            .init("Timestamp", Timestamps.rfc2822()), .init("SequenceNumber", "\(room.number)"), .init("StatusCallbackEvent", event),
        ]
        member.desk.conferenceCallbacks.send(.init(event: event, url: url, pairs: standard + pairs))
    }
}
