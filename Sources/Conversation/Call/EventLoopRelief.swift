/// Does work on the process's shared threads, whichever thread asks for it.
///
/// A call lives on the event loop of its connection, which carries the audio of other calls, too. JSON, regular expressions, files and the preparation
/// of requests do not run there.
@concurrent
package func offEventLoop<Value: Sendable, Failure: Error>(
    _ work: @escaping @Sendable () async throws(Failure) -> Value
) async throws(Failure) -> Value {
    try await work()
}

/// Makes and reads a stream on the process's shared threads; see ``offEventLoop(_:)``.
func streamOffEventLoop<Element: Sendable>(
    _ make: @escaping @Sendable () -> AsyncThrowingStream<Element, any Error>
) -> AsyncThrowingStream<Element, any Error> {
    let source = StreamSource(make)
    return AsyncThrowingStream { try await offEventLoop { () async throws in try await source.next() } }
}

/// A stream that is made when its first element is wanted.
private actor StreamSource<Element: Sendable> {
    private let make: @Sendable () -> AsyncThrowingStream<Element, any Error>
    private var stream: AsyncThrowingStream<Element, any Error>?

    init(_ make: @escaping @Sendable () -> AsyncThrowingStream<Element, any Error>) { self.make = make }

    func next() async throws -> Element? {
        let stream = stream ?? make()
        self.stream = stream
        // All iterators of a stream take from the same elements.
        var iterator = stream.makeAsyncIterator()
        return try await iterator.next(isolation: self)
    }
}
