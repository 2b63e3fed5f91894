import Audio

/// Which samples count as heard: those above -45 dBFS, the level of quiet speech on a telephone line.
enum Audibility {
    /// The least magnitude that is heard: -45 dBFS.
    static let threshold: UInt16 = 184

    /// The first sample that is heard.
    static func firstAudible(in samples: [Int16]) -> Int? { samples.firstIndex { $0.magnitude > threshold } }

    /// The samples up to the last one that is heard; all of them where none is.
    static func speechLength(of samples: [Int16]) -> Int {
        guard let last = samples.lastIndex(where: { $0.magnitude > threshold }) else { return samples.count }
        return last + 1
    }
}
