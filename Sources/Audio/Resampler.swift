import CSpeexDSP

/// Converts the sample rate of one mono signal, with its filter's state carried from call to call.
///
/// However a signal is cut into calls, the samples out are the same. The filter's delay is taken out: the first sample out belongs to the instant
/// of the first one in, and all calls up to and with ``finish()`` give `ceil(samples in * outputRate / inputRate)` samples together.
/// Not thread-safe; whoever owns the signal owns this.
package final class Resampler {
    /// Speexdsp's quality, of 0 to 10.
    ///
    /// 5 leaves the telephone's 300-3400 Hz whole at 8 kHz (-0.01 dB; quality 3 loses 1 dB at 3400 Hz), takes aliases down by about 100 dB, which
    /// is far below mu-law's own noise, and delays by 40 samples of the lower rate, 5 ms. 7 delays by 8 ms and costs half as much again, for
    /// the tones between 3500 and 3700 Hz that no telephone line carries.
    private static let quality: Int32 = 5

    /// The sample rates that can be converted from and to, in Hz.
    package static let supportedRates = 1_000...384_000

    /// Samples a second of the signal in, in Hz.
    package let inputRate: Int
    /// Samples a second of the signal out, in Hz.
    package let outputRate: Int

    /// The filter; none where both rates are the same, because then every sample goes through as it is.
    private let filter: OpaquePointer?
    private var samplesIn = 0
    private var samplesOut = 0

    /// Makes a converter from `inputRate` to `outputRate`, in Hz.
    ///
    /// - Throws: ``AudioError`` with `invalidRate` where a rate is outside ``supportedRates``.
    package init(from inputRate: Int, to outputRate: Int) throws(AudioError) {
        for rate in [inputRate, outputRate] where !Self.supportedRates.contains(rate) {
            throw AudioError(
                code: .invalidRate,
                message: "cannot convert from \(inputRate) to \(outputRate) Hz: \(rate) Hz is outside \(Self.supportedRates)"
            )
        }
        self.inputRate = inputRate
        self.outputRate = outputRate
        filter = inputRate == outputRate ? nil : try Self.makeFilter(from: inputRate, to: outputRate)
        if let filter { speex_resampler_skip_zeros(filter) }
    }

    deinit {
        if let filter { speex_resampler_destroy(filter) }
    }

    /// Converts the next samples.
    ///
    /// The samples out lag by the filter's delay, 40 samples of the lower rate; ``finish()`` brings the last of them.
    package func process(_ samples: [Int16]) -> [Int16] {
        guard let filter else { return samples }
        samplesIn += samples.count
        let converted = convert(samples, with: filter)
        samplesOut += converted.count
        return converted
    }

    /// The samples still inside the filter; the converter starts anew after this.
    package func finish() -> [Int16] {
        guard let filter else { return [] }
        let expected = (samplesIn * outputRate + inputRate - 1) / inputRate
        let rest = convert([Int16](repeating: 0, count: Int(speex_resampler_get_input_latency(filter))), with: filter)
        speex_resampler_reset_mem(filter)
        speex_resampler_skip_zeros(filter)
        defer { (samplesIn, samplesOut) = (0, 0) }
        return Array(rest.prefix(max(0, expected - samplesOut)))
    }

    private static func makeFilter(from inputRate: Int, to outputRate: Int) throws(AudioError) -> OpaquePointer {
        var status: Int32 = 0
        guard let filter = speex_resampler_init(1, UInt32(inputRate), UInt32(outputRate), quality, &status) else {
            throw AudioError(
                code: .outOfMemory,
                message: "cannot convert from \(inputRate) to \(outputRate) Hz: \(String(cString: speex_resampler_strerror(status)))"
            )
        }
        return filter
    }

    private func convert(_ samples: [Int16], with filter: OpaquePointer) -> [Int16] {
        // Room for what these samples bring and for what the position between two samples may add.
        let room = samples.count * outputRate / inputRate + outputRate / inputRate + 2
        return [Int16](unsafeUninitializedCapacity: room) { output, written in
            samples.withUnsafeBufferPointer { input in
                written = Self.run(filter, from: input, to: output)
            }
        }
    }

    /// Feeds the filter until it has taken everything, because one call takes no more than its own buffer holds.
    private static func run(_ filter: OpaquePointer, from input: UnsafeBufferPointer<Int16>, to output: UnsafeMutableBufferPointer<Int16>) -> Int {
        var (taken, written) = (0, 0)
        while taken < input.count {
            guard let next = input.baseAddress, let end = output.baseAddress else { break }
            var countIn = UInt32(clamping: input.count - taken)
            var countOut = UInt32(clamping: output.count - written)
            speex_resampler_process_int(filter, 0, next + taken, &countIn, end + written, &countOut)
            if countIn == 0, countOut == 0 { break }
            taken += Int(countIn)
            written += Int(countOut)
        }
        return written
    }
}
