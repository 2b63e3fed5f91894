/// The tools that the product itself has, by the names that assistants call them.
package enum BuiltInTool: String, Sendable, CaseIterable {
    /// Ends the call once the goodbye has been heard.
    case endCall = "end_call"
    /// Puts the caller through to somebody else.
    case transferCall = "transfer_call"
    /// Presses keys on the line.
    case sendDTMF = "send_dtmf"
    /// Puts the caller on hold for a while.
    case holdCall = "hold_call"
    /// Stops listening to the caller for a while.
    case muteCaller = "mute_caller"
}
