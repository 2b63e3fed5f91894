/// An attempt that brought no answer.
struct ChatFailure: Error, Sendable, Equatable {
    /// What may be tried next.
    enum Remedy: Sendable, Equatable {
        /// The same endpoint once more, after a pause; nil stands for the usual one.
        case again(afterMs: Int?)
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

    /// The failure that an answer's status tells.
    ///
    /// - Parameters:
    ///   - status: the status.
    ///   - reason: what the body says.
    ///   - retryAfterMs: how long the service wants to be left alone, where it says so.
    init(status: Int, reason: String, retryAfterMs: Int?) {
        let what = "answered \(status)" + (reason.isEmpty ? "" : " (\(reason))")
        self.init(what, brief: "\(status)", remedy: Self.remedy(status: status, retryAfterMs: retryAfterMs))
    }

    private static func remedy(status: Int, retryAfterMs: Int?) -> Remedy {
        guard status == 429 || status >= 500 else { return .other }
        // Who asks for more time than a caller has is not asked again.
        if let retryAfterMs, retryAfterMs > 1_000 { return .other }
        return .again(afterMs: retryAfterMs)
    }
}
