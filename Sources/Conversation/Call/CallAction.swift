/// Something the machine wants done; ``CallSession`` does it and feeds the outcome back.
///
/// Every request has an id, and its results carry it: a result that is not waited for any more changes nothing.
package enum CallAction: Sendable, Equatable {
    /// Turn this stretch of the caller's audio, in ms on the media clock, into text.
    case transcribe(task: Int, clip: Range<Int>)
    /// Turn what the caller has said so far into text if that costs nobody anything.
    case preview(task: Int, clip: Range<Int>)
    /// The words of this stretch are not wanted any more.
    case cancelTranscription(task: Int)
    /// Ask the assistant to answer the last turn.
    case ask(id: Int, turn: Int, [ConversationTurn])
    /// Run a tool.
    case runTool(ToolCall)
    /// Stop waiting for a tool.
    case cancelTool(id: String)
    /// Put the oldest entries of the memory into few words.
    case summarize(count: Int, [ConversationTurn])
    /// Turn a part of a turn's answer into audio.
    case synthesize(id: Int, turn: Int, text: String)
    /// The assistant's answer to this request is not wanted any more.
    case cancelThought(id: Int)
    /// The audio of this part is not wanted any more.
    case cancelSpeech(id: Int)
    /// Make audio of a hold's sound, from this place in it, in ms.
    case playSound(id: Int, HoldConfiguration.Sound, fromMs: Int)
    /// A command is taken, or refused.
    case answerCommand(id: String, CommandRefusal?)
    /// Do something to the line.
    case line(LineCommand)
    /// Store an event and tell it.
    case emit(CallEvent)
    /// The call is over: stop everything.
    case finish
}
