/// How far ahead of the caller's ear audio is sent, and how often its place is asked for.
package struct PlayoutConfiguration: Sendable, Equatable, Codable {
    /// Audio sent and not yet played is at most this long, in ms: what an interruption can throw away.
    package var leadMs = 400
    /// Frames go out together in batches of about this much audio, in ms, to wake up a call less often.
    package var batchMs = 100
    /// One message's audio, in ms.
    package var frameMs = 20
    /// A mark follows this much audio, in ms: how exactly the heard position is known.
    package var markEveryMs = 200
    /// A mark that has not come back this long after its audio must have ended is lost, in ms: from then on the clock alone counts.
    package var lostMarkMs = 1500
    /// The next piece of an answer is made once no more than this much audio has been made and not been heard, in ms.
    package var lookAheadMs = 10_000

    /// The defaults.
    package init() {}
}
