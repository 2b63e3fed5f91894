/// Looks for a delayed copy of the agent's voice in what came from the caller.
struct EchoSearch: Sendable {
    /// All delays looked at, in samples: 80 ms too early to 920 ms late.
    static let allLags = -640...7360
    /// The stretch that a copy must explain, in samples: 256 ms.
    static let window = 2048
    /// The newest part of it, 128 ms, that delays are looked for with.
    static let recent = 1024
    /// Samples that become one in the first, coarse look, at 2 kHz.
    private static let coarseness = 4
    /// The delays of the coarse look that are looked at closely.
    private static let candidates = 8
    /// Those of them that a filter is fitted to.
    private static let finalists = 3
    /// No line returns more energy than this many times what it was sent.
    private static let mostReturn: Float = 0.7
    /// The likeness below which a delay is not worth a closer look.
    private static let leastAlike: Float = 0.15

    /// The newest samples from the caller's line, ``window`` of them.
    let heard: [Float]
    /// The place on the media clock that they end at, in samples.
    let heardTo: Int
    let reference: EchoReference

    /// The path that explains most of the newest samples, at whatever delay.
    func path() -> EchoPath? {
        let start = heardTo - Self.recent
        let newest = Array(heard.suffix(Self.recent))
        let source = reference.samples(from: start - Self.allLags.upperBound, count: Self.recent + Self.allLags.count - 1)
        var best: (path: EchoPath, left: Float)?
        let copies = coarseShifts(newest, in: source).compactMap { copy(of: newest, near: Self.allLags.upperBound - $0) }
        for copy in copies.sorted(by: { $0.likeness > $1.likeness }).prefix(Self.finalists) {
            let (path, left) = Self.fit(copy.path, to: newest, from: start, reference: reference)
            if left < best?.left ?? .infinity { best = (path, left) }
        }
        return best?.path
    }

    /// The plain copy within a few samples of `lag` that is most like the newest samples in their highs, which tell places best.
    private func copy(of newest: [Float], near lag: Int) -> (path: EchoPath, likeness: Float)? {
        let reach = 3
        let heard = Self.highs(newest)
        let source = Self.highs(reference.samples(from: heardTo - Self.recent - lag - reach, count: Self.recent + 2 * reach))
        var best: (offset: Int, gain: Float, likeness: Float)?
        for offset in 0...2 * reach {
            let product = Correlation.product(heard, 0, source, offset, heard.count)
            let energy = Correlation.product(source, offset, source, offset, heard.count)
            guard energy > 0, product * product > (best?.likeness ?? 0) * energy else { continue }
            best = (offset, product / energy, product * product / energy)
        }
        return best.map { (EchoPath(lag: lag + reach - $0.offset, gain: $0.gain), $0.likeness) }
    }

    /// Each sample's difference from most of the one before.
    private static func highs(_ samples: [Float]) -> [Float] {
        (1..<samples.count).map { samples[$0] - 0.9 * samples[$0 - 1] }
    }

    /// The known path at the nearby delay, up to `reach` samples off, that explains most of the newest samples; nil where that is the delay it has.
    func path(near known: EchoPath, reach: Int) -> EchoPath? {
        let start = heardTo - Self.recent
        let newest = Array(heard.suffix(Self.recent))
        let source = known.source(of: Self.recent + 2 * reach, from: start - reach, in: reference)
        let echo = known.echo(of: source)
        var best: (shift: Int, share: Float) = (reach, 0)
        for coarse in coarseShifts(newest, in: echo).prefix(Self.finalists) {
            for shift in max(0, coarse - Self.coarseness)...min(2 * reach, coarse + Self.coarseness) {
                let product = Correlation.product(newest, 0, echo, shift, Self.recent)
                guard product > 0 else { continue }
                let share = product * product / Correlation.product(echo, shift, echo, shift, Self.recent)
                if share > best.share { best = (shift, share) }
            }
        }
        guard (best.shift - reach).magnitude > 1 else { return nil }
        var moved = known
        moved.lag += reach - best.shift
        return moved
    }

    /// A copy turned into the path that fits a stretch best, and the energy that this leaves.
    private static func fit(_ copy: EchoPath, to heard: [Float], from start: Int, reference: EchoReference) -> (path: EchoPath, left: Float) {
        var path = copy
        let source = path.source(of: heard.count, from: start, in: reference)
        path.learn(heard, source: source)
        return (path, Correlation.energy(Correlation.difference(heard, path.echo(of: source))))
    }

    /// The places in `source` at which the low voice, below 1 kHz, is most like that of `newest`; the likest first.
    private func coarseShifts(_ newest: [Float], in source: [Float]) -> [Int] {
        let heard = Self.coarse(newest)
        let source = Self.coarse(source)
        let count = heard.count
        let energy = Correlation.energy(heard)
        var shares = [Float](repeating: 0, count: max(0, source.count - count + 1))
        var sourceEnergy = Correlation.product(source, 0, source, 0, count)
        for shift in shares.indices {
            if shift > 0 { sourceEnergy += source[shift + count - 1] * source[shift + count - 1] - source[shift - 1] * source[shift - 1] }
            guard sourceEnergy * Self.mostReturn > energy, sourceEnergy > 1 else { continue }
            let product = Correlation.product(heard, 0, source, shift, count)
            shares[shift] = product * product / (sourceEnergy * energy)
        }
        let peaks = shares.indices.filter { shift in
            shares[shift] > Self.leastAlike && (shift == 0 || shares[shift] >= shares[shift - 1])
                && (shift + 1 == shares.count || shares[shift] > shares[shift + 1])
        }
        return peaks.sorted { shares[$0] > shares[$1] }.prefix(Self.candidates).map { $0 * Self.coarseness }
    }

    /// The signal at a quarter of its rate, its lows taken down to where the rest is.
    private static func coarse(_ samples: [Float]) -> [Float] {
        var previous: Float = 0
        return stride(from: 0, to: samples.count - 7, by: coarseness).map { start in
            var sum = 4 * samples[start + 3]
            for distance in 1...3 { sum += Float(4 - distance) * (samples[start + 3 - distance] + samples[start + 3 + distance]) }
            defer { previous = sum }
            return sum - 0.9 * previous
        }
    }
}
