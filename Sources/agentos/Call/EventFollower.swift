import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1

/// Follows a session's events on the server's event stream.
struct EventFollower: Sendable {
    let webhook: String
    /// The token, and where it is from.
    let access: EventAccess
    let session: String
    /// How the server is reached.
    let settings: HTTPClient.Configuration
    /// Takes the reason, once, if there are no events.
    let warn: @Sendable (String) -> Void

    /// Gives each event's JSON until the session has stopped.
    ///
    /// The webhook, which is on its way at the same time, creates the session; until then the server answers 404. If the server goes away, the
    /// follower asks again from the last event on.
    func follow(_ take: @escaping @Sendable (String) -> Void) async throws {
        guard let token = access.token else { return warn(access.note) }
        guard let base = webhook.range(of: "/api/").map({ webhook[..<$0.lowerBound] }) else {
            return warn("the words are not shown: the webhook's URL has no /api/ in it, behind which the server's events are")
        }
        var request = HTTPClientRequest(url: "\(base)/api/voice/sessions/\(session)/events")
        request.headers.add(name: "Authorization", value: "Bearer \(token)")
        try await HTTPClient.withHTTPClient(configuration: settings) { http in
            var last = 0
            while !Task.isCancelled {
                if last > 0 { request.headers.replaceOrAdd(name: "Last-Event-ID", value: "\(last)") }
                do {
                    let response = try await http.execute(request, deadline: .distantFuture)
                    switch response.status {
                    case .ok: return try await read(response.body, last: &last, take)
                    case .noContent: return
                    case .notFound: break
                    case .unauthorized, .forbidden:
                        return warn("the words are not shown: the server does not accept the API token from \(access.note); give --api-token")
                    case let status:
                        return warn("the words are not shown: the server's event stream answered HTTP \(status.code)")
                    }
                } catch let error as CancellationError {
                    throw error
                } catch {
                    // The server is away; whether for good the call itself finds out.
                }
                try await Task.sleep(for: .milliseconds(50))
            }
        }
    }

    private func read(_ body: HTTPClientResponse.Body, last: inout Int, _ take: (String) -> Void) async throws {
        var pending = ByteBuffer()
        for try await var chunk in body {
            pending.writeBuffer(&chunk)
            while let end = pending.readableBytesView.firstIndex(of: UInt8(ascii: "\n")) {
                let line = pending.readString(length: end - pending.readerIndex) ?? ""
                pending.moveReaderIndex(forwardBy: 1)
                if line.hasPrefix("id: "), let id = Int(line.dropFirst("id: ".count)) { last = id }
                if line.hasPrefix("data: ") { take(String(line.dropFirst("data: ".count))) }
            }
        }
    }
}
