/// G.711 mu-law as the tables of the ITU-T Recommendation print it, written down apart from the codec that is checked against it.
///
/// Table 2a gives the ends of eight segments and sixteen intervals in each, a code an interval and the middle of the interval as its value;
/// the codec's bit arithmetic appears nowhere here. Magnitudes are the Recommendation's, of 14 bits with the sign.
struct MuLawReference {
    /// The code number of each magnitude up to the largest.
    private let numbers: [Int]
    /// The magnitude that each code number is decoded to.
    private let outputs: [Int]

    private static let segmentEnds = [31, 95, 223, 479, 991, 2015, 4063, 8159]

    /// Writes the table out.
    init() {
        // The lowest interval has half the width of the fifteen that follow it.
        var decisions = [0] + stride(from: 1, to: 31, by: 2)
        for (start, end) in zip(Self.segmentEnds, Self.segmentEnds.dropFirst()) {
            decisions += stride(from: start, to: end, by: (end - start) / 16)
        }
        // Code number n stands for the magnitudes from decision value n up to the next.
        let intervals = zip(decisions, decisions.dropFirst() + [Self.segmentEnds[7]])
        outputs = [0] + intervals.dropFirst().map { ($0 + $1) / 2 }
        numbers = intervals.enumerated().flatMap { Array(repeating: $0, count: $1.1 - $1.0) }
    }

    /// The 16-bit sample of a code.
    func sample(of code: UInt8) -> Int16 {
        // On the wire all bits are inverted: 0xFF is number 0 with a positive sign, 0x7F the same with a negative one.
        code >= 0x80 ? Int16(4 * outputs[0xFF - Int(code)]) : Int16(-4 * outputs[0x7F - Int(code)])
    }

    /// The code of a 16-bit sample, rounded down to 14 bits.
    func code(of sample: Int16) -> UInt8 {
        let value = Int((Double(sample) / 4).rounded(.down))
        let number = numbers[min(abs(value), numbers.count - 1)]
        return UInt8((value < 0 ? 0x7F : 0xFF) - number)
    }
}
