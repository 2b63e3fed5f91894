extension WAVFile {
    /// Reads PCM (8 to 32 bits), floating point, G.711 mu-law or A-law, of one to eight channels.
    ///
    /// Unknown chunks are skipped. Not errors: samples cut off before the announced end, and a `data` size of 0 or 0xFFFFFFFF as programs leave
    /// it that write to a pipe; what is there is read.
    ///
    /// - Throws: ``AudioError`` with `malformedFile` or `unsupportedFormat`.
    package init(parsing bytes: [UInt8]) throws(AudioError) {
        let isRIFF = bytes.starts(with: "RIFF".utf8) || bytes.starts(with: "RF64".utf8)
        guard isRIFF, bytes.count >= 12, bytes[8..<12].elementsEqual("WAVE".utf8) else {
            throw AudioError(code: .malformedFile, message: "not a WAV file: it does not begin with RIFF and WAVE")
        }
        var format: WAVFormat?
        var chunks = RIFFChunks(bytes[12...])
        while let chunk = chunks.next() {
            if chunk.name == "fmt " {
                format = try WAVFormat(parsing: chunk.content)
            } else if chunk.name == "data" {
                guard let format else {
                    throw AudioError(code: .malformedFile, message: "malformed WAV file: the data comes before its format (fmt chunk)")
                }
                self.init(sampleRate: format.sampleRate, channels: format.samples.channels(in: chunks.streamed(chunk)))
                return
            }
        }
        let missing = format == nil ? "format (fmt chunk)" : "samples (data chunk)"
        throw AudioError(code: .malformedFile, message: "malformed WAV file: it ends before its \(missing)")
    }
}
