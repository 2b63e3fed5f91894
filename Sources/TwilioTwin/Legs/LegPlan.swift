import Synchronization
import Twilio

/// What is to be done with the call of a callee.
struct LegPlan: Sendable {
    /// How it is found out whether a machine answered.
    struct Detection: Sendable {
        /// `Enable` or `DetectMessageEnd`.
        var mode: String
        /// Whether the document waits for it.
        var isAwaited: Bool
        /// Where it is told.
        var callback: String?
    }

    /// Where progress is told.
    struct Progress: Sendable {
        var url: String
        var method: TwinCallConfiguration.Method = .post
        var events: [String]
    }

    /// How long it waits to be dialled.
    var queueMs = 0
    /// How long it rings at most.
    var ringMs: Int
    /// Where its document is from.
    var source: CallStep.Source?
    /// The document itself.
    var document: CallDocument?
    var detection: Detection?
    var progress: Progress?
    /// Who of several parties answers first; nil for a call that the server placed.
    var race: DialRace?

    /// How much Twilio always adds to the time that it rings, in seconds.
    private static let addedSeconds = 5
    /// How long the call rings that the server placed.
    private static let ringSeconds = 60

    /// The plan of a call that the server places.
    init(_ creation: CallCreation, queueMs: Int) {
        self.queueMs = queueMs
        ringMs = ((creation.timeoutSeconds ?? Self.ringSeconds) + Self.addedSeconds) * 1000
        source = creation.url.map { .init(url: $0, method: creation.method == "GET" ? .get : .post) }
        document = creation.twiml.map { CallDocument(url: nil, twiml: $0) }
        detection = creation.machineDetection.map {
            Detection(mode: $0, isAwaited: !creation.asyncAMD, callback: creation.asyncAMDStatusCallback)
        }
        progress = creation.statusCallback.map { Progress(url: $0, events: creation.statusCallbackEvents) }
    }

    /// The plan of a party of a `<Dial>`, whose URLs may be relative to its document.
    init(
        _ leg: TwiML.Dial.Leg,
        ringSeconds: Int,
        race: DialRace,
        resolve: (String) throws(TwinError) -> String
    ) throws(TwinError) {
        ringMs = (ringSeconds + Self.addedSeconds) * 1000
        if let url = leg.url { source = .init(url: try resolve(url), method: leg.method == "GET" ? .get : .post) }
        if let mode = leg.machineDetection {
            var callback: String?
            if let url = leg.amdStatusCallback { callback = try resolve(url) }
            detection = Detection(mode: mode, isAwaited: false, callback: callback)
        }
        if let url = leg.statusCallback {
            let method: TwinCallConfiguration.Method = leg.statusCallbackMethod == "GET" ? .get : .post
            progress = Progress(url: try resolve(url), method: method, events: leg.statusCallbackEvents)
        }
        self.race = race
    }
}

/// Several parties of a `<Dial>`, of whom one gets the caller.
final class DialRace: Sendable {
    private let first = Mutex<Leg?>(nil)

    /// The one who gets the caller.
    var winner: Leg? { first.withLock { $0 } }

    /// Claims the caller; false where another party has.
    func claim(_ leg: Leg) -> Bool {
        first.withLock { first in
            first = first ?? leg
            return first === leg
        }
    }
}
