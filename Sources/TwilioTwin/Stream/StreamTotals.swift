/// What came and went on a stream; of a call, the sum over its streams.
package struct StreamTotals: Sendable, Equatable, Codable {
    /// Frames of 20 ms sent.
    package var mediaSent = 0
    /// Frames thrown away because the server reads too slowly.
    package var mediaDiscarded = 0
    /// Keys sent.
    package var digitsSent = 0
    /// Media messages of the server, and their audio in bytes (8 a millisecond).
    package var mediaReceived = 0
    package var mediaBytesReceived = 0
    /// Marks of the server.
    package var marksReceived = 0
    /// Marks that came back because they were played.
    package var marksPlayed = 0
    /// Marks that came back because of a clear.
    package var marksCleared = 0
    /// Clears of the server.
    package var clearsReceived = 0
    /// Audio dropped by them, in bytes.
    package var bytesCleared = 0
    /// JSON events of the server that are no Twilio messages.
    package var serverEvents = 0
    /// How often the agent's audio broke off and went on within 300 ms.
    package var underruns = 0

    static func += (sum: inout Self, other: Self) {
        sum.mediaSent += other.mediaSent
        sum.mediaDiscarded += other.mediaDiscarded
        sum.digitsSent += other.digitsSent
        sum.mediaReceived += other.mediaReceived
        sum.mediaBytesReceived += other.mediaBytesReceived
        sum.marksReceived += other.marksReceived
        sum.marksPlayed += other.marksPlayed
        sum.marksCleared += other.marksCleared
        sum.clearsReceived += other.clearsReceived
        sum.bytesCleared += other.bytesCleared
        sum.serverEvents += other.serverEvents
        sum.underruns += other.underruns
    }
}
