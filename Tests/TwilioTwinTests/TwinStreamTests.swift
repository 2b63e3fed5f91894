import Audio
import Testing
import Twilio

@testable import TwilioTwin

/// Twilio's side of a stream on virtual time.
@Suite struct TwinStreamTests {
    @Test func streamOpensWithConnectedThenStart() {
        let harness = StreamHarness()
        #expect(harness.sent == [.connected(protocol: "Call", version: "1.0.0"), .start(StreamHarness.start, sequenceNumber: 1)])
    }

    @Test func framesAreNumberedAsTwilioDoes() {
        var harness = StreamHarness()
        harness.tick(3)
        #expect(harness.sequenceNumbers == [1, 2, 3, 4])
        #expect(harness.media.map(\.chunk) == [1, 2, 3])
        #expect(harness.media.map(\.timestamp) == [57, 77, 97])
        #expect(harness.media.allSatisfy { $0.payload == [UInt8](repeating: 0xFF, count: 160) && $0.track == "inbound" })
    }

    @Test func numbersTravelAsStrings() {
        var harness = StreamHarness()
        harness.tick()
        var json: [UInt8] = []
        for message in harness.sent.suffix(1) { MediaStreamCoding.encode(message, into: &json) }
        let text = String(decoding: json, as: UTF8.self)
        #expect(text.contains(#""sequenceNumber":"2""#))
        #expect(text.contains(#""chunk":"1""#))
        #expect(text.contains(#""timestamp":"57""#))
    }

    @Test func clipIsSentFrameByFrameWithoutLoss() {
        let clip = tone(50)
        var harness = StreamHarness([.say(clip: clip, label: "hello")])
        harness.tick(4)
        let sent = harness.media.flatMap(\.payload)
        #expect(Array(sent.prefix(400)) == MuLaw.encode(clip))
        #expect(sent.dropFirst(400).allSatisfy { $0 == 0xFF })
        #expect(harness.events == [.callerSpeaks(label: "hello"), .callerFinished(label: "hello")])
    }

    @Test func markEchoesWhenItsAudioHasPlayed() {
        var harness = StreamHarness()
        harness.agentSpeaks(frames: 3)
        harness.receive(.mark(name: "end", streamSid: "MZ1"))
        harness.tick(2)
        #expect(harness.marks.isEmpty)
        harness.tick()
        #expect(harness.marks == ["end"])
        #expect(harness.stream.recording.agent.count == 480)
        #expect(harness.stream.recording.agent == StreamHarness.speech + StreamHarness.speech + StreamHarness.speech)
    }

    @Test func markOnASilentStreamEchoesAtOnce() {
        var harness = StreamHarness()
        harness.receive(.mark(name: "now", streamSid: "MZ1"))
        #expect(harness.marks == ["now"])
    }

    @Test func clearSilencesTheAgentAndReturnsItsMarks() {
        var harness = StreamHarness()
        harness.agentSpeaks(frames: 10)
        harness.receive(.mark(name: "a", streamSid: "MZ1"))
        harness.receive(.mark(name: "b", streamSid: "MZ1"))
        harness.tick(2)
        harness.receive(.clear(streamSid: "MZ1"))
        #expect(harness.marks == ["a", "b"])
        harness.tick(2)
        #expect(harness.stream.recording.agent.suffix(320).allSatisfy { $0 == 0xFF })
        #expect(harness.events.contains(.cleared(droppedMs: 160)))
        #expect(harness.stream.totals.marksCleared == 2)
    }

    @Test func hangUpSaysStopAndSendsNothingAfterIt() {
        var harness = StreamHarness([.wait(40), .hangUp])
        harness.tick(5)
        #expect(harness.media.count == 2)
        #expect(harness.sent.last == .stop(.init(accountSid: "AC1", callSid: "CA1", streamSid: "MZ1"), sequenceNumber: 4))
        #expect(harness.ending == .callerHungUp)
        harness.receive(.mark(name: "late", streamSid: "MZ1"))
        #expect(harness.marks.isEmpty)
    }

