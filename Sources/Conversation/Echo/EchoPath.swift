/// How the agent's voice comes back on one line: a delay and, round it, a short filter.
///
/// The filter is the least-squares fit to the echo heard lately. Sums over a second or so are kept rather than the audio, so each frame of
/// pure echo makes it better.
struct EchoPath: Sendable {
    /// The filter's length, in samples at 8 kHz: 5 ms, where most of a line's echo lies.
    static let taps = 40
    /// As many of them come before ``lag``, since the loudest part of an echo is not its first.
    static let early = 12
    /// What is left of the sums after a frame of 20 ms.
    private static let memory: Float = 0.98
    /// How firmly the filter is held to what it was where the agent's voice tells nothing, as a share of its energy.
    private static let firmness: Float = 3e-3

    /// The delay of the echo's loudest part, in samples against the place where the audio was due.
    var lag: Int
    private(set) var response = [Float](repeating: 0, count: taps)
    /// Of the reference with itself, each tap with each.
    private var covariance = [Float](repeating: 0, count: taps * taps)
    /// Of the reference with the echo, for each tap.
    private var correlation = [Float](repeating: 0, count: taps)

    /// A plain copy, `gain` times as loud.
    init(lag: Int, gain: Float) {
        self.lag = lag
        response[Self.early] = gain
    }

    /// The reference that `count` samples of the caller's line from `start` on may hold echo of.
    func source(of count: Int, from start: Int, in reference: EchoReference) -> [Float] {
        reference.samples(from: start - lag + Self.early - (Self.taps - 1), count: count + Self.taps - 1)
    }

    /// The echo of a source.
    func echo(of source: [Float]) -> [Float] {
        let reversed = Array(response.reversed())
        return (0..<source.count - (Self.taps - 1)).map { Correlation.product(source, $0, reversed, 0, Self.taps) }
    }

    /// Learns from a stretch of the caller's line that holds little but the echo of `source`.
    mutating func learn(_ heard: [Float], source: [Float]) {
        let (taps, last, count) = (Self.taps, Self.taps - 1, heard.count)
        for index in covariance.indices { covariance[index] *= Self.memory }
        var row = [Float](repeating: 0, count: taps)
        for tap in 0..<taps {
            correlation[tap] = correlation[tap] * Self.memory + Correlation.product(heard, 0, source, last - tap, count)
            row[tap] = Correlation.product(source, last, source, last - tap, count)
        }
        source.withUnsafeBufferPointer { source in
            covariance.withUnsafeMutableBufferPointer { covariance in
                for distance in 0..<taps {
                    // Each next entry on a diagonal is the one before, one sample earlier.
                    var sum = row[distance]
                    covariance[distance] += sum
                    for first in 1..<max(1, taps - distance) {
                        let second = first + distance
                        sum += source[last - first] * source[last - second] - source[last - first + count] * source[last - second + count]
                        covariance[first * taps + second] += sum
                    }
                }
            }
        }
        solve()
    }

    /// Moves the filter to where it leaves least of the echo.
    private mutating func solve() {
        let taps = Self.taps
        // What is sought is the change: what the filter there is leaves of the correlation.
        var wanted = correlation
        for row in 0..<taps {
            for column in 0..<taps { wanted[row] -= covariance[min(row, column) * taps + max(row, column)] * response[column] }
        }
        let factor = Self.factor(of: covariance, plus: covariance[0] * Self.firmness + 1)
        let change = Self.solution(of: wanted, factor: factor)
        for index in 0..<taps { response[index] += change[index] }
    }

    /// The lower triangle whose product with its transpose is a symmetric matrix, given by its upper half, with `held` added to the diagonal (Cholesky).
    private static func factor(of matrix: [Float], plus held: Float) -> [Float] {
        var factor = [Float](repeating: 0, count: taps * taps)
        for row in 0..<taps {
            for column in 0..<row {
                let sum = matrix[column * taps + row] - Correlation.product(factor, row * taps, factor, column * taps, column)
                factor[row * taps + column] = sum / factor[column * taps + column]
            }
            let rest = matrix[row * taps + row] + held - Correlation.product(factor, row * taps, factor, row * taps, row)
            // Rounding must not bring it to nothing.
            factor[row * taps + row] = max(rest, held * 0.1).squareRoot()
        }
        return factor
    }

    /// Solves the equations of a matrix given by its lower triangle.
    private static func solution(of wanted: [Float], factor: [Float]) -> [Float] {
        var solution = wanted
        for row in 0..<taps {
            solution[row] = (solution[row] - Correlation.product(factor, row * taps, solution, 0, row)) / factor[row * taps + row]
        }
        for row in (0..<taps).reversed() {
            solution[row] /= factor[row * taps + row]
            for above in 0..<row { solution[above] -= factor[row * taps + above] * solution[row] }
        }
        return solution
    }
}
