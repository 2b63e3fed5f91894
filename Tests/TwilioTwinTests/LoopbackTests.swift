import Audio
import Testing
import Twilio

@testable import TwilioTwin

/// The agent's voice in the caller's microphone.
@Suite struct LoopbackTests {
    /// What the caller sends in each of 20 frames while the agent speaks for 100 ms.
    private func sent(_ loopback: Loopback?, script: [CallerStep] = []) -> [[Int16]] {
        var harness = StreamHarness(script, loopback: loopback)
        harness.agentSpeaks(frames: 5)
        harness.tick(20)
        return harness.media.map { MuLaw.decode($0.payload) }
    }

    @Test(arguments: [0, 40, 150, 155]) func whatIsHeardComesBackAfterTheDelay(delayMs: Int) {
        let samples = sent(Loopback(delayMs: delayMs, gainDB: 0)).flatMap(\.self)
        let agent = MuLaw.decode((0..<5).flatMap { _ in StreamHarness.speech })
        let delay = delayMs * 8
        #expect(samples[..<delay].allSatisfy { $0 == 0 })
        #expect(Array(samples[delay..<delay + agent.count]) == agent)
        #expect(samples[(delay + agent.count)...].allSatisfy { $0 == 0 })
    }

    @Test(arguments: [-6.0, -12, -30]) func itComesBackAsLoudAsItIsSaid(gainDB: Double) {
        let echo = sent(Loopback(delayMs: 100, gainDB: gainDB))[5..<10].flatMap(\.self)
        let level = Loudness(of: Array(echo)).rms - Loudness(of: MuLaw.decode(StreamHarness.speech)).rms
        #expect(abs(level - gainDB) < 0.3)
    }

    @Test func theCallerIsHeardOverIt() {
        let script: [CallerStep] = [.say(clip: tone(100), label: "tone")]
        let alone = sent(nil, script: script)
        let both = sent(Loopback(delayMs: 60, gainDB: -6), script: script)
        #expect(Array(both[..<3]) == Array(alone[..<3]))
        let echo = sent(Loopback(delayMs: 60, gainDB: -6))
        for frame in 3..<8 {
            // Mu-law rounds each by up to a sixteenth.
            for ((mixed, own), back) in zip(zip(both[frame], alone[frame]), echo[frame]) {
                let sum = Int(own) + Int(back)
                #expect(abs(Int(mixed) - max(-32_124, min(32_124, sum))) <= 64 + abs(sum) / 12)
            }
        }
    }

    @Test func withoutAnEchoTheCallersBytesAreSentAsTheyAre() {
        let script: [CallerStep] = [.say(clip: tone(100), label: "tone")]
        var (quiet, echoing) = (StreamHarness(script), StreamHarness(script, loopback: Loopback(delayMs: 20, gainDB: -6)))
        quiet.tick(10)
        echoing.tick(10)
        #expect(quiet.media == echoing.media)
    }

    @Test func whatIsClearedNeverComesBack() {
        var harness = StreamHarness(loopback: Loopback(delayMs: 40, gainDB: 0))
        harness.agentSpeaks(frames: 5)
        harness.tick(1)
        harness.receive(.clear(streamSid: "MZ1"))
        harness.tick(10)
        let heard = harness.media.map { $0.payload != [UInt8](repeating: 0xFF, count: 160) }
        #expect(heard == [false, false, true] + Array(repeating: false, count: 8))
    }
}
