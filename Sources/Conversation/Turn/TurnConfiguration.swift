/// How utterances are cut out of the caller's audio.
package struct TurnConfiguration: Sendable, Equatable {
    /// The rule that cuts.
    package enum Segmentation: String, Sendable, CaseIterable {
        /// Voice activity and silence decide.
        case turns
        /// Every ``TurnConfiguration/fixedClipMs`` of audio is an utterance, speech or not: the original's rule.
        case fixed
    }

    /// 48,000 bytes of 16-bit samples at 8,000 Hz, in ms: the original's buffer.
    package static let fixedClipMs = 3000

    /// The rule that cuts.
    package var segmentation = Segmentation.turns
    /// A window at least this likely to be speech begins an utterance.
    package var startProbability: Float = 0.5
    /// A window at least this likely to be speech keeps one going; lower, since voices trail off.
    package var stayProbability: Float = 0.35
    /// Speech shorter than this, in ms, is a click or a knock.
    package var shortestSpeechMs = 64
    /// Silence, in ms, that ends an utterance.
    ///
    /// Long enough for the pauses of someone reading out digits.
    package var endSilenceMs = 700
    /// Audio before the first speech that goes to the recogniser, in ms: soft first consonants lie there.
    package var preRollMs = 300
    /// Silence after the last speech that goes to the recogniser, in ms.
    package var postRollMs = 300
    /// An utterance this long, in ms, is cut: hold music must not be collected for ever.
    ///
    /// Whisper hears 30 s at most.
    package var longestUtteranceMs = 25_000

    /// The defaults.
    package init() {}
}
