/// What came from the caller lately, and what was left of it once the known echo had been taken out.
struct EchoHistory: Sendable {
    /// Samples of a stretch whose level is remembered: 20 ms.
    static let stretch = 160
    /// Stretches whose level is remembered: a second.
    private static let stretches = 50
    /// What the noise reckoned grows by with each louder frame: 0.4 dB a second.
    private static let noiseRise: Float = 1.002

    /// The newest samples as they came: ``EchoSearch/window`` of them, or none before the first.
    private(set) var heard: [Float] = []
    /// The same with the echo taken out.
    var left: [Float] {
        get { taken ?? heard }
        set { taken = newValue }
    }

    /// What was left where anything was ever taken out; nil on a line that has returned no echo, which costs only what is kept of it.
    private var taken: [Float]?
    /// Where they end, in samples on the media clock.
    private(set) var endsAt = 0
    /// The energies of the newest stretches.
    private(set) var levels: [Float] = []
    /// The mean square of the line's own noise, reckoned from its quietest frames.
    private(set) var noise: Float = .greatestFiniteMagnitude

    /// Makes room for a frame that begins at `start`; what it does not follow on is forgotten.
    mutating func prepare(for frame: [Float], from start: Int) {
        if start != endsAt || heard.isEmpty {
            heard = [Float](repeating: 0, count: EchoSearch.window)
            taken = nil
            levels = [Float](repeating: 0, count: Self.stretches)
            endsAt = start
        }
        let energy = Correlation.energy(frame)
        // Digital silence is lost audio rather than a line without noise.
        if energy > 0 { noise = min(noise * Self.noiseRise, max(energy / Float(frame.count), 1)) }
    }

    /// Adds a frame and what is left of it; nil where nothing was taken out.
    mutating func append(_ frame: [Float], left rest: [Float]?) {
        endsAt += frame.count
        if rest != nil || taken != nil {
            var samples = left
            taken = nil
            Self.push(rest ?? frame, onto: &samples)
            taken = samples
        }
        Self.push(frame, onto: &heard)
        for start in stride(from: max(0, heard.count - frame.count), through: heard.count - Self.stretch, by: Self.stretch) {
            levels.removeFirst()
            levels.append(Correlation.energy(heard, in: start..<start + Self.stretch))
        }
    }

    /// Where the window of voice activity that ends at `endMs` lies in the newest samples.
    func window(endMs: Int) -> Range<Int> {
        let size = VoiceActivityWindow.samples
        let end = min(heard.count, max(size, heard.count - (endsAt - endMs * EchoReference.samplesPerMs)))
        return end - size..<end
    }

    private static func push(_ new: [Float], onto samples: inout [Float]) {
        samples.removeFirst(min(samples.count, new.count))
        samples += new.suffix(EchoSearch.window)
    }
}
