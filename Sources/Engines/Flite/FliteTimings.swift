import CFlite

/// Reads from a flite utterance when its words end, which flite knows before the first sound.
enum FliteTimings {
    /// The end of each word that white space sets apart, in milliseconds from the utterance's start; 0 for a word without a sound.
    static func wordEnds(of utterance: UnsafePointer<cst_utterance>?) -> [Int] {
        guard let utterance = unsafe UnsafeMutablePointer(mutating: utterance), unsafe utt_relation_present(utterance, "Token") != 0 else {
            return []
        }
        var ends: [Int] = []
        var token = unsafe relation_head(utt_relation(utterance, "Token"))
        while let current = unsafe token {
            // Flite parts "7:30" or "well-known" into several tokens; only the first of a word has white space before it.
            if unsafe ends.isEmpty || hasSpaceBefore(current) { ends.append(0) }
            ends[ends.count - 1] = max(ends[ends.count - 1], unsafe end(of: current))
            unsafe token = unsafe item_next(current)
        }
        return ends
    }

    /// How long the utterance begins with nothing but a pause, in milliseconds.
    static func openingPause(of utterance: UnsafePointer<cst_utterance>?) -> Int {
        guard let utterance = unsafe UnsafeMutablePointer(mutating: utterance), unsafe utt_relation_present(utterance, "Segment") != 0,
            let first = unsafe relation_head(utt_relation(utterance, "Segment")), let name = unsafe item_feat_string(first, "name"),
            unsafe String(cString: name) == "pau"
        else { return 0 }
        return unsafe Int((item_feat_float(first, "end") * 1_000).rounded())
    }

    private static func hasSpaceBefore(_ token: UnsafeMutablePointer<cst_item>) -> Bool {
        guard unsafe item_feat_present(token, "whitespace") != 0, let space = unsafe item_feat_string(token, "whitespace") else { return false }
        return unsafe space.pointee != 0
    }

    /// When the token's last sound ends.
    private static func end(of token: UnsafeMutablePointer<cst_item>) -> Int {
        guard let word = unsafe item_last_daughter(token) else { return 0 }
        let seconds = unsafe flite_ffeature_float(word, "R:SylStructure.daughtern.daughtern.R:Segment.end")
        return Int((seconds * 1_000).rounded())
    }
}
