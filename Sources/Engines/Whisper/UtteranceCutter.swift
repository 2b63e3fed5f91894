/// Cuts an utterance that is longer than a model reads well where it is quietest.
enum UtteranceCutter {
    /// The unit in which loudness is compared: 20 ms at 8 kHz.
    private static let frame = 160
    /// The quiet stretch that is looked for: 200 ms.
    private static let quietFrames = 10

    /// The utterance in pieces of at most `longest` samples, each cut in the middle of the quietest 200 ms beyond its first third.
    ///
    /// Two thirds of what a model reads are long enough to hold a pause between phrases, where one was made at all.
    static func pieces(of utterance: [Int16], longest: Int) -> [ArraySlice<Int16>] {
        let longest = max(longest, 3 * quietFrames * frame)
        var pieces: [ArraySlice<Int16>] = []
        var rest = utterance[...]
        while rest.count > longest {
            let cut = rest.startIndex + quietestPoint(of: rest.prefix(longest), after: longest / 3)
            pieces.append(rest[..<cut])
            rest = rest[cut...]
        }
        return pieces + [rest]
    }

    /// The utterance's last `longest` samples at most; where something is cut away, from the middle of the quietest 200 ms of their first quarter.
    static func tail(of utterance: [Int16], longest: Int) -> ArraySlice<Int16> {
        let longest = max(longest, 8 * quietFrames * frame)
        guard utterance.count > longest else { return utterance[...] }
        let tail = utterance.suffix(longest)
        return tail.dropFirst(quietestPoint(of: tail.prefix(longest / 4), after: 0))
    }

    /// The utterance with its own line noise for 200 ms more, where it ends in as much as makes a sample of it; any other as it is.
    ///
    /// Whisper leaves the last word out more often where the clip ends right behind it, and digital silence does not help (docs/benchmarks.md).
    static func withQuietEnd(_ utterance: ArraySlice<Int16>) -> [Int16] {
        let energies = energies(of: utterance)
        let sample = Array(utterance.suffix(noiseFrames * frame))
        guard energies.count > noiseFrames, let loudest = energies.max(), let noise = energies.suffix(noiseFrames).max(), noise < loudest / 100 else {
            return Array(utterance)
        }
        // There and back again, so that the ends meet.
        let turn = sample.reversed() + sample
        return utterance + (0..<addedEnd).map { turn[$0 % turn.count] }
    }

    /// What is taken for line noise at an utterance's end: 40 ms.
    private static let noiseFrames = 2
    /// 200 ms.
    private static let addedEnd = 1_600

    /// The middle of the quietest stretch that begins at `start` samples or later, in samples from the beginning.
    private static func quietestPoint(of samples: ArraySlice<Int16>, after start: Int) -> Int {
        let energies = energies(of: samples.dropFirst(start))
        var energy = energies.prefix(quietFrames).reduce(0, +)
        var least = (energy, 0)
        for end in quietFrames..<max(quietFrames, energies.count) {
            energy += energies[end] - energies[end - quietFrames]
            if energy < least.0 { least = (energy, end - quietFrames + 1) }
        }
        return start + (least.1 + quietFrames / 2) * frame
    }

    /// The sum of squares of each whole frame.
    private static func energies(of samples: ArraySlice<Int16>) -> [Int] {
        stride(from: samples.startIndex, through: samples.endIndex - frame, by: frame).map { start in
            samples[start..<start + frame].reduce(0) { $0 + Int($1) * Int($1) }
        }
    }
}
