/// Holds everybody back until all have come.
actor Meeting {
    private let size: Int
    private var waiting: [AsyncStream<Void>.Continuation] = []

    /// Makes a meeting of so many.
    init(of size: Int) { self.size = size }

    /// Returns once all have come, or the task is cancelled.
    func join() async {
        let (start, continuation) = AsyncStream.makeStream(of: Void.self)
        waiting.append(continuation)
        if waiting.count == size { waiting.forEach { $0.finish() } }
        for await _ in start {}
    }
}
