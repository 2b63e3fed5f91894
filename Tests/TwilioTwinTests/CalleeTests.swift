import Testing

@testable import TwilioTwin

@Suite struct CalleeTests {
    @Test func calleesAreSpelledInWords() {
        #expect(Callee("human") == .human())
        #expect(Callee("human:8") == .human(talksForSeconds: 8))
        let words = ["declines", "hangs-up", "busy", "no-answer", "failed", "voicemail"]
        #expect(words.compactMap { Callee($0)?.name } == words)
        for word in ["", "human:", "human:x", "human:-1", "Human", "busy ", "machine"] { #expect(Callee(word) == nil, "\(word)") }
    }

    @Test func machinesPressNoKeyAndAreFoundOut() {
        #expect(Callee.voicemail.key == nil)
        #expect(Callee.voicemail.answeredBy(detection: "Enable") == "machine_start")
        #expect(Callee.voicemail.answeredBy(detection: "DetectMessageEnd") == "machine_end_beep")
        #expect(Callee.human().answeredBy(detection: "DetectMessageEnd") == "human")
    }

    @Test func whatComesOfADialIsACallee() {
        #expect(Dialing.busy.callee == .busy)
        #expect(Dialing.hungUp(afterSeconds: 3).callee == .human(answersAfterMs: 0, talksForSeconds: 3))
        let configuration = TwinCallConfiguration(webhookURL: "http://h", dialing: .noAnswer)
        #expect(configuration.callees == [.noAnswer])
        #expect(TwinCallConfiguration(webhookURL: "http://h", dialing: .noAnswer, callees: [.busy, .human()]).callees == [.busy, .human()])
    }
}
