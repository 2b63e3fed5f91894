import Conversation
import Testing
import Twilio

@testable import VoiceServer

/// What a peer's messages mean, one by one.
@Suite struct MediaStreamReceiverTests {
    private func started() -> MediaStreamReceiver {
        var receiver = MediaStreamReceiver(session: "twilio-CA1", callSid: "CA1")
        _ = receiver.receive(.start(StreamStart(accountSid: "AC1", callSid: "CA1", streamSid: "MZ1"), sequenceNumber: 1))
        return receiver
    }

    private func isRefused(_ start: StreamStart) -> Bool {
        var receiver = MediaStreamReceiver(session: "twilio-CA1", callSid: "CA1")
        if case .refuse = receiver.receive(.start(start, sequenceNumber: 1)) { return true }
        return false
    }

    @Test func aStartMustNameItsCallAndASoundFormatWeSpeak() {
        #expect(!isRefused(StreamStart(accountSid: "AC1", callSid: "CA1", streamSid: "MZ1")))
        #expect(isRefused(StreamStart(accountSid: "AC1", callSid: "CA2", streamSid: "MZ1")))
        #expect(isRefused(StreamStart(accountSid: "AC1", callSid: "CA1", streamSid: "MZ1", encoding: "audio/opus")))
        #expect(isRefused(StreamStart(accountSid: "AC1", callSid: "CA1", streamSid: "MZ1", sampleRate: 16_000)))
        #expect(isRefused(StreamStart(accountSid: "AC1", callSid: "CA1", streamSid: "MZ1", channels: 2)))
    }

    @Test(arguments: ["", String(repeating: "M", count: 65), "MZ 1", "MZ\n1", "MZé"]) func aStreamSidThatIsNoneIsRefused(streamSid: String) {
        #expect(isRefused(StreamStart(accountSid: "AC1", callSid: "CA1", streamSid: streamSid)))
    }

    @Test func onlyKeysOfAKeypadAreKeys() {
        var receiver = started()
        for key in "0123456789*#ABCD" {
            #expect(receiver.receive(.dtmf(digit: String(key), streamSid: "MZ1", sequenceNumber: nil)) == .input(.digit(key)))
        }
        for digit in ["", "12", "x", "a\u{301}\u{302}", "٣"] {
            guard case .note = receiver.receive(.dtmf(digit: digit, streamSid: "MZ1", sequenceNumber: nil)) else {
                Issue.record("\(digit) was taken for a key")
                continue
            }
        }
    }

    @Test func gapsAndRepeatsAreCountedAndHarmless() {
        var receiver = started()
        for number in [2, 3, 5, 5, 4, 5] {
            let media = StreamMedia(chunk: nil, timestamp: nil, payload: [0xFF], streamSid: "MZ1")
            #expect(receiver.receive(.media(media, sequenceNumber: number)) == .input(.audio([0xFF], timestampMs: nil)))
        }
        #expect(receiver.sequenceGaps == 3)
    }

    @Test func ourOwnAudioOnAStreamOfBothTracksIsNotTheCallers() {
        var receiver = started()
        let own = StreamMedia(track: "outbound", chunk: 1, timestamp: 20, payload: [0xFF], streamSid: "MZ1")
        #expect(receiver.receive(.media(own, sequenceNumber: 2)) == .ignore)
    }

    @Test func nothingCountsAfterStop() {
        var receiver = started()
        let stop = TwilioMessage.stop(StreamStop(accountSid: "AC1", callSid: "CA1", streamSid: "MZ1"), sequenceNumber: 2)
        #expect(receiver.receive(stop) == .stopped(#"{"accountSid":"AC1","callSid":"CA1"}"#))
        #expect(receiver.receive(stop) == .note("a message came after stop"))
        #expect(receiver.streamSid == nil)
    }
}
