/// What `stop` says.
package struct StreamStop: Sendable, Equatable {
    /// `AC` and 32 hex digits.
    package var accountSid: String
    /// `CA` and 32 hex digits.
    package var callSid: String
    /// The stream that ended.
    package var streamSid: String

    /// Makes a stop.
    package init(accountSid: String, callSid: String, streamSid: String) {
        self.accountSid = accountSid
        self.callSid = callSid
        self.streamSid = streamSid
    }
}

extension StreamStop {
    /// Reads `stop`, whose fields may all be missing: a stream that ends must always be let end.
    init(_ body: JSONToken?, streamSid: String, _ json: Span<UInt8>) throws(MediaStreamError) {
        self.init(
            accountSid: try body?.text("accountSid", in: json) ?? "",
            callSid: try body?.text("callSid", in: json) ?? "",
            streamSid: streamSid
        )
    }
}
