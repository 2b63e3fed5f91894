import Synchronization

/// What waits for one reader, in order; putting something in never waits.
///
/// The reader takes all that is there at once, so that a socket's writer flushes once. `AsyncStream` gives one element at a time.
final class Mailbox<Element: Sendable>: Sendable {
    private struct State {
        var waiting: [Element] = []
        var isEnded = false
        var reader: CheckedContinuation<Void, Never>?
    }

    private let limit: Int
    private let state = Mutex(State())

    /// Makes an empty one; no more than `limit` elements wait.
    init(limit: Int = .max) {
        self.limit = limit
    }

    /// How many elements wait.
    var count: Int { state.withLock(\.waiting.count) }

    /// Puts an element behind those that wait.
    ///
    /// After the end it is dropped.
    ///
    /// - Returns: false if the mailbox is full.
    func put(_ element: Element) -> Bool {
        change { state in
            guard !state.isEnded else { return true }
            guard state.waiting.count < limit else { return false }
            state.waiting.append(element)
            return true
        }
    }

    /// Lets nothing more in; what waits can still be taken.
    func end() {
        change { $0.isEnded = true }
    }

    /// Everything that waits, as soon as there is something; for one reader.
    ///
    /// - Returns: nil after the end, and once the task is cancelled.
    func next() async -> [Element]? {
        await withTaskCancellationHandler {
            while !Task.isCancelled {
                let (waiting, isEnded) = state.withLock { state in
                    defer { state.waiting = [] }
                    return (state.waiting, state.isEnded)
                }
                if !waiting.isEmpty { return waiting }
                if isEnded { return nil }
                await something()
            }
            return nil
        } onCancel: {
            change { _ in }
        }
    }

    /// Waits for an element, the end or the task's cancellation.
    private func something() async {
        await withCheckedContinuation { continuation in
            let isThere = state.withLock { state in
                let isThere = !state.waiting.isEmpty || state.isEnded || Task.isCancelled
                if !isThere { state.reader = continuation }
                return isThere
            }
            if isThere { continuation.resume() }
        }
    }

    /// Changes the state and has the reader look at it.
    private func change<Result>(_ body: (inout State) -> Result) -> Result {
        let (result, reader) = state.withLock { state in
            let result = body(&state)
            defer { state.reader = nil }
            return (result, state.reader)
        }
        reader?.resume()
        return result
    }
}
