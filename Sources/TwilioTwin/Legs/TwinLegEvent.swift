/// Something that happened on a call that was dialled or placed for the server, rather than on the caller's.
package struct TwinLegEvent: Sendable, Equatable {
    /// What happened.
    package enum What: Sendable, Equatable {
        /// The number is called; the parent is the call whose `<Dial>` it is, nil for one that the server placed.
        case called(parentCallSid: String?)
        /// It rings.
        case ringing
        /// Somebody, or something, answered.
        case answered
        /// It was found out who answered, in Twilio's words.
        case detected(answeredBy: String)
        /// The callee heard the text of a `<Say>`.
        case heard(String)
        /// The callee heard a sound file.
        case heardFile(url: String)
        /// The callee pressed a key.
        case pressed(Character)
        /// The callee is in a conference.
        case joined(conference: String)
        /// The callee and the caller hear each other.
        case bridged
        /// They do not any more, and the callee's call goes on.
        case parted
        /// The callee's call is over, with this status.
        case ended(status: String)
    }

    /// The call's SID.
    package var callSid: String
    /// The number called.
    package var to: String
    /// What happened.
    package var what: What

    /// Makes an event.
    package init(callSid: String, to: String, what: What) {
        self.callSid = callSid
        self.to = to
        self.what = what
    }
}
