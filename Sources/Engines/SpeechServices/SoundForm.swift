import Audio

/// What a body of audio is: decided from its first bytes whatever its type says, and only then from the type.
enum SoundForm: Equatable {
    /// WAV files.
    case wav
    /// Bare samples of this format, at this rate if the type says so.
    case bare(SampleFormat, rate: Int?)
    /// Something that would be noise, by its name.
    case foreign(String)

    /// The most bytes that a decision needs: three of the longest MPEG frames and a header.
    static let maximumDecision = 3 * 2_881 + 4

    /// Decides from the bytes that have come so far; nil if more are needed.
    ///
    /// - Parameters:
    ///   - bytes: the beginning of the body.
    ///   - type: what its type says.
    ///   - isWhole: whether nothing more will come.
    init?(_ bytes: [UInt8], type: SoundType, isWhole: Bool) {
        let isWhole = isWhole || bytes.count >= Self.maximumDecision
        switch Self.recognized(bytes, type: type, isWhole: isWhole) {
        case .undecided: return nil
        case .yes(let form): self = form
        case .no:
            switch type.claim {
            case .bare(let format, let rate): self = .bare(format, rate: rate)
            case .open: self = .bare(SampleFormat(), rate: nil)
            case .foreign(let name): self = .foreign(name)
            }
        }
    }

    private enum Answer {
        case undecided, no
        case yes(SoundForm)
    }

    private static func recognized(_ bytes: [UInt8], type: SoundType, isWhole: Bool) -> Answer {
        guard !bytes.isEmpty else { return isWhole ? .no : .undecided }
        var isUndecided = false
        for signature in SoundSignature.all {
            switch signature.match(bytes) {
            case .yes: return .yes(signature.name.map { .foreign($0) } ?? .wav)
            case .undecided: isUndecided = true
            case .no: continue
            }
        }
        let format = if case .bare(let format, _) = type.claim { format } else { SampleFormat() }
        switch MPEGFrames.match(bytes, isWhole: isWhole, unlike: format) {
        case .yes(let name): return .yes(.foreign(name))
        case .undecided: isUndecided = true
        case .no: break
        }
        switch SoundText.match(bytes, isWhole: isWhole, type: type) {
        case .yes(let name): return .yes(.foreign(name))
        case .undecided: isUndecided = true
        case .no: break
        }
        return isUndecided && !isWhole ? .undecided : .no
    }
}

/// The outcome of a look at bytes, of which more may come.
enum SoundMatch<Found> {
    case no, undecided
    case yes(Found)
}

/// Bytes that a kind of file begins with.
struct SoundSignature {
    /// What begins so, in words for an error; nil for a WAV file.
    let name: String?
    /// The bytes; nil stands for any.
    private let pattern: [UInt8?]

    private init(_ name: String?, _ pattern: [UInt8?]) {
        self.name = name
        self.pattern = pattern
    }

    /// Text, with `?` for any byte, and bytes behind it.
    private init(_ name: String?, _ text: String, _ more: [UInt8?] = []) {
        self.init(name, text.utf8.map { $0 == UInt8(ascii: "?") ? nil : $0 } + more)
    }

    /// Compares bytes with the signature.
    func match(_ bytes: [UInt8]) -> SoundMatch<Void> {
        for (byte, expected) in zip(bytes, pattern) where expected != nil && expected != byte { return .no }
        return bytes.count < pattern.count ? .undecided : .yes(())
    }

