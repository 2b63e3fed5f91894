import Conversation

/// Where speech is in a clip, found as plainly as can be: windows judged likelier speech than not, with short gaps bridged.
struct SpeechSegments {
    /// Milliseconds from the clip's beginning.
    var start: Int
    /// Milliseconds from the clip's beginning.
    var end: Int
    /// The segment with up to 400 ms around it.
    var samples: Range<Int>

    static func find(in clip: [Int16], with detector: some VoiceActivityDetector, bridging gap: Int = 250) throws -> [SpeechSegments] {
        var stream = detector.makeStream()
        var found: [(start: Int, end: Int)] = []
        for (window, probability) in try stream.process(clip).enumerated() where probability > 0.5 {
            let start = window * VoiceActivityWindow.milliseconds
            let end = start + VoiceActivityWindow.milliseconds
            if let last = found.last, start - last.end <= gap {
                found[found.count - 1].end = end
            } else {
                found.append((start, end))
            }
        }
        return found.filter { $0.end - $0.start > 100 }.map { start, end in
            SpeechSegments(start: start, end: end, samples: max(0, (start - 400) * 8)..<min(clip.count, (end + 400) * 8))
        }
    }
}
