import Engines
import Conversation
import Twilio

/// Twilio's side of a media socket, message by message: what each one means for the call.
///
/// Faults of the peer are answered in proportion: what can be skipped is skipped and counted, what would spend work
/// before the stream is known to be genuine closes the socket.
struct MediaStreamReceiver: Sendable {
    /// How far the stream has come.
    private enum State: Sendable {
        /// Nothing but `connected` may come. Becomes `streaming` or `ended`.
        case awaitingStart
        /// Audio flows. Becomes `ended`.
        case streaming(streamSid: String)
        /// `stop` has come; anything more is ignored.
        case ended
    }

    /// What a message comes to.
    enum Outcome: Sendable, Equatable {
        /// Nothing to do.
        case ignore
        /// Nothing to do, but worth a line in the log.
        case note(String)
        /// The stream's description, to be checked before anything else is read.
        case begin(StreamStart)
        /// Something for the call.
        case input(CallInput)
        /// The stream is over; the text is `stop`'s content as JSON.
        case stopped(String)
        /// The peer breaks the protocol: close with 1008.
        case refuse(String)
    }

    private let session: String
    private let callSid: String
    private var state = State.awaitingStart
    private var lastSequenceNumber: Int?
    /// Messages whose sequence number did not follow the one before.
    private(set) var sequenceGaps = 0

    /// Makes the receiver of a socket for this session and call.
    init(session: String, callSid: String) {
        self.session = session
        self.callSid = callSid
    }

    /// The stream in progress, if any.
    var streamSid: String? {
        if case .streaming(let streamSid) = state { streamSid } else { nil }
    }

    /// Takes a message.
    mutating func receive(_ message: TwilioMessage) -> Outcome {
        if case .ended = state { return .note("a message came after stop") }
        switch message {
        case .connected: return .ignore
        case .unknown: return .note("an unknown event was ignored")
        case .start(let start, let number): return begin(start, number)
        case .media(let media, let number): return streaming(number) { Self.take(media) }
        case .mark(let name, _, let number): return streaming(number) { .input(.mark(name)) }
        case .dtmf(let digit, _, let number):
            return streaming(number) { Self.key(digit).map { .input(.digit($0)) } ?? .note("a dtmf event without a key") }
        case .stop(let stop, let number):
            let outcome = streaming(number) { .stopped(Self.reason(stop)) }
            if case .stopped = outcome { state = .ended }
            return outcome
        }
    }

    private mutating func begin(_ start: StreamStart, _ number: Int?) -> Outcome {
        guard case .awaitingStart = state else { return .refuse("a second start") }
        guard start.callSid == callSid else { return .refuse("start names another call than the socket's address") }
        // It goes into every message and log line of the stream; Twilio's are 34 letters and digits.
        guard (1...64).contains(start.streamSid.utf8.count), start.streamSid.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber) }) else {
            return .refuse("start names a stream that is not 1 to 64 letters and digits")
        }
        guard start.encoding.lowercased() == "audio/x-mulaw", start.sampleRate == 8000, start.channels == 1 else {
            return .refuse("start announces audio that is not mu-law, 8000 Hz, 1 channel")
        }
        state = .streaming(streamSid: start.streamSid)
        lastSequenceNumber = number
        return .begin(start)
    }

    private mutating func streaming(_ number: Int?, _ outcome: () -> Outcome) -> Outcome {
        guard case .streaming = state else { return .refuse("a message came before start") }
        count(number)
        return outcome()
    }

    /// TCP keeps the order, so a gap or repeat is the sender's; it is a metric and no more.
    private mutating func count(_ number: Int?) {
        guard let number else { return }
        if let last = lastSequenceNumber, number != last &+ 1 { sequenceGaps += 1 }
        lastSequenceNumber = number
    }

    /// The key that was pressed: `0` to `9`, `*`, `#`, `A` to `D`; nil for anything else.
    private static func key(_ digit: String) -> Character? {
        guard digit.utf8.count == 1, let key = digit.first, "0123456789*#ABCD".contains(key) else { return nil }
        return key
    }

    private static func take(_ media: StreamMedia) -> Outcome {
        // The server's own audio, on a stream that asked for both tracks.
        guard media.track != "outbound" else { return .ignore }
        guard !media.payload.isEmpty else { return .note("a media message without audio") }
        return .input(.audio(media.payload, timestampMs: media.timestamp))
    }

    /// The stop message's content as the audit line shows it.
    private static func reason(_ stop: StreamStop) -> String {
        let object = JSONValue.object(["accountSid": .string(stop.accountSid), "callSid": .string(stop.callSid)])
        return (try? object.text()) ?? "{}"
    }
}
