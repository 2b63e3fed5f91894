import Audio
import Twilio

@testable import TwilioTwin

/// A stream on virtual time: what it sends and what it tells, tick by tick.
struct StreamHarness {
    var stream: TwinStream
    var sent: [TwilioMessage] = []
    var events: [TwinEvent.Kind] = []
    var ending: StreamEnding?

    static let start = StreamStart(accountSid: "AC1", callSid: "CA1", streamSid: "MZ1", customParameters: ["token": "t"])
    /// A loud 400 Hz tone of one frame's length.
    static let speech = MuLaw.encode(ToneSource(frequency: 400).samples(milliseconds: 20))

    init(_ script: [CallerStep] = [], isTwoWay: Bool = true, persona: TwinPersona = .twilio, loopback: Loopback? = nil) {
        self.init(script: CallerScript(script), isTwoWay: isTwoWay, persona: persona, loopback: loopback)
    }

    init(script: CallerScript, isTwoWay: Bool = true, persona: TwinPersona = .twilio, loopback: Loopback? = nil) {
        stream = TwinStream(.init(start: Self.start, isTwoWay: isTwoWay, persona: persona, loopback: loopback), script: script)
        take(stream.begin())
    }

    mutating func tick(_ count: Int = 1, isCongested: Bool = false) {
        for _ in 0..<count { take(stream.tick(isCongested: isCongested)) }
    }

    /// The server sends this.
    mutating func receive(_ message: ServerMessage) {
        var json: [UInt8] = []
        MediaStreamCoding.encode(message, into: &json)
        take(stream.receive(text: json))
    }

    mutating func receive(text: String) { take(stream.receive(text: Array(text.utf8))) }

    /// The server sends audible audio, in frames of 20 ms.
    mutating func agentSpeaks(frames: Int) {
        for _ in 0..<frames { receive(.media(payload: Self.speech, streamSid: "MZ1")) }
    }

    mutating func take(_ outputs: [TwinStream.Output]) {
        for output in outputs {
            switch output {
            case .send(let message): sent.append(message)
            case .event(let event): events.append(event)
            case .end(let how): ending = how
            }
        }
    }

    var media: [StreamMedia] {
        sent.compactMap { message in
            guard case .media(let media, _) = message else { return nil }
            return media
        }
    }

    var marks: [String] {
        sent.compactMap { message in
            guard case .mark(let name, _, _) = message else { return nil }
            return name
        }
    }

    var sequenceNumbers: [Int?] {
        sent.compactMap { message -> Int?? in
            switch message {
            case .start(_, let number), .media(_, let number), .dtmf(_, _, let number), .mark(_, _, let number), .stop(_, let number): .some(number)
            case .connected, .unknown: nil
            }
        }
    }
}

/// A clip the caller says: a tone for some milliseconds.
func tone(_ milliseconds: Int) -> [Int16] { ToneSource(frequency: 500).samples(milliseconds: milliseconds) }
