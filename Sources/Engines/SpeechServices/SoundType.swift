import Audio

/// What the `Content-Type` of an answer says about its sound.
struct SoundType: Equatable {
    /// What a type claims.
    enum Claim: Equatable {
        /// Bare samples of this format, at this rate if it says so.
        case bare(SampleFormat, rate: Int?)
        /// Nothing that helps: no type, any bytes, a WAV file, a sound that is not known here.
        case open
        /// Something that cannot be played.
        case foreign(String)
    }

    /// What it claims.
    let claim: Claim

    /// The rate of G.711, in Hz, unless a type says otherwise.
    private static let telephoneRate = 8_000
    private static let anyBytes: Set<String> = ["", "*/*", "application/octet-stream", "binary/octet-stream", "application/binary"]
    private static let waves: Set<String> = ["wav", "wave", "pn-wav"]
    /// Parts of names of sounds that are not samples.
    private static let compressed = [
        "mpeg", "mp3", "mpga", "mp4", "m4a", "ogg", "opus", "vorbis", "webm", "matroska", "flac", "aac", "amr", "speex", "ac3", "aif", "caf",
        "midi", "3gpp", "wma", "silk", "evrc", "g72", "gsm", "ilbc", "adpcm", "mpc",
    ]

    /// Reads the value of a `Content-Type` header; nil if there was none.
    init(_ header: String?) {
        let parts = (header ?? "").lowercased().split(separator: ";", omittingEmptySubsequences: false).map { $0.filter { !$0.isWhitespace } }
        let name = parts.first ?? ""
        var parameters: [String: String] = [:]
        for part in parts.dropFirst() {
            let pair = part.split(separator: "=", maxSplits: 1).map { $0.filter { $0 != "\"" } }
            if pair.count == 2 { parameters[pair[0].filter { $0.isLetter }] = pair[1] }
        }
        claim = Self.claim(of: name, parameters)
    }

    private static func claim(of name: String, _ parameters: [String: String]) -> Claim {
        if anyBytes.contains(name) { return claim(of: .signed(bits: 16), saysSo: false, parameters) }
        guard name.hasPrefix("audio/") else { return .foreign(name) }
        var kind = String(name.dropFirst("audio/".count))
        for prefix in ["x-", "vnd."] where kind.hasPrefix(prefix) { kind = String(kind.dropFirst(prefix.count)) }
        if waves.contains(kind) { return .open }
        if compressed.contains(where: kind.contains) { return .foreign(name) }
        let encoding = encoding(named: kind)
        return claim(of: encoding ?? .signed(bits: 16), saysSo: encoding != nil, parameters)
    }

    /// What a type claims whose name stands for an encoding, which its parameters may tell in more detail.
    private static func claim(of named: SampleFormat.Encoding, saysSo: Bool, _ parameters: [String: String]) -> Claim {
        var encoding = named
        if let given = ["encoding", "codec", "format"].lazy.compactMap({ parameters[$0] }).first {
            guard let known = self.encoding(named: given) else { return .foreign("\(given) samples") }
            // `signed-integer` says nothing new of L16, whose highest byte comes first.
            if !(saysSo && known == .signed(bits: 16)) { encoding = known }
        }
        if let bits = number("bits", "bitdepth", "bitspersample", "samplesize", "depth", in: parameters) {
            guard let sized = sized(encoding, bits: bits) else { return .foreign("samples of \(bits) bits") }
            encoding = sized
        }
        if let order = ["endian", "endianness", "byteorder"].lazy.compactMap({ parameters[$0] }).first, case .signed(let bits, _) = encoding {
            encoding = .signed(bits: bits, isBigEndian: order.hasPrefix("big"))
        }
        let channels = number("channels", "channel", "channelcount", in: parameters) ?? 1
        guard SampleFormat.supportedChannels.contains(channels) else { return .foreign("samples of \(channels) channels") }
        let isTelephone = encoding == .muLaw || encoding == .aLaw
        let rate = number("rate", "samplerate", "samplingrate", "clockrate", in: parameters) ?? (isTelephone ? telephoneRate : nil)
        let format = SampleFormat(encoding, channelCount: channels)
        return !saysSo && format == SampleFormat() && rate == nil ? .open : .bare(format, rate: rate)
    }

    /// The encoding that a name stands for, in the spellings of types, parameters and programs.
    private static func encoding(named name: String) -> SampleFormat.Encoding? {
        switch name.filter({ $0.isLetter || $0.isNumber }) {
        case "pcm", "lpcm", "raw", "linear", "linear16", "linearpcm", "pcm16", "pcm16le", "pcms16le", "s16le", "s16", "int16", "signed16",
            "signedinteger", "signedint", "signed", "pcms16":
            .signed(bits: 16)
        case "l16", "s16be", "pcms16be", "pcm16be": .signed(bits: 16, isBigEndian: true)
        case "l24", "s24be", "pcms24be": .signed(bits: 24, isBigEndian: true)
        case "s24le", "pcms24le": .signed(bits: 24)
        case "s32le", "pcms32le", "int32": .signed(bits: 32)
        case "l8", "u8", "pcmu8", "unsignedinteger", "unsigned": .unsigned8
        case "f32le", "pcmf32le", "float", "float32", "floatingpoint", "ieeefloat", "f32", "pcmf32", "floatpcm": .float(bits: 32)
        case "f64le", "pcmf64le", "float64": .float(bits: 64)
        case "basic", "mulaw", "ulaw", "pcmu", "pcmmulaw", "mulawbasic", "g711", "g711mulaw", "g711ulaw", "g711u", "mulawpcm": .muLaw
        case "alaw", "pcma", "pcmalaw", "alawbasic", "g711alaw", "g711a": .aLaw
        default: nil
        }
    }

    private static func sized(_ encoding: SampleFormat.Encoding, bits: Int) -> SampleFormat.Encoding? {
        switch (encoding, bits) {
        case (.signed, 8), (.unsigned8, 8): .unsigned8
        case (.signed(_, let isBigEndian), 16), (.signed(_, let isBigEndian), 24), (.signed(_, let isBigEndian), 32):
            .signed(bits: bits, isBigEndian: isBigEndian)
        case (.float, 32), (.float, 64): .float(bits: bits)
        // 8 bits as they are sent, or the 14 and 16 that they stand for.
        case (.muLaw, _), (.aLaw, _): encoding
        default: nil
        }
    }

    /// The number that one of these parameters gives, if it is one above 0.
    private static func number(_ names: String..., in parameters: [String: String]) -> Int? {
        names.lazy.compactMap { parameters[$0] }.compactMap { Double($0) }.filter { (1..<1e9).contains($0) }.first.map { Int($0) }
    }
}