    /// Each is long enough not to begin samples by chance.
    static let all = [
        SoundSignature(nil, "RIFF????WAVE"), SoundSignature(nil, "RF64????WAVE"),
        SoundSignature("MP3 (ID3)", "ID3", [2, 0]), SoundSignature("MP3 (ID3)", "ID3", [3, 0]),
        SoundSignature("MP3 (ID3)", "ID3", [4, 0]),
        SoundSignature("Ogg", "OggS", [0]), SoundSignature("FLAC", "fLaC", [nil, 0, 0]),
        SoundSignature("MP4", "????ftyp"), SoundSignature("WebM or Matroska", [0x1A, 0x45, 0xDF, 0xA3]),
        SoundSignature("AIFF", "FORM????AIF"), SoundSignature("AU", ".snd", [0, 0]), SoundSignature("CAF", "caff", [0, 1]),
        SoundSignature("big-endian WAV (RIFX)", "RIFX????WAVE"), SoundSignature("a RIFF file other than WAV", "RIFF????AVI "),
        SoundSignature("a broken WAV file", "RIFF????????"), SoundSignature("AMR", "#!AMR"), SoundSignature("SILK", "#!SILK"),
        SoundSignature("SILK", "?#!SILK"),
        SoundSignature("AAC (ADIF)", "ADIF"), SoundSignature("WavPack", "wvpk"), SoundSignature("Monkey's Audio", "MAC "),
        SoundSignature("WMA", [0x30, 0x26, 0xB2, 0x75, 0x8E, 0x66, 0xCF, 0x11]),
        SoundSignature("data compressed with gzip", [0x1F, 0x8B, 8, 0]), SoundSignature("data compressed with gzip", [0x1F, 0x8B, 8, 8]),
        SoundSignature("data compressed with zstd", [0x28, 0xB5, 0x2F, 0xFD]),
        SoundSignature("a ZIP file", "PK", [3, 4]), SoundSignature("a PNG image", "?PNG\r\n"),
        SoundSignature("a PDF file", "%PDF-"),
    ]
}

/// Recognises the frames of MPEG audio: MP3, MP2 and AAC in ADTS.
///
/// One header alone occurs in samples by chance, so that a second and a third frame have to follow where the first one says, or what follows must
/// be nothing but noise if it is taken for samples. Layer I, whose headers begin with the samples of near-silence (FF FF), is left out: services do
/// not send it.
enum MPEGFrames {
    private static let headerSize = 7
    /// How many frames in a row are proof.
    private static let proof = 3
    /// How many bytes show whether something is noise.
    private static let noiseSize = 1_024

    private struct Frame: Equatable {
        /// What all frames of a stream have in common.
        var kind: [UInt8]
        var size: Int
        var name: String
    }

    /// The name of the format whose frames the bytes begin with; `samples` is what they are otherwise.
    static func match(_ bytes: [UInt8], isWhole: Bool, unlike samples: SampleFormat) -> SoundMatch<String> {
        guard bytes.count >= headerSize, let first = frame(bytes[...]) else {
            return isPossible(bytes[...]) && bytes.count < headerSize && !isWhole ? .undecided : .no
        }
        switch chain(bytes, isWhole: isWhole) {
        case .yes: return .yes(first.name)
        case .undecided: return .undecided
        case .no:
            guard bytes.count >= noiseSize || isWhole else { return .undecided }
            // Whole frames of samples, from the first one that has nothing of the header.
            let start = (headerSize / samples.frameSize + 1) * samples.frameSize
            return isNoise(samples.mixed(bytes.prefix(noiseSize).dropFirst(start))) ? .yes(first.name) : .no
        }
    }

    /// Whether samples are loud and each has nothing to do with the one before: speech is not.
    private static func isNoise(_ samples: [Int16]) -> Bool {
        let values = samples.map(Double.init)
        let power = values.reduce(0) { $0 + $1 * $1 }
        let likeness = zip(values, values.dropFirst()).reduce(0) { $0 + $1.0 * $1.1 }
        return values.count >= 64 && power > 4_000 * 4_000 * Double(values.count) && likeness < 0.3 * power
    }

    /// Whether frames follow each other from the first byte on.
    private static func chain(_ bytes: [UInt8], isWhole: Bool) -> SoundMatch<Void> {
        var (place, count) = (0, 0)
        var first: Frame?
        while count < proof {
            // The end of a short body counts as proof if a whole frame led to it.
            guard place + headerSize <= bytes.count else {
                guard isWhole else { return isPossible(bytes[min(place, bytes.count)...]) ? .undecided : .no }
                return count > 1 || count == 1 && place == bytes.count ? .yes(()) : .no
            }
            guard let frame = frame(bytes[place...]), first.map({ $0.kind == frame.kind }) ?? true else { return .no }
            first = first ?? frame
            place += frame.size
            count += 1
        }
        return .yes(())
    }

