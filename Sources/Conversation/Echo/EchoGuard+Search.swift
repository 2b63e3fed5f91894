extension EchoGuard {
    /// A path near the known one must explain this share of what is no noise.
    private static let leastShareNear: Float = 0.85
    /// A path found anywhere must explain this share: among so many delays, a caller of the agent's pitch fits one rather well.
    private static let leastShare: Float = 0.9
    /// A well-known path that explained a frame this lately, in ms, is looked for nowhere but near where it was.
    private static let trustedMs = 1000
    /// A delay may shift by this much, in samples, from one answer to the next: 60 ms.
    private static let shift = 480
    /// The share that a path is taken to leave at first when its delay has shifted.
    private static let leftoverOfMoved: Float = 0.02
    /// Samples looked at together for what a path explains: 16 ms.
    private static let block = 128
    /// As many of these at least must hold more than noise.
    private static let leastBlocks = 3
    /// Stretches in which an echo may be missing: audio that was cleared, or played at another place than reckoned.
    private static let mostMissed = 12
    /// Stretches on either side in which a predicted level may be found, because delays shift.
    private static let blur = 5

    /// Looks for the path of an echo in the newest samples, first near where it was; whether one explains them.
    mutating func findPath() -> Bool {
        let search = EchoSearch(heard: history.heard, heardTo: history.endsAt, reference: reference)
        if let path {
            if let moved = search.path(near: path, reach: Self.shift), tryOut(moved, on: EchoSearch.recent, leastShare: Self.leastShareNear) {
                leftover = max(leftover, Self.leftoverOfMoved)
                return true
            }
            // A path that held a moment ago still does: what it does not explain is the caller.
            let isTrusted = framesLearned >= Self.framesToMature && history.endsAt - heldAt < Self.trustedMs * EchoReference.samplesPerMs
            if isTrusted, !isMisleading(path) { return false }
        }
        guard let found = search.path(), tryOut(found, on: EchoSearch.window, leastShare: Self.leastShare) else { return false }
        foundAt = history.endsAt
        leftover = Self.mostLeftover
        return true
    }

    /// Adopts a path if it explains nearly all of the newest `count` samples that is no noise; whether it does.
    private mutating func tryOut(_ found: EchoPath, on count: Int, leastShare: Float) -> Bool {
        let rest = rest(of: history.heard, by: found)
        guard share(explainedBy: rest, of: count) >= leastShare, !isContradicted(found) else { return false }
        adopt(found, leaving: rest)
        return true
    }

    /// What a path leaves of the newest samples.
    private func rest(of newest: [Float], by path: EchoPath) -> [Float] {
        Correlation.difference(newest, path.echo(of: path.source(of: newest.count, from: history.endsAt - newest.count, in: reference)))
    }

    /// The share that is explained of the newest `count` samples wherever there is more than noise; 0 where there is too little.
    private func share(explainedBy rest: [Float], of count: Int) -> Float {
        let noise = history.noise * Float(Self.block)
        var blocks = 0
        var (explained, voice): (Float, Float) = (0, 0)
        for start in stride(from: rest.count - count, to: rest.count, by: Self.block) {
            let range = start..<start + Self.block
            let (whole, unexplained) = (Correlation.energy(history.heard, in: range), Correlation.energy(rest, in: range))
            guard max(whole, unexplained) > 1.7 * noise else { continue }
            blocks += 1
            explained += whole - unexplained
            // The noise reckoned is that of the quietest frames, a little less than the usual.
            voice += max(whole - 1.2 * noise, 0)
        }
        return blocks >= Self.leastBlocks && voice > 0 ? explained / voice : 0
    }

    /// Whether a path lately predicted an echo that did not come.
    private func isMisleading(_ path: EchoPath) -> Bool {
        let newest = Array(history.heard.suffix(EchoSearch.recent))
        let rest = rest(of: newest, by: path)
        return Correlation.energy(rest) > Correlation.energy(newest) + 0.3 * Correlation.energy(Correlation.difference(newest, rest))
    }

    /// Whether the line was quiet before the newest samples when by this path it should not have been.
    ///
    /// An echo does not begin in the middle of a sentence: what does is the caller, however alike.
    private func isContradicted(_ found: EchoPath) -> Bool {
        let stretch = EchoHistory.stretch
        let levels = history.levels
        let count = levels.count - EchoSearch.window / stretch
        let source = found.source(of: count * stretch, from: history.endsAt - levels.count * stretch, in: reference)
        let echo = found.echo(of: source)
        var (expected, missed) = (0, 0)
        for index in 0..<count {
            let energy = Correlation.energy(echo, in: index * stretch..<(index + 1) * stretch)
            guard energy > 8 * history.noise * Float(stretch) else { continue }
            expected += 1
            let loudest = levels[max(0, index - Self.blur)...min(levels.count - 1, index + Self.blur)].max() ?? 0
            if energy > 8 * loudest { missed += 1 }
        }
        return missed > Self.mostMissed && missed > expected / 2
    }
}
