extension CallMachine {
    /// Everything that can happen in a call, as it is fed to its machine and kept in its journal.
    package enum Input: Sendable, Equatable, Codable {
        /// The stream has begun.
        case begin
        /// Caller audio has come: from where to where on the media clock, in ms.
        case audio(fromMs: Int, toMs: Int)
        /// The window of caller audio that ends here, in ms on the media clock, is speech with this probability.
        case voice(probability: Float, audioMs: Int)
        /// Voice activity could not be judged.
        case voiceFailed(String)
        /// The caller pressed a key: one character.
        case digit(String)
        /// A mark came back.
        case mark(String)
        /// The machine's deadline has come.
        case timer
        /// The other side ended the call, or the line was lost.
        case end(reason: String)
        /// A transcription or preview is done; without words where it failed or was not made.
        case transcribed(task: Int, Transcription?, failure: String?)
        /// The assistant said more of a turn's answer.
        case token(turn: Int, String)
        /// The assistant has finished, or failed.
        case answered(turn: Int, failure: String?)
        /// The assistant wants a tool called for a turn's answer.
        case toolRequested(turn: Int, ToolCall)
        /// An attempt of the assistant has failed, and it makes another.
        case fault(turn: Int, String)
        /// A tool has ended.
        case toolFinished(id: String, ToolOutcome)
        /// The oldest entries of the memory have been put into few words, or could not be.
        case summarized(count: Int, String?)
        /// Audio of the piece being synthesised.
        case speech(turn: Int, SpeechChunk)
        /// The piece being synthesised is complete, or the voice failed.
        case spoken(turn: Int, failure: String?)
    }

    /// Takes note of what happened at `nowMs` on our clock and decides what to do.
    package mutating func handle(_ input: Input, nowMs: Int) -> [CallAction] {
        let actions = decide(input, nowMs: nowMs) + summarizeIfFull()
        watchIdle(nowMs: nowMs)
        return actions
    }

    private mutating func decide(_ input: Input, nowMs: Int) -> [CallAction] {
        switch input {
        case .begin: begin(nowMs: nowMs)
        case .audio(let fromMs, let toMs): audio(fromMs: fromMs, toMs: toMs, nowMs: nowMs)
        case .voice(let probability, let audioMs): voice(probability: probability, audioMs: audioMs, nowMs: nowMs)
        case .voiceFailed(let message): voiceFailed(message)
        case .digit(let key): key.first.map { digit($0, nowMs: nowMs) } ?? []
        case .mark(let name): mark(name, nowMs: nowMs)
        case .timer: timer(nowMs: nowMs)
        case .end(let reason): end(reason: reason, nowMs: nowMs)
        case .transcribed(let task, let transcription, let failure):
            transcribed(task: task, transcription, failure: failure, nowMs: nowMs)
        case .token(let turn, let text): token(turn: turn, text, nowMs: nowMs)
        case .answered(let turn, let failure): answered(turn: turn, failure: failure, nowMs: nowMs)
        case .toolRequested(let turn, let call): toolRequested(turn: turn, call, nowMs: nowMs)
        case .fault(let turn, let message): fault(turn: turn, message)
        case .toolFinished(let id, let outcome): toolFinished(id, outcome, nowMs: nowMs)
        case .summarized(let count, let text): summarized(count: count, text)
        case .speech(let turn, let chunk): speech(turn: turn, chunk, nowMs: nowMs)
        case .spoken(let turn, let failure): spoken(turn: turn, failure: failure, nowMs: nowMs)
        }
    }
}
