/// How utterances are cut out of the caller's audio.
package struct TurnConfiguration: Sendable, Equatable, Codable {
    /// The rule that cuts.
    package enum Segmentation: String, Sendable, CaseIterable, Codable {
        /// Voice activity, silence and the words so far decide.
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
    /// A window less likely than this to be speech is silence; what lies between may be a soft beginning, such as the "s" of "stop".
    package var faintProbability: Float = 0.1
    /// Speech shorter than this, in ms, is a click or a knock.
    package var shortestSpeechMs = 64
    /// The same while the agent is heard, where a false start costs the caller a pause in the answer.
    package var shortestSpeechOverAgentMs = 96
    /// Silence, in ms, after which the words so far are recognised, whether or not the turn is over.
    ///
    /// What a pause is for is known when the words are; but a reading that the caller's next word makes useless costs what it costs.
    package var pauseMs = 200
    /// The same where a reading costs nothing but this machine's time, and is given up as soon as the caller goes on.
    package static let localPauseMs = 64
    /// A silence shorter than this, in ms, lies within words: any sound that keeps an utterance going ends it.
    package var gapMs = 200
    /// A pause of at least this, in ms, parts an utterance into stretches that are recognised each by itself.
    ///
    /// So a long dictation costs no more than its newest stretch, and short clips are read best.
    package var splitMs = 600
    /// A stretch shorter than this, in ms, goes on through a long pause, too, and is read again as a whole.
    ///
    /// Some recognisers read a lone digit better together with the group before it: see ``Transcriber/joinMs``.
    package var joinMs = 0
    /// Silence, in ms, that ends an utterance whose words say neither that it is over nor that it goes on; see ``EndpointRule``.
    package var endSilenceMs = 700
    /// Audio before the first speech that goes to the recogniser, in ms: soft first consonants lie there.
    package var preRollMs = 300
    /// After a long silence voice activity may take the first word for a faint sound; then the recogniser gets it with the next word.
    ///
    /// So much before the first speech at most, in ms, and only if no silence within it is longer than ``faintGapMs``.
    package var longestPreRollMs = 1200
    /// The longest silence, in ms, between a faint sound and the speech that it belongs to.
    package var faintGapMs = 400
    /// Silence after the last speech that goes to the recogniser, in ms, where there has been as much.
    package var postRollMs = 300
    /// An utterance this long, in ms, is cut: hold music must not be collected for ever.
    ///
    /// Whisper hears 30 s at most.
    package var longestUtteranceMs = 25_000
    /// The agent, paused by a sound, goes on this long after it, in ms, if by then nobody knows what it was.
    package var resumeAfterMs = 2000
    /// Speech this long over the agent, in ms, is surely meant: the agent does not go on before its words are known.
    package var surelyMeantMs = 1000
    /// Words are shown while the caller speaks at most this often, in ms.
    package var previewEveryMs = 800
    /// A preview may cost a worker at most one part in this many of the time.
    package var previewShare = 8
    /// The language that the caller speaks (ISO 639-1); nil for English.
    package var language: String?

    /// The defaults.
    package init() {}

    /// How much silence ends a turn.
    var endpoint: EndpointRule { EndpointRule(usualMs: endSilenceMs) }
}