    private static func isPossible(_ bytes: ArraySlice<UInt8>) -> Bool {
        (bytes.first ?? 0xFF) == 0xFF && (bytes.dropFirst().first ?? 0xE0) & 0xE0 == 0xE0
    }

    private static func frame(_ bytes: ArraySlice<UInt8>) -> Frame? {
        let header = Array(bytes.prefix(headerSize))
        guard header[0] == 0xFF, header[1] & 0xE0 == 0xE0 else { return nil }
        return header[1] & 0x06 == 0 ? adtsFrame(header) : layerFrame(header)
    }

    private static func adtsFrame(_ header: [UInt8]) -> Frame? {
        let size = Int(header[3] & 3) << 11 | Int(header[4]) << 3 | Int(header[5] >> 5)
        guard header[1] & 0xF0 == 0xF0, header[2] >> 2 & 0x0F <= 12, size > headerSize else { return nil }
        return Frame(kind: [header[1], header[2], header[3] & 0xF0], size: size, name: "AAC")
    }

    private static func layerFrame(_ header: [UInt8]) -> Frame? {
        let version = header[1] >> 3 & 3
        let layer = header[1] >> 1 & 3
        let rate = Int(header[2] >> 2 & 3)
        guard version != 1, layer != 3, rate != 3, let kilobits = kilobits(header[2] >> 4, isFirstVersion: version == 3, layer: layer) else {
            return nil
        }
        let hertz = [44_100, 48_000, 32_000][rate] / (version == 3 ? 1 : version == 2 ? 2 : 4)
        let samplesByEight = layer == 1 && version != 3 ? 72 : 144
        let size = samplesByEight * kilobits * 1_000 / hertz + Int(header[2] >> 1 & 1)
        return Frame(kind: [header[1] & 0xFE, header[2] & 0x0C], size: size, name: layer == 1 ? "MP3" : "MP2")
    }

    private static func kilobits(_ index: UInt8, isFirstVersion: Bool, layer: UInt8) -> Int? {
        guard (1...14).contains(index) else { return nil }
        let rates =
            if !isFirstVersion {
                [8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160]
            } else if layer == 1 {
                [32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320]
            } else {
                [32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384]
            }
        return rates[Int(index) - 1]
    }
}

/// Recognises text: JSON, a page, a stream of events, audio in base64.
enum SoundText {
    /// So many bytes of text are no samples: as such they would be loud, and all on one side of zero.
    private static let proof = 256
    /// Bytes of text that differ; a held sample or the silence of A-law repeats one.
    private static let minimumVariety = 6

    /// What kind of text the bytes begin.
    static func match(_ bytes: [UInt8], isWhole: Bool, type: SoundType) -> SoundMatch<String> {
        let start = bytes.prefix(proof)
        guard isText(start, isCut: start.count < bytes.count || !isWhole) else { return .no }
        guard isWhole || bytes.count >= proof else { return .undecided }
        guard bytes.count < proof || Set(start).count >= minimumVariety else { return .no }
        switch start.first(where: { !Array(" \t\r\n\u{FEFF}".utf8).contains($0) }) {
        case UInt8(ascii: "{"), UInt8(ascii: "["): return .yes("JSON")
        case UInt8(ascii: "<"): return .yes("HTML or XML")
        default:
            // Quiet samples of G.711 are letters.
            if bytes.count >= proof, case .bare(let format, _) = type.claim, format.frameSize == 1 { return .no }
            return .yes("text")
        }
    }

    private static func isText(_ bytes: ArraySlice<UInt8>, isCut: Bool) -> Bool {
        guard bytes.allSatisfy({ $0 >= 0x20 && $0 != 0x7F || [9, 10, 13].contains($0) }) else { return false }
        if String(validating: bytes, as: UTF8.self) != nil { return true }
        // A character may be cut in two.
        return isCut && (1...3).contains { String(validating: bytes.dropLast($0), as: UTF8.self) != nil }
    }
}
