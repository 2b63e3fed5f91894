/// What `start` says of a stream.
package struct StreamStart: Sendable, Equatable {
    /// `AC` and 32 hex digits.
    package var accountSid: String
    /// `CA` and 32 hex digits.
    package var callSid: String
    /// `MZ` and 32 hex digits.
    package var streamSid: String
    /// `inbound`, `outbound`.
    package var tracks: [String]
    /// The caller audio's encoding, for example `audio/x-mulaw`.
    package var encoding: String
    /// Samples a second, 8,000 so far.
    package var sampleRate: Int
    /// 1 so far.
    package var channels: Int
    /// The `<Parameter>`s of the TwiML.
    package var customParameters: [String: String]

    /// Makes a description; the format defaults to the one Twilio documents.
    package init(
        accountSid: String,
        callSid: String,
        streamSid: String,
        tracks: [String] = ["inbound"],
        encoding: String = "audio/x-mulaw",
        sampleRate: Int = 8000,
        channels: Int = 1,
        customParameters: [String: String] = [:]
    ) {
        self.accountSid = accountSid
        self.callSid = callSid
        self.streamSid = streamSid
        self.tracks = tracks
        self.encoding = encoding
        self.sampleRate = sampleRate
        self.channels = channels
        self.customParameters = customParameters
    }
}

extension StreamStart {
    /// Reads the object of a `start` message.
    ///
    /// What is absent from `mediaFormat` is what Twilio documents; a rate or count that cannot be read is 0.
    init(_ body: JSONToken, streamSid: String, _ json: Span<UInt8>) throws(MediaStreamError) {
        let format = try body.member("mediaFormat", in: json)
        let stream = try body.text("streamSid", in: json) ?? streamSid
        let call = try body.required("callSid", of: "start", in: json)
        guard !call.isEmpty else { throw MediaStreamError(.missingField, "start has no callSid") }
        guard !stream.isEmpty else { throw MediaStreamError(.missingField, "start has no streamSid") }
        self.init(
            accountSid: try body.text("accountSid", in: json) ?? "",
            callSid: call,
            streamSid: stream,
            tracks: try body.member("tracks", in: json)?.strings(in: json) ?? [],
            encoding: try format?.text("encoding", in: json) ?? "audio/x-mulaw",
            sampleRate: try format?.integer("sampleRate", in: json) ?? 8000,
            channels: try format?.integer("channels", in: json) ?? 1,
            customParameters: try body.member("customParameters", in: json)?.dictionary(in: json) ?? [:]
        )
    }
}
