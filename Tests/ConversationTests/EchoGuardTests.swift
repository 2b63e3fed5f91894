import Audio
import Conversation
import TestSupport
import Testing

/// Every window with sound in it counts as speech here, so an echo must be taken out or judged to be one.
@Suite struct EchoGuardTests {
    /// A line that returns the agent's voice.
    struct Path: Sendable, CustomTestStringConvertible {
        /// How much quieter it returns, in dB; nil for not at all.
        var loss: Double?
        var delayMs = 150
        /// The line's answer to a click, from the delay on.
        var response: [Double] = [1]

        var testDescription: String { "\(loss.map { "\($0) dB" } ?? "no echo") after \(delayMs) ms, \(response.count) taps" }
    }

    /// A stretch of a call as its server sees it.
    private struct Call {
        var agent: [Int16]
        var path: Path
        var caller: [Int16] = []
        var callerFromMs = 0
        /// Where the agent's audio, sent up to there, is dropped.
        var clearedAtMs: Int?
        /// How much later than reckoned the agent is heard from a place in its audio on, in samples.
        var shift: (fromMs: Int, samples: Int) = (0, 0)

        /// What comes in, line noise at -55 dBFS with it.
        func line(milliseconds: Int) -> [Int16] {
            var random = SeededRandom(seed: 7)
            let noise = Loudness.amplitude(of: -55) * 32768 * 3.0.squareRoot()
            var line = (0..<milliseconds * 8).map { _ in Double.random(in: -noise...noise, using: &random) }
            if let loss = path.loss {
                let heard = MuLaw.decode(MuLaw.encode(agent)).prefix((clearedAtMs ?? .max / 8) * 8)
                for (index, sample) in heard.enumerated() where sample != 0 {
                    let place = index + path.delayMs * 8 + (index >= shift.fromMs * 8 ? shift.samples : 0)
                    for (tap, part) in path.response.enumerated() where place + tap < line.count {
                        line[place + tap] += Double(sample) * part * Loudness.amplitude(of: -loss)
                    }
                }
            }
            for (index, sample) in caller.enumerated() where callerFromMs * 8 + index < line.count {
                line[callerFromMs * 8 + index] += Double(sample)
            }
            return MuLaw.decode(MuLaw.encode(line.map { Int16(clamping: Int($0.rounded())) }))
        }

        /// Where each window ends that was judged to be the caller's speech, in ms.
        func speech(milliseconds: Int) -> [Int] {
            var echo = EchoGuard()
            var (speech, heard): ([Int], [Int16]) = ([], [])
            var (sentMs, endMs) = (0, 0)
            let line = line(milliseconds: milliseconds)
            while endMs < milliseconds {
                // 400 ms ahead, 100 ms at a time.
                while endMs < clearedAtMs ?? .max, sentMs < min(endMs / 100 * 100 + 400, agent.count / 8) {
                    echo.sent(MuLaw.encode(agent[sentMs * 8..<sentMs * 8 + 160]), mediaMs: endMs)
                    sentMs += 20
                }
                if endMs == clearedAtMs { echo.cleared(mediaMs: endMs) }
                endMs += 20
                heard += echo.clean(Array(line[(endMs - 20) * 8..<endMs * 8]), endMs: endMs)
                while heard.count >= 256 {
                    let windowEndMs = endMs - (heard.count - 256) / 8
                    let probability: Float = Loudness(of: heard.prefix(256)).rms > -47 ? 0.9 : 0.1
                    if echo.judge(probability: probability, endMs: windowEndMs) >= 0.5 { speech.append(windowEndMs) }
                    heard.removeFirst(256)
                }
            }
            return speech
        }

        /// Where utterances begin: the ends of windows that are the third in a row.
        func starts(milliseconds: Int) -> [Int] {
            let speech = speech(milliseconds: milliseconds)
            return speech.indices.dropFirst(2).filter { speech[$0] - speech[$0 - 2] == 64 }.map { speech[$0] }
        }
    }