    @Test func cutSocketSaysNothing() {
        var harness = StreamHarness([.cutSocket])
        harness.tick()
        #expect(harness.sent.count == 2)
        #expect(harness.ending == .callerCutSocket)
    }

    @Test func streamEndsWithTheCallsTimeLimit() {
        var stream = TwinStream(.init(start: StreamHarness.start, maximumFrames: 2), script: CallerScript([]))
        _ = stream.begin()
        _ = stream.tick()
        _ = stream.tick()
        let last = stream.tick().last
        #expect(last == .end(.callEnded))
    }

    @Test func keysTravelOnTwoWayStreamsAlone() {
        var twoWay = StreamHarness([.dtmf("5")])
        twoWay.tick()
        #expect(twoWay.sent.contains(.dtmf(digit: "5", streamSid: "MZ1", sequenceNumber: 2)))
        var oneWay = StreamHarness([.dtmf("5")], isTwoWay: false)
        oneWay.tick()
        #expect(oneWay.sent.count == 3)
    }

    @Test func slowReaderLosesCallerAudioButNoTime() {
        var harness = StreamHarness()
        harness.tick(2, isCongested: true)
        harness.tick()
        #expect(harness.media.map(\.timestamp) == [97])
        #expect(harness.media.map(\.chunk) == [1])
        #expect(harness.stream.totals.mediaDiscarded == 2)
        #expect(harness.stream.faults.map(\.code) == [31930])
    }
}

/// What Twilio's debugger would say.
@Suite struct TwinStreamFaultTests {
    @Test(arguments: [
        "not json",
        #"{"event":"dance","streamSid":"MZ1"}"#,
        #"{"event":"clear","streamSid":"MZ1","extra":1}"#,
        #"{"event":"media","streamSid":"MZ1"}"#,
        #"{"event":"clear","streamSid":"MZ2"}"#,
        #"{"type":"voice.stt.final","session_id":"s"}"#,
    ])
    func invalidMessagesAreReportedOnceAndTheStreamGoesOn(text: String) {
        var harness = StreamHarness()
        harness.receive(text: text)
        harness.receive(text: text)
        #expect(harness.stream.faults.map(\.code) == [31951])
        harness.agentSpeaks(frames: 1)
        harness.tick()
        #expect(harness.stream.recording.agent == StreamHarness.speech)
    }

    @Test func binaryFramesAreReported() {
        var harness = StreamHarness()
        harness.take(harness.stream.receive(binary: [1, 2]))
        #expect(harness.stream.faults.map(\.code) == [31950])
    }

    @Test func anythingOnAOneWayStreamIsReported() {
        var harness = StreamHarness(isTwoWay: false)
        harness.agentSpeaks(frames: 2)
        harness.tick()
        #expect(harness.stream.faults.map(\.code) == [31924])
        #expect(harness.stream.recording.agent.allSatisfy { $0 == 0xFF })
    }

    @Test func elevenMinutesOfAudioAreReportedOnce() {
        var harness = StreamHarness()
        let minute = [UInt8](repeating: 0xFF, count: 60 * 8000)
        for _ in 0..<12 { harness.take(harness.stream.accept(media: minute)) }
        #expect(harness.stream.faults.map(\.code) == [31931])
        #expect(harness.stream.playout.discardedBytes == 2 * minute.count)
    }

    @Test func plainClientsSeeTheServersOwnEvents() {
        var harness = StreamHarness(persona: .plain)
        let json = #"{"type":"voice.stt.final","text":"hi"}"#
        harness.receive(text: json)
        #expect(harness.events == [.serverEvent(json)])
        #expect(harness.stream.faults.isEmpty)
    }

    @Test func closingServerIsNotedAndEndsTheStream() {
        var harness = StreamHarness()
        harness.take(harness.stream.finish(.serverClosed(code: 1000)))
        #expect(harness.ending == .serverClosed(code: 1000))
        #expect(harness.stream.faults.map(\.code) == [31921])
    }
}
