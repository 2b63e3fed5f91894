/// Sums over samples: the inner loops of the search for an echo.
enum Correlation {
    /// The sum of the squares of all samples.
    static func energy(_ samples: [Float]) -> Float { product(samples, 0, samples, 0, samples.count) }

    /// The sum of the squares of some samples.
    static func energy(_ samples: [Float], in range: Range<Int>) -> Float {
        product(samples, range.lowerBound, samples, range.lowerBound, range.count)
    }

    /// What is left of each sample when another has been taken from it.
    static func difference(_ samples: [Float], _ others: [Float]) -> [Float] { zip(samples, others).map { $0 - $1 } }

    /// The sum of products of `count` samples of each, from a place on.
    static func product(_ first: [Float], _ firstStart: Int, _ second: [Float], _ secondStart: Int, _ count: Int) -> Float {
        precondition(firstStart >= 0 && secondStart >= 0 && firstStart + count <= first.count && secondStart + count <= second.count, "out of bounds")
        return first.withUnsafeBufferPointer { first in
            second.withUnsafeBufferPointer { second in
                guard let first = first.baseAddress, let second = second.baseAddress else { return 0 }
                // Four sums, because one would wait for itself.
                var (sum0, sum1, sum2, sum3): (Float, Float, Float, Float) = (0, 0, 0, 0)
                var left = first + firstStart
                var right = second + secondStart
                var remaining = count
                while remaining >= 4 {
                    sum0 += left[0] * right[0]
                    sum1 += left[1] * right[1]
                    sum2 += left[2] * right[2]
                    sum3 += left[3] * right[3]
                    left += 4
                    right += 4
                    remaining -= 4
                }
                while remaining > 0 {
                    sum0 += left[0] * right[0]
                    left += 1
                    right += 1
                    remaining -= 1
                }
                return (sum0 + sum1) + (sum2 + sum3)
            }
        }
    }
}