    /// A voice: a train of pulses of gliding pitch through two moving resonances, in syllables, with hisses between.
    static func voice(pitch: Double, seed: Int, milliseconds: Int, level: Double = -14) -> [Int16] {
        var random = SeededRandom(seed: seed)
        var sound: [Double] = []
        var phase = 0.0
        while sound.count < milliseconds * 8 {
            let formants = [Double.random(in: 300...800, using: &random), Double.random(in: 900...2300, using: &random)]
            let (from, to) = (pitch * Double.random(in: 0.85...1.2, using: &random), pitch * Double.random(in: 0.8...1.15, using: &random))
            let count = Int.random(in: 900...2000, using: &random)
            let syllable = (0..<count).map { index -> Double in
                let place = Double(index) / Double(count)
                phase += (from + (to - from) * place) / 8000
                guard phase >= 1 else { return 0.02 * Double.random(in: -1...1, using: &random) }
                phase -= 1
                return 1
            }
            let shaped = formants.map { resonance(of: syllable, at: $0) }
            for index in 0..<count {
                let envelope = min(1, Double(index) / 160, Double(count - index) / 300)
                sound.append((shaped[0][index] + 0.5 * shaped[1][index]) * envelope)
            }
            let hiss = Int.random(in: 100...600, using: &random)
            sound += (0..<hiss).map { _ in 0.3 * Double.random(in: -1...1, using: &random) }
            sound += Array(repeating: 0, count: Int.random(in: 100...1000, using: &random))
        }
        sound = Array(sound.prefix(milliseconds * 8))
        let power = (sound.reduce(0) { $0 + $1 * $1 } / Double(sound.count)).squareRoot()
        return sound.map { Int16(clamping: Int(($0 / power * Loudness.amplitude(of: level) * 32768).rounded())) }
    }

    private static func resonance(of sound: [Double], at frequency: Double) -> [Double] {
        // A bandwidth of some 100 Hz.
        let radius = 0.96
        // Twice the cosine of the angle a sample turns by, with the tone's own samples for a cosine.
        let turn = ToneSource(frequency: frequency, level: -3.01).samples(milliseconds: 1).map { Double($0) / 32768 }
        let sine = min(1, abs(turn[1]))
        let cosine = (1 - sine * sine).squareRoot() * (frequency < 2000 ? 1 : -1)
        var (last, beforeLast) = (0.0, 0.0)
        return sound.map { sample in
            let next = sample + 2 * radius * cosine * last - radius * radius * beforeLast
            (beforeLast, last) = (last, next)
            return next
        }
    }

    private static let agent = voice(pitch: 190, seed: 1, milliseconds: 3000)
    /// A line's hybrid: inverted, smeared over 2 ms.
    private static let hybrid = [-0.07, 0.18, -0.5, -0.7, -0.25, 0.32, 0.2, -0.1, -0.14, -0.03, 0.1, 0.07, -0.05, -0.07, 0, 0.04]

    @Test(arguments: [
        Path(loss: 6, delayMs: 60), Path(loss: 12, delayMs: 250), Path(loss: 18, delayMs: 400), Path(loss: 25, delayMs: 150),
        Path(loss: 6, delayMs: 150, response: hybrid), Path(loss: 6, delayMs: 400, response: [0.1, 0.2, 0.25, 0.2, 0.15, 0.1]),
    ])
    func agentsOwnEchoNeverBeginsAnUtterance(path: Path) {
        let call = Call(agent: Self.agent, path: path)
        #expect(call.starts(milliseconds: 4000) == [])
        // The same sound when nobody has sent it is speech.
        let stranger = Call(agent: Self.voice(pitch: 120, seed: 2, milliseconds: 3000), path: Path(), caller: call.line(milliseconds: 2000))
        #expect(!stranger.starts(milliseconds: 2000).isEmpty)
    }

    @Test(arguments: [6.0, 12, 18, 25])
    func callerOverTheEchoIsHeardAtOnce(loss: Double) {
        let caller = Self.voice(pitch: 110, seed: 3, milliseconds: 600, level: -19)
        let call = Call(agent: Self.agent, path: Path(loss: loss), caller: caller, callerFromMs: 2000)
        let starts = call.starts(milliseconds: 2600)
        #expect(starts.first.map { (2000...2250).contains($0) } == true, "\(starts)")
    }

