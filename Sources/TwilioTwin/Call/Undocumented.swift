import Twilio

/// What Twilio does not document about the control of calls, decided here and nowhere else.
///
/// A server must not depend on any of it.
enum Undocumented {
    /// When the other parties of a `<Dial>` are dropped.
    enum RaceEnd {
        /// When the first of them answers.
        case answer
        /// When the first of them has heard out what is said before the caller is there.
        case bridge
    }

    /// When the first of several parties has won: not documented.
    static let raceEnd = RaceEnd.answer

    /// Whether a `<Dial>`'s action is fetched when the caller has hung up: not documented.
    static let fetchesActionAfterCallerHungUp = false

    /// Whether the action of a `<Dial>` around a conference is fetched, and ignored, when the call is redirected: not documented.
    ///
    /// It was measured around numbers.
    static let fetchesActionOfRedirectedConference = true

    /// `DialBridged` where the callee declined what was asked before the bridge: not documented, seen in several products.
    static let isBridgedAfterDecline = false

    /// Whether a `<Dial>` of one number after the other goes on with the next: not documented where the last one answered.
    static func callsNext(afterStatus status: String, wasAnswered: Bool) -> Bool { !wasAnswered && status != "completed" }

    /// What a `<Dial>` of several numbers that none answered tells: not documented.
    static func status(ofAll statuses: [String]) -> String {
        ["no-answer", "busy", "canceled", "failed"].first(where: statuses.contains) ?? "failed"
    }

    /// What a `<Dial>` tells when the document for the callee could not be fetched: not documented.
    static let statusWithoutWhisper = "failed"

    /// The status of a call that rang when it was told to be `completed`: not documented.
    static let statusWhenCompletedWhileRinging = "canceled"

    /// The order of a conference's events when a call joins: not documented.
    static func eventsOfJoining(startsConference: Bool) -> [String] {
        startsConference ? ["participant-join", "conference-start"] : ["participant-join"]
    }

    /// The first `SequenceNumber` of a conference: not documented.
    static let firstNumberOfConference = 1

    /// Whether the call of a callee whose line is in use rings: not documented.
    static let ringsBeforeBusy = false

    /// How much longer finding out takes where it waits for the end of a machine's greeting: not documented, it depends on the greeting.
    static let greetingMs = 4000
}
