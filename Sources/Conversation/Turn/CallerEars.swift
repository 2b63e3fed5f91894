/// What a call hears of its caller: audio laid out in time, the agent's echo taken out, voice activity judged.
struct CallerEars: Sendable {
    /// One window's judgement.
    struct Window: Sendable, Equatable {
        var probability: Float
        /// Where it ends on the media clock, in ms.
        var endMs: Int
    }

    private let detector: any VoiceActivityDetector
    private var stream: any VoiceActivityStream
    private var audio: CallerAudio
    private var echo = EchoGuard()
    /// Samples that have come and that voice activity has not been given.
    private var new: [Int16] = []
    /// Samples that the detector has taken and not judged yet: less than a window.
    private var unjudged = 0

    init(detector: any VoiceActivityDetector, capacityMs: Int) {
        self.detector = detector
        stream = detector.makeStream()
        audio = CallerAudio(capacityMs: capacityMs)
    }

    /// Takes a frame; the stretch of the media clock, in ms, that it and a hole before it fill, or nil for a frame that is to be dropped.
    mutating func take(_ payload: [UInt8], timestampMs: Int?) -> Range<Int>? {
        var samples = audio.append(payload, timestampMs: timestampMs)
        guard !samples.isEmpty else { return nil }
        if echo.isExpectingEcho {
            samples = echo.clean(samples, endMs: audio.endMs)
            audio.replaceNewest(with: samples)
        }
        new = samples
        return audio.endMs - samples.count / CallerAudio.samplesPerMs..<audio.endMs
    }

    /// Has voice activity judged in the newest samples: every window that they complete.
    ///
    /// - Throws: what the detector throws; the next samples go to a fresh stream of it.
    mutating func judge() throws -> [Window] {
        defer { new = [] }
        do {
            let probabilities = try stream.process(new)
            unjudged += new.count - probabilities.count * VoiceActivityWindow.samples
            let judgedMs = audio.endMs - unjudged / CallerAudio.samplesPerMs
            var windows: [Window] = []
            for (index, probability) in probabilities.enumerated() {
                let endMs = judgedMs - (probabilities.count - 1 - index) * VoiceActivityWindow.milliseconds
                windows.append(
                    Window(probability: echo.isExpectingEcho ? echo.judge(probability: probability, endMs: endMs) : probability, endMs: endMs)
                )
            }
            return windows
        } catch {
            // What a stream holds after a failure is anybody's guess.
            stream = detector.makeStream()
            unjudged = 0
            throw error
        }
    }

    /// Takes note of what goes out to the caller, whose echo may come back.
    mutating func noteSpoken(_ command: LineCommand) {
        switch command {
        case .audio(let payload): echo.sent(payload, mediaMs: audio.endMs)
        case .clear: echo.cleared(mediaMs: audio.endMs)
        case .mark, .hangUp: break
        }
    }

    /// The samples of a stretch of the media clock, as far as they are kept.
    func clip(_ range: Range<Int>) -> [Int16] { audio.slice(fromMs: range.lowerBound, toMs: range.upperBound) }

    /// Lets go of what lies before `placeMs`, at its leisure.
    mutating func forget(beforeMs placeMs: Int) { audio.forget(beforeMs: placeMs) }
}
