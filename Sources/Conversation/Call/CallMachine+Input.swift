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
        /// The assistant said more of the answer it was asked for.
        case token(ask: Int, String)
        /// The assistant has finished, or failed.
        case answered(ask: Int, failure: String?)
        /// The assistant wants a tool called.
        case toolRequested(ask: Int, ToolCall)
        /// An attempt of the assistant has failed, and it makes another.
        case fault(ask: Int, String)
        /// A tool has ended.
        case toolFinished(id: String, ToolOutcome)
        /// The oldest entries of the memory have been put into few words, or could not be.
        case summarized(count: Int, String?)
        /// Audio of a piece.
        case speech(piece: Int, SpeechChunk)
        /// A piece has all its audio, or the voice failed.
        case spoken(piece: Int, failure: String?)
        /// An operator or a program gives a command.
        case command(id: String, CallCommand)
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
        case .token(let id, let text): token(ask: id, text, nowMs: nowMs)
        case .answered(let id, let failure): answered(ask: id, failure: failure, nowMs: nowMs)
        case .toolRequested(let id, let call): toolRequested(ask: id, call, nowMs: nowMs)
        case .fault(let id, let message): fault(ask: id, message)
        case .toolFinished(let id, let outcome): toolFinished(id, outcome, nowMs: nowMs)
        case .summarized(let count, let text): summarized(count: count, text)
        case .speech(let id, let chunk): speech(piece: id, chunk, nowMs: nowMs)
        case .spoken(let id, let failure): spoken(piece: id, failure: failure, nowMs: nowMs)
        case .command(let id, let command): obey(command, id: id, nowMs: nowMs)
        }
    }
}
