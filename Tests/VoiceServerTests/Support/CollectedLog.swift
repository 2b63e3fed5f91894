import Logging
import Synchronization

/// A log that keeps its messages.
struct CollectedLog: LogHandler {
    private final class Lines: Sendable {
        let all = Mutex<[String]>([])
    }

    private let lines = Lines()
    private let news = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
    var metadata: Logger.Metadata = [:]
    var logLevel = Logger.Level.info

    /// The messages so far.
    var messages: [String] { lines.all.withLock { $0 } }

    /// Tells that there may be new messages; for one reader at a time.
    var changes: AsyncStream<Void> { news.stream }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        lines.all.withLock { $0.append("\(event.message)") }
        news.continuation.yield()
    }
}
