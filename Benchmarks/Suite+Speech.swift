import Conversation
import Engines

// The engines, without a server around them.
extension Suite {
    /// Voice activity detection of one call.
    static let voiceActivity = Suite(name: "vad", summary: "voice activity, frames of 20 ms") { plan in
        let clip = try Clip("two-turns")
        let frames = clip.frames
        var stream = try SileroVoiceActivityDetector(installation: .locate()).makeStream()
        return [
            try Batches.measure("voice activity, one call", "ms/call-s", nsPerUnit: 1e6, units: clip.seconds, plan) {
                for frame in frames { Batches.keep(try stream.process(frame)) }
            }
        ]
    }

    /// Speech to text with the bundled model, one utterance at a time.
    static let recognition = Suite(name: "whisper", summary: "speech to text, bundled model") { plan in
        let installation = try Installation.locate()
        let model = try WhisperModel(folder: installation.bundledModelFolder)
        let whisper = try WhisperTranscriber(model: model, installation: installation, workers: 1)
        let clips = try ["opening-hours", "book-table", "digits", "yes", "operator", "goodbye"].map { try Clip($0) }
        Batches.keep(try await whisper.transcribe(clips[0].samples))
        var (wall, cpu, latency): ([Double], [Double], [Double]) = ([], [], [])
        for _ in 0..<plan.rounds {
            for clip in clips {
                let start = CPUClock.processNs
                let ms = try await whisper.transcribe(clip.samples).processing / .milliseconds(1)
                cpu.append(Double(CPUClock.processNs - start) / 1e9 / clip.seconds)
                wall.append(ms / 1000 / clip.seconds)
                latency.append(ms)
            }
        }
        return [
            Row("whisper (bundled): real-time factor", "s/s", wall),
            Row("whisper (bundled): CPU per second of speech", "s/s", cpu),
            Row("whisper (bundled): utterances of 2-3.4 s", "ms", latency),
        ]
    }

    /// The offline voice.
    static let voice = Suite(name: "flite", summary: "text to speech") { plan in
        let flite = try FliteSynthesizer(workers: 1)
        let text = "Thank you for calling. Your table for two is booked for tomorrow at eight."
        _ = try await speak(text, with: flite)
        var (first, cost, silence): ([Double], [Double], [Double]) = ([], [], [])
        for _ in 0..<plan.rounds * 6 {
            let spoken = try await speak(text, with: flite)
            first.append(spoken.firstMs)
            cost.append(spoken.cpuMs / Double(spoken.samples.count) * 8000)
            silence.append(Double(spoken.samples.prefix { $0.magnitude <= 184 }.count) / 8)
        }
        return [
            Row("flite: text to first chunk", "ms", first),
            Row("flite: silence before the first sound (-45 dBFS)", "ms", silence),
            Row("flite: CPU per second of speech", "ms/s", cost),
        ]
    }

    private static func speak(_ text: String, with flite: FliteSynthesizer) async throws -> (firstMs: Double, cpuMs: Double, samples: [Int16]) {
        let cpu = CPUClock.processNs
        let start = ContinuousClock.now
        var firstMs: Double?
        var samples: [Int16] = []
        for try await chunk in flite.speak(text) {
            firstMs = firstMs ?? start.duration(to: .now) / .milliseconds(1)
            samples += chunk.samples
        }
        return (firstMs ?? 0, Double(CPUClock.processNs - cpu) / 1e6, samples)
    }
}