    @Test(arguments: [(110.0, 4), (150, 5), (190, 6), (240, 7)])
    func lineWithoutEchoIsPassedOnUntouched(pitch: Double, seed: Int) {
        let caller = Self.voice(pitch: pitch, seed: seed, milliseconds: 1500)
        var echo = EchoGuard()
        for frame in 0..<75 {
            let endMs = (frame + 1) * 20
            echo.sent(MuLaw.encode(Self.agent[frame * 160..<(frame + 1) * 160]), mediaMs: endMs - 20)
            let samples = Array(caller[frame * 160..<(frame + 1) * 160])
            let cleaned = echo.clean(samples, endMs: endMs)
            let probability = echo.judge(probability: 0.9, endMs: endMs)
            #expect(cleaned == samples)
            #expect(probability == 0.9)
        }
    }

    @Test func echoOfWhatWasPlayedBeforeAClearIsStillEcho() {
        let call = Call(agent: Self.agent, path: Path(loss: 6, delayMs: 400), clearedAtMs: 1500)
        #expect(call.starts(milliseconds: 2400) == [])
    }

    @Test(arguments: [-317, 280])
    func delayMayShiftFromOneAnswerToTheNext(samples: Int) {
        let agent = Self.agent[..<16_000] + [Int16](repeating: 0, count: 4000) + Self.voice(pitch: 190, seed: 8, milliseconds: 1500)
        let call = Call(agent: Array(agent), path: Path(loss: 10, delayMs: 200), shift: (2300, samples))
        #expect(call.starts(milliseconds: 4000) == [])
    }

    @Test func echoOfTonesAndKeysIsNoSpeech() {
        let tones =
            ToneSource(frequency: 500, level: -15).samples(milliseconds: 700)
            + ToneSource(frequencies: [770, 1336], level: -15).samples(milliseconds: 700)
        #expect(Call(agent: tones, path: Path(loss: 12)).starts(milliseconds: 1800) == [])
    }

    @Test func echoIsExpectedUntilASecondAfterTheAgentsLastSound() {
        var echo = EchoGuard()
        var wasExpecting: [Bool] = [echo.isExpectingEcho]
        echo.sent([UInt8](repeating: MuLaw.silence, count: 800), mediaMs: 0)
        wasExpecting.append(echo.isExpectingEcho)
        echo.sent(MuLaw.encode(Self.agent.prefix(800)), mediaMs: 0)
        wasExpecting.append(echo.isExpectingEcho)
        for endMs in [1180, 1220] {
            _ = echo.clean([Int16](repeating: 0, count: 160), endMs: endMs)
            wasExpecting.append(echo.isExpectingEcho)
        }
        #expect(wasExpecting == [false, false, true, true, false])
    }

    @Test(arguments: 0..<20)
    func framesOfAnyLengthAtAnyTimeKeepTheirLength(seed: Int) {
        var random = SeededRandom(seed: seed)
        var echo = EchoGuard()
        var endMs = Int.random(in: 0...1_000_000_000, using: &random)
        for _ in 0..<12 {
            let place = Int.random(in: 0...8000, using: &random)
            switch Int.random(in: 0...4, using: &random) {
            case 0: echo.cleared(mediaMs: endMs + Int.random(in: -500...500, using: &random))
            case 1: endMs += Int.random(in: 0...100_000, using: &random)
            default: echo.sent(MuLaw.encode(Self.agent[place..<place + Int.random(in: 0...12_000, using: &random)]), mediaMs: endMs)
            }
            let milliseconds = [0, 1, 20, 33, 300, 2020].randomElement(using: &random) ?? 20
            endMs += milliseconds
            let samples = Array(Self.agent[place..<place + milliseconds * 2]) + [Int16](repeating: 0, count: milliseconds * 6)
            let cleaned = echo.clean(samples, endMs: endMs)
            let probability = echo.judge(probability: 1, endMs: endMs)
            #expect(cleaned.count == samples.count)
            #expect(probability == 0 || probability == 1)
        }
    }
}
