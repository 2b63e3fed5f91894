/// A step of calling somebody else for the caller, as events tell it.
package struct TransferStep: Sendable, Equatable, Codable {
    /// How far it has come with one party.
    package enum Stage: String, Sendable, Codable, CaseIterable {
        /// The telephone network is about to be asked to call the party.
        case dialing
        /// The network has taken the request.
        case placed
        /// It rings.
        case ringing
        /// Somebody, or something, has answered.
        case answered
        /// The party takes the call.
        case accepted
        /// The caller and the party are connected.
        case bridged
        /// The party does not take the call.
        case declined
        /// An answering machine has answered.
        case machine
        /// The line is busy.
        case busy
        /// No one has answered.
        case noAnswer = "no_answer"
        /// The party could not be called.
        case failed
        /// The attempt was given up: another party was quicker, the caller has left, or the server went away.
        case cancelled

        /// Whether nothing follows with this party.
        package var isFinal: Bool {
            switch self {
            case .declined, .machine, .busy, .noAnswer, .failed, .cancelled: true
            case .dialing, .placed, .ringing, .answered, .accepted, .bridged: false
            }
        }
    }

    /// The tool call that the transfer belongs to.
    package var transfer: String
    /// The name of the destination.
    package var destination: String
    /// The number of the party in the order of calling, from 1.
    package var party: Int
    /// How far it has come.
    package var stage: Stage
    /// The party's call, once it has one.
    package var callID: String?

    /// Makes a step.
    package init(transfer: String, destination: String, party: Int, stage: Stage, callID: String? = nil) {
        self.transfer = transfer
        self.destination = destination
        self.party = party
        self.stage = stage
        self.callID = callID
    }
}
