/// A group of measurements that is run or left out as a whole.
struct Suite: Sendable {
    /// What `--filter` looks at.
    let name: String
    /// What is measured, for the progress line.
    let summary: String
    /// Measures.
    let run: @Sendable (Plan) async throws -> [Row]

    /// All of them, in the order they run: the small ones first, while the machine is quiet.
    static let all = [
        decode, encode, companding, resampling, voiceActivity, frames, echo, machine, store, recognition, phantoms, voice, server, engines, capacity,
    ]
}

/// How much is measured.
struct Plan: Sendable {
    /// A look instead of a measurement.
    let isQuick: Bool

    /// Batches of a small measurement.
    var batches: Int { isQuick ? 7 : 31 }
    /// The CPU time of one batch, in ns.
    var batchNs: Int { isQuick ? 5_000_000 : 20_000_000 }
    /// How often a slow thing is measured.
    var rounds: Int { isQuick ? 2 : 5 }
    /// The numbers of concurrent calls.
    var callCounts: [Int] { isQuick ? [1, 5] : [1, 10, 50] }
    /// What the caller says to the real engines.
    var conversation: [String] {
        let all = ["opening-hours", "book-table", "digits", "yes", "operator", "no", "repeat", "goodbye"]
        return isQuick ? Array(all.prefix(2)) : all
    }
}
