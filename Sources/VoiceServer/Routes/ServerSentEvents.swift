import Conversation
import HTTPTypes
import Hummingbird
import NIOCore
import ServiceLifecycle

/// Event streams over HTTP (the HTML standard's server-sent events).
enum ServerSentEvents {
    /// The query parameters that event streams know.
    static let parameters = ["from", "last_event_id"]

    /// Where a stream begins.
    enum Beginning: Equatable {
        /// With the first event.
        case first
        /// With what happens next.
        case now
        /// With the event after this number, the last one that the client has seen.
        case after(Int)

        /// Reads `Last-Event-ID` or, where headers cannot be set, `last_event_id`; they come before `from`.
        init(_ request: Request) throws(Problem) {
            let query = request.uri.queryParameters
            if let last = request.headers[.lastEventID] ?? query["last_event_id"].map(String.init), !last.isEmpty {
                guard let number = Int(last), number >= 0 else {
                    throw Problem(.badParameter, "Last-Event-ID and last_event_id must be the number of an event, such as 42")
                }
                self = .after(number)
                return
            }
            switch query["from"] {
            case nil: self = .first
            case "now": self = .now
            default: throw Problem(.badParameter, "from must be now; leave it out to begin with the first event")
            }
        }

        /// The number after which events are sent, if the newest one has the number `newest`.
        func number(newest: Int) -> Int {
            switch self {
            case .first: 0
            case .now: newest
            // A number from before the data directory was replaced would wait for ever.
            case .after(let number): min(number, newest)
            }
        }
    }

    /// Streams events until their session has stopped, the client leaves or the server shuts down.
    static func response(_ events: EventSubscription, numberedBy number: any KeyPath<StoredEvent, Int> & Sendable) -> Response {
        let body = ResponseBody { writer in
            // Headers reach the client at once, also when nothing has happened yet.
            try await writer.write(ByteBuffer(string: ": events\n\n"))
            for try await news in events.cancelOnGracefulShutdown() {
                switch news {
                case .heartbeat:
                    try await writer.write(ByteBuffer(string: ": alive\n\n"))
                case .event(let event):
                    try await writer.write(ByteBuffer(string: "id: \(event[keyPath: number])\ndata: \(event.json)\n\n"))
                    if events.session != nil, event.type == EventJSON.type(of: .call(.stopped(reason: ""))) { return try await writer.finish(nil) }
                }
            }
            try await writer.finish(nil)
        }
        return Response(status: .ok, headers: [.contentType: "text/event-stream", .cacheControl: "no-store"], body: body)
    }
}

extension HTTPField.Name {
    /// `Last-Event-ID`.
    fileprivate static var lastEventID: Self {
        guard let field = Self("Last-Event-ID") else { preconditionFailure("Last-Event-ID is a token") }
        return field
    }
}
