extension MuLaw {
    /// The 16-bit sample of each of the 256 codes.
    static let decodingTable: [Int16] = (0...UInt8.max).map(sample(of:))

    /// The code of each 14-bit sample, at its two's complement pattern.
    ///
    /// The two lowest bits of a 16-bit sample never change its code, so 16 KiB serve where 64 KiB would crowd the processor's first-level cache.
    static let encodingTable: [UInt8] = (0..<(1 << 14)).map { pattern in
        code(of: Int(Int16(truncatingIfNeeded: pattern << 2)) >> 2)
    }

    /// Added to the magnitude, in 14-bit units, so that each segment is a power of two (G.711 table 2a).
    private static let bias = 33

    /// The largest 14-bit magnitude that has a code of its own.
    private static let clip = 8158

    /// Expands one code.
    private static func sample(of code: UInt8) -> Int16 {
        // Every bit is inverted on the wire, so that silence still carries ones to keep a line's clock; undoing that comes first.
        let bits = ~code
        let segment = Int(bits >> 4) & 0b111
        let step = Int(bits) & 0b1111
        let magnitude = ((2 * step + bias) << segment) - bias
        return Int16(4 * (bits & 0x80 == 0 ? magnitude : -magnitude))
    }

    /// Compresses one 14-bit sample.
    private static func code(of sample: Int) -> UInt8 {
        let magnitude = min(abs(sample), clip) + bias
        // The position of the magnitude's highest bit, 5 in the lowest segment.
        let segment = Int.bitWidth - 1 - magnitude.leadingZeroBitCount - 5
        let step = (magnitude >> (segment + 1)) & 0b1111
        let sign: UInt8 = sample < 0 ? 0x80 : 0
        return ~(sign | UInt8(segment << 4 | step))
    }
}
