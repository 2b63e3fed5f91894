import Conversation
import Foundation

/// The steps of a session's transfers, as its events tell them.
struct TransferHistory: Sendable {
    /// The type of the events.
    static let eventType = "voice.transfer"

    /// All steps, in their order.
    private(set) var steps: [TransferStep] = []

    /// Reads a session's steps.
    static func read(_ session: String, from store: any CallStore) async throws -> TransferHistory {
        var history = TransferHistory()
        var last = 0
        while case let page = try await store.events(of: session, after: last, limit: 500), let newest = page.last {
            for event in page where event.type == eventType {
                history.steps.append(try JSONDecoder().decode(Event.self, from: Data(event.json.utf8)).step)
            }
            last = newest.seq
        }
        return history
    }

    /// The party who has taken a call whose caller has not been connected with them: the newest step says so.
    var accepted: TransferStep? { steps.last.flatMap { $0.stage == .accepted ? $0 : nil } }

    /// The newest step of each party of each transfer that has not come to an end.
    var open: [TransferStep] {
        var newest: [[String]: TransferStep] = [:]
        for step in steps {
            let place = [step.transfer, "\(step.party)"]
            var step = step
            step.callID = step.callID ?? newest[place]?.callID
            newest[place] = step
        }
        return newest.values.filter { !$0.stage.isFinal && $0.stage != .bridged }.sorted { ($0.transfer, $0.party) < ($1.transfer, $1.party) }
    }

    private struct Event: Decodable {
        var transfer: String
        var destination: String
        var party: Int
        var stage: TransferStep.Stage
        var call_sid: String?

        var step: TransferStep {
            TransferStep(transfer: transfer, destination: destination, party: party, stage: stage, callID: call_sid)
        }
    }
}
