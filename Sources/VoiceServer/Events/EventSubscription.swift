import Conversation

/// Events from a given number on: those in the store, then those that follow, each once and in order.
struct EventSubscription: AsyncSequence, Sendable {
    /// What is heard.
    enum Element: Sendable, Equatable {
        case event(StoredEvent)
        /// Nothing has happened for a while.
        case heartbeat
    }

    let store: any CallStore
    let hub: EventHub
    let session: String?
    let after: Int

    func makeAsyncIterator() -> Iterator {
        // Listening begins before the store is read, so nothing falls between the two.
        Iterator(store: store, session: session, last: after, live: hub.listen(to: session).makeAsyncIterator())
    }

    /// Reads the store page by page until it is level with the present, then listens.
    struct Iterator: AsyncIteratorProtocol {
        static let pageSize = 200

        let store: any CallStore
        let session: String?
        /// The number of the event given last: `seq` within a session, `position` among all.
        var last: Int
        var live: AsyncStream<EventHub.News>.Iterator
        var page: ArraySlice<StoredEvent> = []
        var isLive = false

        mutating func next() async throws -> Element? {
            if !isLive, page.isEmpty {
                page = try await readPage()[...]
                isLive = page.isEmpty
            }
            if let event = page.popFirst() { return give(event) }
            while let news = await live.next(isolation: #isolation) {
                switch news {
                case .heartbeat: return .heartbeat
                case .event(let event) where number(event) <= last: continue
                case .event(let event):
                    // Another server's events come by way of others that may have been missed; the store has them all.
                    guard session != nil, event.seq > last + 1, case let missed = try await readPage(), !missed.isEmpty else { return give(event) }
                    page = missed[...]
                    isLive = false
                    return try await next()
                }
            }
            return nil
        }

        private mutating func give(_ event: StoredEvent) -> Element {
            last = number(event)
            return .event(event)
        }

        private func number(_ event: StoredEvent) -> Int {
            session == nil ? event.position : event.seq
        }

        private func readPage() async throws -> [StoredEvent] {
            guard let session else { return try await store.events(after: last, limit: Self.pageSize) }
            return try await store.events(of: session, after: last, limit: Self.pageSize)
        }
    }
}
