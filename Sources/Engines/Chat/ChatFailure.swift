/// An attempt that brought no answer.
struct ChatFailure: Error, Sendable, Equatable {
    /// What may be tried next.
    enum Remedy: Sendable, Equatable {
        /// The same endpoint once more, after a pause; nil stands for the usual one.
        case again(afterMs: Int?)
        /// The endpoint has too much to do: the same one once more after the pause it asks for, as often as time is left, or another one.
        case later(afterMs: Int?)
        /// Another endpoint; the same one again where there is no other.
        case preferablyOther
        /// Another endpoint only: this one would say the same again.
        case other
    }

    /// What the endpoint did, in words that follow its name.
    var what: String
    /// The same in few words, for the second time.
    var brief: String
    /// What may be tried next.
    var remedy: Remedy
    /// The refusal, if the endpoint refused the request: another form of it may be accepted.
    var refusal: ChatRefusal?

    /// Makes a failure.
    init(_ what: String, brief: String? = nil, remedy: Remedy = .again(afterMs: 0)) {
        self.what = what
        self.brief = brief ?? what
        self.remedy = remedy
    }

    /// The failure of a service that could not be asked or broke off.
    init(_ fault: ServiceFault) {
        self.init(fault.what, remedy: fault.kind == .unsendable ? .other : .again(afterMs: nil))
    }

    /// The failure that a refusal's status and body say.
    ///
    /// - Parameters:
    ///   - refusal: the status and what the body says.
    ///   - reason: the message in the body, on one line.
    ///   - retryAfterMs: how long the service asks to wait, if it says so.
    init(_ refusal: ChatRefusal, reason: String, retryAfterMs: Int?) {
        let status = refusal.status.map { "\($0)" } ?? "an error"
        let remedy = Self.remedy(refusal, retryAfterMs: retryAfterMs ?? (refusal.status == 429 ? refusal.waitMs : nil))
        self.init("answered \(status)" + (reason.isEmpty ? "" : " (\(reason))"), brief: status, remedy: remedy)
        self.refusal = refusal
    }

    private static func remedy(_ refusal: ChatRefusal, retryAfterMs: Int?) -> Remedy {
        if refusal.isFinal { return .other }
        if refusal.isFailedToolUse { return .again(afterMs: 0) }
        guard let status = refusal.status, status == 429 || status >= 500 || status == 408 || status == 409 else { return .other }
        if let retryAfterMs { return .later(afterMs: retryAfterMs) }
        return [429, 503, 529].contains(status) ? .later(afterMs: nil) : .again(afterMs: nil)
    }
}
