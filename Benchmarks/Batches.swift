import Synchronization

/// Measures small computations: many times in a batch, many batches, CPU time of this thread.
enum Batches {
    private static let sink = Atomic<UInt>(0)

    /// Measures `body`, which does `units` units of work each time it runs.
    ///
    /// A first batch warms up and finds how many runs make one.
    /// - Returns: for each batch, the CPU time of one unit in `unit`, of which `nsPerUnit` ns make one.
    static func measure(
        _ name: String,
        _ unit: String,
        nsPerUnit: Double,
        units: Double = 1,
        _ plan: Plan,
        _ body: () throws -> Void
    ) rethrows -> Row {
        var runs = 1
        while try time(runs, body) < plan.batchNs { runs *= 2 }
        let values = try (0..<plan.batches).map { _ in
            Double(try time(runs, body)) / (Double(runs) * units * nsPerUnit)
        }
        return Row(name, unit, values)
    }

    /// Takes a result, so that the compiler cannot leave out what makes it.
    @inline(never)
    static func keep<Value: ~Copyable>(_ value: borrowing Value) {
        withUnsafePointer(to: value) { sink.store(UInt(bitPattern: $0), ordering: .relaxed) }
    }

    private static func time(_ runs: Int, _ body: () throws -> Void) rethrows -> Int {
        let start = CPUClock.threadNs
        for _ in 0..<runs { try body() }
        return CPUClock.threadNs - start
    }
}
