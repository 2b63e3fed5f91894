package import Audio
package import Twilio

/// What came of a call.
package struct TwinCallReport: Sendable {
    /// The call's SID.
    package internal(set) var callSid: String
    /// How it ended.
    package internal(set) var ending = CallEnding.failed
    /// How long it lasted, in ms.
    package internal(set) var durationMs = 0
    /// From the request to the first document, in ms.
    package internal(set) var webhookAnsweredMs: Int?
    /// From the call's beginning to the first open media socket, in ms.
    package internal(set) var streamConnectedMs: Int?
    /// The verbs run, in order.
    package internal(set) var verbs: [TwiML.Verb] = []
    /// Whom the caller was put through to.
    package internal(set) var transfers: [String] = []
    /// The numbers that were called, each as often as it was.
    package internal(set) var dialled: [String] = []
    /// The calls to them, in the order they were placed.
    package internal(set) var legs: [TwinLeg] = []
    /// When the caller heard somebody else than the agent.
    package internal(set) var bridges: [TwinBridge] = []
    /// The keys that were sent, `<Play digits>` by `<Play digits>`.
    package internal(set) var keysSent: [String] = []
    /// How each stream ended, in the order they ended.
    package internal(set) var streams: [StreamEnding] = []
    /// What the caller said, stream after stream.
    package internal(set) var turns: [TwinTurn] = []
    /// The streams' totals added up.
    package internal(set) var totals = StreamTotals()
    /// What Twilio's debugger would show.
    package internal(set) var faults: [TwilioFault] = []
    /// What failed although the call was answered.
    package internal(set) var failures: [TwinError] = []
    /// Mu-law of all streams, one after the other.
    var callerAudio: [UInt8] = []
    var agentAudio: [UInt8] = []

    /// Two channels at 8,000 Hz, the streams one after the other: left what the caller said, right what the caller heard.
    package var recording: WAVFile { WAVFile(sampleRate: 8000, channels: [MuLaw.decode(callerAudio), MuLaw.decode(agentAudio)]) }

    /// Adds a stream that is over.
    mutating func add(_ stream: TwinStream, ending: StreamEnding) {
        turns += stream.turns
        if ending.isLoss, stream.script.isUnanswered, !stream.turns.isEmpty { turns[turns.count - 1].isSaidAgain = true }
        totals += stream.totals
        callerAudio += stream.recording.caller
        agentAudio += stream.recording.agent
    }
}
