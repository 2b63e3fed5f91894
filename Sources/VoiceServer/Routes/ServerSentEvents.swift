import Conversation
import HTTPTypes
import Hummingbird
import NIOCore
import ServiceLifecycle

/// Event streams over HTTP (the HTML standard's server-sent events).
enum ServerSentEvents {
    /// The number after which the client wants to go on, from `Last-Event-ID` or, where headers cannot be set, `last_event_id`.
    static func lastEventID(_ request: Request) -> Int? {
        request.headers[.lastEventID].flatMap { Int($0) } ?? request.uri.queryParameters["last_event_id"].flatMap { Int($0) }
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
