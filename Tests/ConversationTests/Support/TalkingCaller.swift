@testable import Conversation

/// A caller whose words a recogniser reads out of every clip that covers them, some time after it was asked.
struct TalkingCaller {
    var call: MachineDriver
    /// How long the recogniser takes, in ms; nil for ever.
    var recognitionMs: Int? = 96
    /// The language that the recogniser finds out.
    var language: String?
    /// All words said so far, and their places on the media clock.
    private(set) var words: [(place: Range<Int>, text: String)] = []
    private var pending: [(dueMs: Int, task: Int, clip: Range<Int>)] = []
    private var seen = 0

    init(_ call: MachineDriver = MachineDriver()) {
        self.call = call
        seen = call.actions.count
    }

    /// Says one word, or several that a recogniser gives as one text.
    mutating func say(_ text: String, ms: Int = 320) {
        words.append((call.mediaMs..<call.mediaMs + ms, text))
        goOn(speaks: true, ms: ms)
    }

    /// Makes a sound that is no word.
    mutating func cough(ms: Int = 192) { goOn(speaks: true, ms: ms) }

    /// Says nothing.
    mutating func pause(ms: Int) { goOn(speaks: false, ms: ms) }

    /// Says nothing until the agent is asked to answer, for ten seconds at most; milliseconds since the last sound.
    mutating func waitUntilAsked() -> Int? {
        let count = call.asked.count
        let startMs = call.nowMs
        while call.asked.count == count, call.nowMs - startMs < 10_000 { pause(ms: VoiceActivityWindow.milliseconds) }
        return call.asked.count > count ? call.nowMs - startMs : nil
    }

    private mutating func goOn(speaks: Bool, ms: Int) {
        for _ in 0..<(ms / VoiceActivityWindow.milliseconds) {
            call.caller(speaks: speaks, ms: VoiceActivityWindow.milliseconds)
            takeTasks()
            for one in pending where one.dueMs <= call.nowMs { call.transcribed(one.task, text(in: one.clip), in: language) }
            pending.removeAll { $0.dueMs <= call.nowMs }
            takeTasks()
        }
    }

    private mutating func takeTasks() {
        for action in call.actions[seen...] {
            switch action {
            case .transcribe(let task, let clip):
                if let recognitionMs { pending.append((call.nowMs + recognitionMs, task, clip)) }
            case .cancelTranscription(let task): pending.removeAll { $0.task == task }
            case .preview, .ask, .synthesize, .cancelThought, .cancelSpeech, .runTool, .cancelTool, .summarize, .playSound, .answerCommand, .line,
                .emit,
                .finish:
                break
            }
        }
        seen = call.actions.count
    }

    /// The words whose middle lies in a clip.
    private func text(in clip: Range<Int>) -> String {
        words.filter { clip.contains(($0.place.lowerBound + $0.place.upperBound) / 2) }.map(\.text).joined(separator: " ")
    }
}
