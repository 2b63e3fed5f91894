/// Tells a writer that something waits to be written: at once, or within ``patience``, by when more may have come that is written with it.
struct WriteSignal: Sendable {
    /// How long something may wait that is written ``soon()``.
    static let patience = Duration.milliseconds(30)

    private let urgent: AsyncStream<Void>
    private let urgentTeller: AsyncStream<Void>.Continuation
    private let ripening: AsyncStream<Void>
    private let ripeningTeller: AsyncStream<Void>.Continuation

    /// Makes a signal that has not been given.
    init() {
        (urgent, urgentTeller) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
        (ripening, ripeningTeller) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    /// Has what waits written as soon as the writer is free.
    func now() { urgentTeller.yield() }

    /// Has what waits written within ``patience``.
    func soon() { ripeningTeller.yield() }

    /// Ends ``serve(_:)``.
    func finish() {
        urgentTeller.finish()
        ripeningTeller.finish()
    }

    /// Calls `write` whenever something waits, until ``finish()``.
    func serve(_ write: () async -> Void) async {
        await withDiscardingTaskGroup { group in
            group.addTask {
                for await _ in ripening where (try? await Task.sleep(for: Self.patience)) != nil { now() }
            }
            for await _ in urgent { await write() }
            group.cancelAll()
        }
    }
}
